import { ConfigurationError, CredentialError, isAuthError } from '../errors.ts';
import { assertHeaderName, assertHeaderValue } from '../header-value.ts';
import { jwtClaims } from '../jwt-claims.ts';
import { authenticatorShape } from '../lifecycle/authenticator-shape.ts';
import {
  Authenticator,
  type AuthenticatorOptions,
  type AuthRequest,
  type AuthResponse,
} from '../lifecycle/contract.ts';
import { chain, isPromise } from '../lifecycle/promises.ts';
import { anything, func, pickOptions, readOptions, type Shape, text } from '../options.ts';
import { IncomingCredentialError } from './forward/incoming-credential-error.ts';
import { RecentTokens } from './forward/recent-tokens.ts';

/** The request that is being served: node's `IncomingMessage`, a `Request`, or anything with headers like theirs. */
export interface IncomingLike {
  /** The headers of the request. */
  readonly headers: Headers | Readonly<Record<string, string | readonly string[] | undefined>>;
}

type Found = IncomingLike | undefined;

/**
 * Returns the request that is being served: a function, which may be async, or an `AsyncLocalStorage` that holds it.
 */
export type IncomingSource =
  | (() => IncomingLike | undefined | Promise<IncomingLike | undefined>)
  | {
      /** The method of `AsyncLocalStorage`. */
      getStore(): IncomingLike | undefined;
    };

/** Options of {@link AuthForward}. */
export interface AuthForwardOptions extends AuthenticatorOptions {
  /** Finds the request that is being served. It is asked for every request. */
  readonly incoming: IncomingSource;
  /** The header of the incoming request that holds the token. Default: `authorization`. */
  readonly header?: string;
  /** The header that carries the token on. Default: `authorization`. */
  readonly outgoingHeader?: string;
  /** How the token is sent on. Must hold `{}`. Default: `Bearer {}`. */
  readonly format?: string;
  /** The wall clock, in milliseconds since the epoch. Default: `Date.now`. */
  readonly now?: () => number;
}

const SHAPE: Shape<AuthForwardOptions> = {
  ...authenticatorShape,
  incoming: anything,
  header: text,
  outgoingHeader: text,
  format: text,
  now: func,
};

/**
 * Forwards the token of the request that is being served, so that a server calls others on behalf of its user. The
 * token is read for every request, never cached and never shared between users.
 *
 * @example
 * const served = new AsyncLocalStorage<IncomingMessage>();
 * const auth = new AuthForward({ incoming: served, header: 'x-foundry-accesstoken', origins: ['https://api.example.com'] });
 * createServer((req, res) => served.run(req, handle, req, res));
 * @throws {@link IncomingCredentialError} from a call whose incoming request brought no token that can be
 * forwarded: {@link unauthorized} turns it into a response. {@link CredentialError} where no request is being served.
 */
export class AuthForward extends Authenticator<string> {
  readonly #find: () => Found | Promise<Found>;
  readonly #header: string;
  readonly #outgoingHeader: string;
  readonly #format: readonly [before: string, after: string];
  readonly #now: () => number;
  readonly #accepted: RecentTokens;
  readonly #unverified: RecentTokens;

  constructor(given: AuthForwardOptions) {
    const options = (new.target === AuthForward ? readOptions : pickOptions)<AuthForwardOptions>(
      'AuthForward',
      given,
      SHAPE,
    );
    super(options);
    const { incoming, header = 'authorization', outgoingHeader = 'authorization', format = 'Bearer {}' } = options;
    this.#find = finder(incoming);
    assertHeaderName(header, 'header');
    assertHeaderName(outgoingHeader, 'outgoingHeader');
    this.#header = header.toLowerCase();
    this.#outgoingHeader = outgoingHeader;
    this.#format = splitFormat(format);
    this.#now = options.now ?? Date.now;
    const learn = (key: string) => (slot: number, token: string) => this.updateSecret(`${key}.${slot}`, token);
    this.#accepted = new RecentTokens(256, this.#now, learn('incoming'));
    this.#unverified = new RecentTokens(64, this.#now, learn('unverified'));
  }

  static override getName(): string {
    return 'AuthForward';
  }

  override authenticate(): string | Promise<string> {
    return chain(this.#incoming(), (incoming) => {
      const token = this.#token(incoming);
      this.#inspect(token);
      return this.#format.join(token);
    });
  }

  override modifyRequest(request: AuthRequest, value: string): void {
    request.headers.set(this.#outgoingHeader, value);
  }

  /** Nobody has verified the token but a server that accepts it. */
  override onAccepted(value: string, { status }: AuthResponse): void {
    if (status >= 400) return;
    const [before, after] = this.#format;
    const token = value.slice(before.length, value.length - after.length);
    if (mayBeSecret(token)) this.#accepted.add(token);
  }

  #incoming(): IncomingLike | Promise<IncomingLike> {
    const failed = (cause: unknown): never => {
      if (isAuthError(cause)) throw cause;
      throw new CredentialError("the incoming request is not available: option 'incoming' failed.", {
        cause: bareCause(cause),
      });
    };
    let found: Found | Promise<Found>;
    try {
      found = this.#find();
    } catch (cause) {
      return failed(cause);
    }
    return isPromise(found) ? found.then(present, failed) : present(found);
  }

  #token(incoming: IncomingLike): string {
    const value = readHeader(incoming.headers, this.#header);
    const token = value?.replace(BEARER, '').trim();
    if (!token) {
      const message = `the incoming request has no token in its header '${this.#header}'.`;
      throw new IncomingCredentialError(message, { reason: 'missing' });
    }
    const wrong = wrongIn(token);
    if (wrong === undefined) return token;
    const message = `the incoming request's header '${this.#header}' ${wrong}.`;
    throw new IncomingCredentialError(message, { reason: 'malformed' });
  }

  /**
   * A JWT is nothing that must stay readable in logs, so it is masked at once; any other text once a server has accepted
   * it.
   */
  #inspect(token: string): void {
    const claims = jwtClaims(token);
    if (claims === undefined) return;
    this.#unverified.add(token);
    if (typeof claims.exp !== 'number' || claims.exp * 1000 > this.#now()) return;
    throw new IncomingCredentialError(
      "the incoming request's token has expired: its user must sign in again (refresh the page).",
      { reason: 'expired' },
    );
  }
}

const BEARER = /^\s*bearer(?:\s+|$)/i;
/** RFC 6750 §2.1. */
const B64TOKEN = /^[A-Za-z0-9\-._~+/]+=*$/;
const MOST_CHARACTERS = 8192;

/** Why this is no token, as the end of a sentence. */
function wrongIn(token: string): string | undefined {
  if (token.length > MOST_CHARACTERS) return 'holds more than 8 kB, which is no token';
  if (/[\s,]/.test(token)) return 'holds something else than one token';
  return B64TOKEN.test(token) ? undefined : 'holds what cannot be sent as a token (RFC 6750 §2.1)';
}

/**
 * The error without what it carries, such as the incoming request: as long as no server has accepted its token, no filter
 * knows it.
 */
function bareCause(cause: unknown): unknown {
  if (!(cause instanceof Error)) return undefined;
  if (Reflect.ownKeys(cause).every((name) => name === 'message' || name === 'stack')) return cause;
  const bare = new Error(cause.message);
  bare.name = cause.name;
  if (cause.stack !== undefined) bare.stack = cause.stack;
  return bare;
}

function present(incoming: IncomingLike | undefined): IncomingLike {
  if (incoming !== undefined && incoming !== null) return incoming;
  throw new CredentialError(
    'there is no incoming request whose token could be forwarded: make the call while a request is being served.',
  );
}

/** A server that accepts everything must not make logs unreadable: words, host names, numbers and addresses stay. */
function mayBeSecret(token: string): boolean {
  if (token.length < 12 || /^(?:[a-z0-9-]+\.)+[a-z]{2,}$/.test(token) || /^(?:[a-z]+[-._~])*[a-z]+$/i.test(token))
    return false;
  return /[a-z]/i.test(token) && (/\d/.test(token) || token.length >= 32);
}

function finder(incoming: IncomingSource): () => Found | Promise<Found> {
  if (typeof incoming === 'function') return incoming;
  if (typeof incoming?.getStore === 'function') return () => incoming.getStore();
  throw new ConfigurationError("option 'incoming' takes a function or an AsyncLocalStorage.", { option: 'incoming' });
}

function splitFormat(format: string): [string, string] {
  const at = format.indexOf('{}');
  if (at === -1) throw new ConfigurationError("option 'format' must hold '{}'.", { option: 'format' });
  assertHeaderValue(format, "option 'format'");
  return [format.slice(0, at), format.slice(at + 2)];
}

/** The one value of a header; several are one text with commas, as `Headers` would give it. */
function readHeader(headers: IncomingLike['headers'], name: string): string | undefined {
  if (isWebHeaders(headers)) return headers.get(name) ?? undefined;
  const key = Object.keys(headers).find((key) => key.toLowerCase() === name);
  const value = key === undefined ? undefined : headers[key];
  return Array.isArray(value) ? value.join(', ') : (value as string | undefined);
}

/** Not `instanceof`: undici's `Headers` aren't the global ones. */
function isWebHeaders(headers: IncomingLike['headers']): headers is Headers {
  return typeof headers.get === 'function';
}
