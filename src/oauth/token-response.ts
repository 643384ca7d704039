/**
 * Reads a token out of an HTTP answer. Lenient where real servers deviate from RFC 6749 §5 and nothing is lost by it,
 * strict where a wrong guess would send rubbish as a credential. Pure: no I/O, no state.
 */

import { ConfigurationError, TokenEndpointError, type TokenEndpointErrorOptions } from '../errors.ts';
import { type KeyNames, type KeyPath, keyPath } from '../key-path.ts';
import { printable, printableName } from '../secrets/printable.ts';
import { parseRetryAfter } from '../tokens/back-off.ts';
import { understandErrors } from '../tokens/oauth-errors.ts';
import type { Token } from '../tokens/token.ts';
import { readExpiry } from './expiry.ts';
import { beginningOf, reasonOf } from './server-reason.ts';

/** What a token endpoint answered. */
export interface TokenResponse {
  /** The endpoint, as errors may name it. */
  readonly endpoint: string;
  readonly status: number;
  readonly headers: { get(name: string): string | null };
  readonly text: string;
  /** In milliseconds since the epoch: lifetimes count from here. */
  readonly receivedAt: number;
  /** What was asked for, as errors name it. Default: `token`. */
  readonly wanted?: string;
}

/** Where a response holds the token and its lifetime. */
export interface TokenResponseOptions {
  /**
   * Where the response holds the token: names of properties, separated by dots, or a list of names where one of them
   * contains a dot. Default: `access_token`.
   */
  readonly tokenKey?: KeyNames;
  /**
   * Where the response holds the lifetime, as in `tokenKey`: in seconds, or a point in time under a name like
   * `expires_at`. Default: `expires_in`.
   */
  readonly expiresInKey?: KeyNames;
  /**
   * Where the response holds the refresh token, as in `tokenKey`, such as `authed_user.refresh_token`. Default:
   * `refresh_token`.
   */
  readonly refreshTokenKey?: KeyNames;
  /** Where the response holds the granted scope, as in `tokenKey`. Default: `scope`. */
  readonly scopeKey?: KeyNames;
  /** The separator of the granted scope, such as `,`. Default: a space. */
  readonly scopeSeparator?: string;
  /**
   * Token types that count as `Bearer`, in any case, such as `bot`, `BearerToken` or `JWT`; an empty text allows an
   * empty type. Does not apply to tokens that must be bound to a key. Default: none.
   */
  readonly tokenTypes?: string | readonly string[];
  /** `'dynamic'`: the response says how long the token lives. `'static'`: always `ttlMs`. Default: `'dynamic'`. */
  readonly expiry?: 'dynamic' | 'static';
  /**
   * The lifetime of a token, in milliseconds: always when static; when dynamic, where the response names none. Default:
   * none, the token is used until it is refused.
   */
  readonly ttlMs?: number;
}

export interface TokenReaderOptions extends TokenResponseOptions {
  /** The answer may call the token's type whatever it likes: the format decides. */
  readonly anyTokenType?: boolean;
  /** The token must be bound to a key (RFC 9449 §5). */
  readonly bound?: boolean;
}

/** @throws {@link TokenEndpointError} for every answer that holds no token. */
export type TokenReader = (response: TokenResponse, issuedTokenType?: string) => Token;

/**
 * Compiles the options into a reader.
 *
 * @throws {@link ConfigurationError} naming the option that is wrong.
 */
export function tokenReader(options: TokenReaderOptions = {}): TokenReader {
  const { tokenKey = 'access_token', expiresInKey = 'expires_in', anyTokenType = false, bound = false } = options;
  const { refreshTokenKey = 'refresh_token', scopeKey = 'scope', scopeSeparator = ' ', tokenTypes = [] } = options;
  if (scopeSeparator === '') {
    throw new ConfigurationError("option 'scopeSeparator' must not be empty.", { option: 'scopeSeparator' });
  }
  understandErrors();
  const readToken = keyPath(tokenKey, 'tokenKey');
  const readRefreshToken = keyPath(refreshTokenKey, 'refreshTokenKey');
  const readScope = keyPath(scopeKey, 'scopeKey');
  const bearers = ['bearer', ...[tokenTypes].flat().map((name) => name.toLowerCase())];
  const expiresAt = lifetimeReader(options, expiresInKey, keyPath(expiresInKey, 'expiresInKey'));
  return (response, issued) => {
    const body = readBody(response);
    const own = (name: string) => (Object.hasOwn(body, name) ? body[name] : undefined);
    if (issued !== undefined) checkIssuedType(own('issued_token_type'), issued, response);
    const expiry = expiresAt(body, response.receivedAt);
    const [refreshToken, idToken] = [text(readRefreshToken(body)), text(own('id_token'))];
    const scope = words(readScope(body), scopeSeparator);
    return {
      accessToken: accessToken(readToken(body), [tokenKey].flat().join('.'), response, body),
      tokenType: anyTokenType ? 'Bearer' : tokenType(own('token_type'), response, { bound, issued, bearers }),
      ...(expiry !== undefined && { expiresAt: expiry }),
      ...(refreshToken !== undefined && { refreshToken }),
      ...(idToken !== undefined && { idToken }),
      ...(scope !== undefined && { scope }),
    };
  };
}

/** RFC 8693 §3: an access token, whatever it looks like. */
export const ACCESS_TOKEN_TYPE = 'urn:ietf:params:oauth:token-type:access_token';
const JWT_TYPE = 'urn:ietf:params:oauth:token-type:jwt';

/** The response to a request for an access token may name the token's format instead. */
function checkIssuedType(value: unknown, wanted: string, response: TokenResponse): void {
  if (value === wanted || (value === JWT_TYPE && wanted === ACCESS_TOKEN_TYPE)) return;
  throw malformed(response, `its 'issued_token_type' is not ${wanted}`);
}

function lifetimeReader(options: TokenResponseOptions, key: KeyNames, read: KeyPath) {
  const { expiry = 'dynamic', ttlMs } = options;
  if (expiry === 'static' && ttlMs === undefined) {
    throw new ConfigurationError("option 'ttlMs' must be a positive number of milliseconds.", { option: 'ttlMs' });
  }
  const name = (typeof key === 'string' ? key.split('.') : key).at(-1) ?? '';
  return (body: unknown, now: number): number | undefined => {
    const said = expiry === 'dynamic' ? readExpiry(read(body), name, now) : undefined;
    return said ?? (ttlMs === undefined ? undefined : now + ttlMs);
  };
}

/**
 * The fields of an answer that holds what was asked for; every other answer is an error.
 *
 * @throws {@link TokenEndpointError}
 */
export function readBody(response: TokenResponse): Readonly<Record<string, unknown>> {
  if (isRedirect(response.status)) throw httpStatus(response, 'Its redirects are never followed.');
  const body = parse(response);
  if (body !== undefined && Object.hasOwn(body, 'error')) throwOAuthError(response, body);
  if (response.status < 200 || response.status > 299) throw refused(response, body);
  if (body === undefined) {
    throw malformed(response, `the response is neither a JSON object nor a form, but ${beginningOf(response)}`);
  }
  return body;
}

/** Browsers hide redirects that weren't followed behind the status 0. */
export function isRedirect(status: number): boolean {
  return status === 0 || (status >= 300 && status <= 399);
}

/** The body decides, then its content type: many servers send JSON as text/plain or HTML as JSON. */
function parse(response: TokenResponse): Readonly<Record<string, unknown>> | undefined {
  const body = response.text.replace(/^\ufeff/, '');
  const json = parseJson(body);
  if (json !== undefined) return typeof json === 'object' && !Array.isArray(json) ? (json ?? undefined) : undefined;
  const type = response.headers.get('content-type') ?? '';
  const isForm = /^\s*application\/x-www-form-urlencoded\b/i.test(type);
  if (!isForm && !/^\s*[\w.-]+=/.test(body)) return undefined;
  return Object.fromEntries(new URLSearchParams(body.trim()));
}

/** `undefined` for what isn't JSON. The error is dropped: it quotes the text. */
function parseJson(body: string): Readonly<Record<string, unknown>> | null | undefined {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}

function accessToken(value: unknown, key: string, response: TokenResponse, body: unknown): string {
  if (typeof value === 'string' && /^[\x20-\x7e]+$/.test(value)) return value;
  if (value !== undefined) throw malformed(response, `its '${key}' is not printable ASCII text`);
  const said = reasonOf(body);
  throw malformed(response, `it has no '${key}'${said === undefined ? '' : `, but says: ${printable(said)}`}`);
}

interface ExpectedType {
  readonly bound: boolean;
  readonly issued: string | undefined;
  /** In lower case. */
  readonly bearers: readonly string[];
}

/** RFC 8693 §2.2.1: `N_A` is the type of what is no access token; how to present it the format says. */
function tokenType(value: unknown, response: TokenResponse, { bound, issued, bearers }: ExpectedType): string {
  const name = typeof value === 'string' ? value.toLowerCase() : (value ?? 'bearer');
  if (bound && name === 'dpop') return 'DPoP';
  if (bound) throw malformed(response, "its 'token_type' is not DPoP: it is bound to no key, and was discarded");
  if (typeof name === 'string' && bearers.includes(name)) return 'Bearer';
  if (name === 'n_a' && issued !== undefined && issued !== ACCESS_TOKEN_TYPE) return 'Bearer';
  const found = typeof name === 'string' ? `'${printableName(name)}'` : 'no text';
  throw malformed(response, `its 'token_type' is ${found}, not Bearer (option 'tokenTypes' allows others)`);
}

/** Text that is not empty. */
export function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** Later names are left out: scopes are compared with each other. */
const MOST_SCOPES = 1000;

function words(value: unknown, separator: string): readonly string[] | undefined {
  const list: readonly unknown[] =
    typeof value === 'string' ? value.split(separator) : Array.isArray(value) ? value : [];
  const found = list.filter((word): word is string => typeof word === 'string' && word !== '');
  return found.length === 0 ? undefined : found.slice(0, MOST_SCOPES);
}

function throwOAuthError(response: TokenResponse, body: Readonly<Record<string, unknown>>): void {
  const error = text(body.error);
  if (error === undefined) return;
  const description = reasonOf(body);
  throw failure(response, printable(description === undefined ? error : `${error}: ${description}`), {
    kind: 'oauth-error',
    error: printable(error),
    ...(description !== undefined && { errorDescription: printable(description) }),
  });
}

/** An answer that says no, in a form of its own. */
function refused(response: TokenResponse, body: Readonly<Record<string, unknown>> | undefined): TokenEndpointError {
  if (body === undefined) return httpStatus(response, response.text === '' ? '' : `It said ${beginningOf(response)}`);
  const said = reasonOf(body);
  if (said === undefined) return httpStatus(response);
  const errorDescription = printable(said);
  return failure(response, `HTTP status ${response.status}: ${errorDescription}`, {
    kind: 'http-status',
    errorDescription,
  });
}

function httpStatus(response: TokenResponse, hint = ''): TokenEndpointError {
  return failure(response, `HTTP status ${response.status}. ${hint}`.trim(), { kind: 'http-status' });
}

/** An answer that cannot be what was asked for. */
export function malformed(response: TokenResponse, reason: string): TokenEndpointError {
  return failure(response, `${reason} (HTTP status ${response.status})`, { kind: 'malformed' });
}

/** An answer that is an error, and when the server may be asked again. */
export function failure(
  response: TokenResponse,
  reason: string,
  options: TokenEndpointErrorOptions,
): TokenEndpointError {
  const retryAt = parseRetryAfter(response.headers.get('retry-after'), response.receivedAt);
  return new TokenEndpointError(`${response.endpoint} gave no ${response.wanted ?? 'token'}: ${reason}`, {
    ...options,
    status: response.status,
    ...(retryAt !== undefined && { retryAt }),
  });
}
