/**
 * Reads a token out of an HTTP answer. Lenient where real servers deviate from RFC 6749 §5 and nothing is lost by it,
 * strict where a wrong guess would send rubbish as a credential. Pure: no I/O, no state.
 */

import { ConfigurationError, TokenEndpointError, type TokenEndpointErrorOptions } from '../errors.ts';
import { type KeyNames, keyPath, ownProperty } from '../key-path.ts';
import { printable, printableName } from '../secrets/printable.ts';
import { parseRetryAfter } from '../tokens/back-off.ts';
import { understandErrors } from '../tokens/oauth-errors.ts';
import type { Token } from '../tokens/token.ts';
import { readExpiry } from './expiry.ts';
import { present } from './present.ts';
import { beginningOf, reasonOf } from './server-reason.ts';
import { snakeCase } from './snake-case.ts';

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

/**
 * Where a response holds a value: names of properties, separated by dots; a list of names where one of them contains a dot;
 * a header; or the whole body, as text.
 */
export type ResponsePlace =
  | KeyNames
  | {
      /** The name of a response header. */
      readonly header: string;
    }
  | {
      /** The whole body is the value. */
      readonly body: 'text';
    };

/** Where a response holds the token, and all that is said of it. */
export interface TokenResponseOptions {
  /** Where the response holds the token. Default: `access_token`. */
  readonly tokenKey?: ResponsePlace;
  /** Where the response holds the type of the token. Default: `token_type`. */
  readonly tokenTypeKey?: ResponsePlace;
  /**
   * Where the response holds the lifetime: in seconds, or a point in time under a name like `expires_at`. Default:
   * `expires_in`.
   */
  readonly expiresInKey?: ResponsePlace;
  /** What the response counts the lifetime in. Default: `'seconds'`. */
  readonly expiresInUnit?: 'seconds' | 'milliseconds';
  /** Where the response holds the refresh token, such as `authed_user.refresh_token`. Default: `refresh_token`. */
  readonly refreshTokenKey?: ResponsePlace;
  /** Where the response holds the granted scope. Default: `scope`. */
  readonly scopeKey?: ResponsePlace;
  /** The separator of the granted scope, such as `,`. Default: a space. */
  readonly scopeSeparator?: string;
  /** Where the response holds the code of an error: text, or a number other than 0. Default: `error`. */
  readonly errorKey?: ResponsePlace;
  /** Where the response holds the description of an error. Default: `error_description`, and where others put it. */
  readonly errorDescriptionKey?: ResponsePlace;
  /**
   * Token types that count as `Bearer`, in any case, such as `bot`, `BearerToken` or `JWT`; an empty text allows an
   * empty type. Does not apply to tokens that must be bound to a key. Default: none; any type where the authenticator has
   * a `format`.
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

/**
 * @param check - Looks at the fields of an answer before anything else is read.
 * @throws {@link TokenEndpointError} for every answer that holds no token.
 */
export type TokenReader = (response: TokenResponse, check?: CheckAnswer) => Token;

/** Throws a {@link TokenEndpointError} for an answer that is not what was asked for. */
export type CheckAnswer = (body: Body, response: TokenResponse) => void;

type Body = Readonly<Record<string, unknown>>;
type Read = (body: unknown, response: TokenResponse) => unknown;

/** The options that are places. */
export const PLACES = [
  'tokenKey',
  'tokenTypeKey',
  'expiresInKey',
  'refreshTokenKey',
  'scopeKey',
  'errorKey',
  'errorDescriptionKey',
] as const;
type Readers = readonly [Read, Read, Read, Read, Read, Read, Read];

/**
 * Compiles the options into a reader.
 *
 * @param options - `anyTokenType` is looked at with each answer.
 * @throws {@link ConfigurationError} naming the option that is wrong.
 */
export function tokenReader(options: TokenReaderOptions = {}): TokenReader {
  const { tokenKey = 'access_token', scopeSeparator = ' ', tokenTypes = [] } = options;
  if (scopeSeparator === '') {
    throw new ConfigurationError("option 'scopeSeparator' must not be empty.", { option: 'scopeSeparator' });
  }
  understandErrors();
  const places = PLACES.map((option) => reading(options[option] ?? defaultPlace(option), option));
  const [readToken, readType, readExpiresIn, readRefreshToken, readScope, error, description] =
    places as unknown as Readers;
  const errors = { error, description, anyBody: typeof tokenKey === 'object' && !('length' in tokenKey) };
  const bearers = ['bearer', ...[tokenTypes].flat().map((name) => name.toLowerCase())];
  const expiresAt = lifetimeReader(options, readExpiresIn);
  return (response, check) => {
    const body = readBody(response, errors);
    check?.(body, response);
    return present({
      accessToken: accessToken(readToken(body, response), nameOf(tokenKey), response, body),
      tokenType: tokenType(readType(body, response), response, bearers, options),
      expiresAt: expiresAt(body, response),
      refreshToken: text(readRefreshToken(body, response)),
      idToken: text(ownProperty(body, 'id_token')),
      scope: words(readScope(body, response), scopeSeparator),
    });
  };
}

function defaultPlace(option: (typeof PLACES)[number]): string {
  return option === 'tokenKey' ? 'access_token' : snakeCase(option.slice(0, -'Key'.length));
}

function reading(place: ResponsePlace, option: string): Read {
  if (typeof place === 'string' || 'length' in place) return keyPath(place, option);
  const header = ownProperty(place, 'header') as string | undefined;
  return (_body, { headers, text }) => (header === undefined ? text.trim() : (headers.get(header) ?? undefined));
}

function nameOf(place: ResponsePlace): string {
  return typeof place === 'string' ? place : Object.values(place).join('.');
}

function lifetimeReader(options: TokenResponseOptions, read: Read) {
  const { expiry = 'dynamic', ttlMs, expiresInKey = 'expires_in', expiresInUnit } = options;
  if (expiry === 'static' && ttlMs === undefined) {
    throw new ConfigurationError("option 'ttlMs' is missing: expiry is static.", { option: 'ttlMs' });
  }
  return (body: unknown, response: TokenResponse): number | undefined => {
    const now = response.receivedAt;
    const value = expiry === 'dynamic' ? read(body, response) : undefined;
    const seconds = expiresInUnit === 'milliseconds' ? Number(value) / 1000 : value;
    return readExpiry(seconds, nameOf(expiresInKey), now) ?? (ttlMs === undefined ? undefined : now + ttlMs);
  };
}

/** How an answer says that it is an error. */
interface ErrorReading {
  /** Default: `error` of the body. */
  readonly error?: Read;
  /** Default: where several servers have it. */
  readonly description?: Read | undefined;
  /** The body may be anything: what was asked for is not in its fields. Default: `false`. */
  readonly anyBody?: boolean;
}

const ERROR: Read = (body) => ownProperty(body, 'error');

/**
 * The fields of an answer that holds what was asked for; every other answer is an error.
 *
 * @throws {@link TokenEndpointError}
 */
export function readBody(
  response: TokenResponse,
  { error = ERROR, description, anyBody }: ErrorReading = {},
): Readonly<Record<string, unknown>> {
  if (isRedirect(response.status))
    throw refused(response, {}, undefined, undefined, ' Its redirects are never followed.');
  const body = parse(response);
  const said = body && error(body, response);
  const code = typeof said === 'number' && said !== 0 ? `${said}` : text(said);
  const reason = text(description?.(body, response)) ?? reasonOf(body);
  if (code !== undefined || response.status < 200 || response.status > 299) throw refused(response, body, code, reason);
  if (body === undefined && !anyBody) {
    throw malformed(response, `the response is neither a JSON object nor a form, but ${beginningOf(response)}`);
  }
  return body ?? {};
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

/** @param bearers - In lower case. */
function tokenType(
  value: unknown,
  response: TokenResponse,
  bearers: readonly string[],
  { bound, anyTokenType }: TokenReaderOptions,
): string {
  const name = typeof value === 'string' ? value.toLowerCase() : (value ?? 'bearer');
  if (bound ? name === 'dpop' : anyTokenType || bearers.includes(name as string)) return bound ? 'DPoP' : 'Bearer';
  const found = typeof name === 'string' ? `'${printableName(name)}'` : 'no text';
  const wanted = bound ? 'DPoP' : "Bearer (option 'tokenTypes' allows others)";
  throw malformed(response, `its 'token_type' is ${found}, not ${wanted}`);
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

/** An answer that says no, by the standard or in a form of its own. */
function refused(
  response: TokenResponse,
  body: unknown,
  code: string | undefined,
  reason: string | undefined,
  hint = body || response.text === '' ? '' : ` It said ${beginningOf(response)}`,
): TokenEndpointError {
  const what = code ?? `HTTP status ${response.status}`;
  const otherwise = code === undefined ? `${what}.${hint}` : printable(what);
  return failure(response, reason === undefined ? otherwise : printable(`${what}: ${reason}`), {
    kind: code === undefined ? 'http-status' : 'oauth-error',
    ...present({ error: code && printable(code), errorDescription: reason && printable(reason) }),
  });
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
  return new TokenEndpointError(`${response.endpoint} gave no ${response.wanted ?? 'token'}: ${reason}`, {
    ...options,
    status: response.status,
    ...present({ retryAt: parseRetryAfter(response.headers.get('retry-after'), response.receivedAt) }),
  });
}
