import { ConfigurationError, CredentialError, isAuthError } from '../errors.ts';
import { assertHeaderName, assertHeaderValue } from '../header-value.ts';
import { jwtExpiry } from '../jwt-claims.ts';
import { Authenticator, type AuthenticatorOptions, type AuthRequest } from '../lifecycle/contract.ts';

/** The request that is being served: node's `IncomingMessage`, a `Request`, or anything with headers like theirs. */
export interface IncomingLike {
  readonly headers: Headers | Readonly<Record<string, string | readonly string[] | undefined>>;
}

/** Finds the request that is being served: a function, or an `AsyncLocalStorage` that holds it. */
export type IncomingSource = (() => IncomingLike | undefined) | { getStore(): IncomingLike | undefined };

export interface AuthForwardOptions extends AuthenticatorOptions {
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

/**
 * Hands on the token of the request that is being served, so that a server calls others in the name of its user. The
 * token is read anew for every request, never cached and never shared between users.
 *
 * @example
 * const served = new AsyncLocalStorage<IncomingMessage>();
 * const auth = new AuthForward({ incoming: served, header: 'x-foundry-accesstoken', origins: ['https://api.example.com'] });
 * createServer((req, res) => served.run(req, handle, req, res));
 */
export class AuthForward extends Authenticator<string> {
  readonly #find: () => IncomingLike | undefined;
  readonly #header: string;
  readonly #outgoingHeader: string;
  readonly #format: readonly [before: string, after: string];
  readonly #now: () => number;
  readonly #masked = new RecentSet(RECENT_TOKENS, (token, slot) => this.updateSecret(`incoming.${slot}`, token));

  constructor(options: AuthForwardOptions) {
    super(options);
    const { incoming, header = 'authorization', outgoingHeader = 'authorization', format = 'Bearer {}' } = options;
    this.#find = finder(incoming);
    assertHeaderName(header, 'header');
    assertHeaderName(outgoingHeader, 'outgoingHeader');
    this.#header = header.toLowerCase();
    this.#outgoingHeader = outgoingHeader;
    this.#format = splitFormat(format);
    this.#now = options.now ?? Date.now;
  }

  static override getName(): string {
    return 'AuthForward';
  }

  override authenticate(): string {
    const token = this.#token(this.#incoming());
    this.#masked.add(token);
    this.#assertAlive(token);
    return this.#format.join(token);
  }

  override modifyRequest(request: AuthRequest, value: string): void {
    request.headers.set(this.#outgoingHeader, value);
  }

  #incoming(): IncomingLike {
    try {
      const incoming = this.#find();
      if (incoming !== undefined && incoming !== null) return incoming;
    } catch (cause) {
      if (isAuthError(cause)) throw cause;
      throw new CredentialError("the incoming request could not be had: option 'incoming' failed.", { cause });
    }
    throw new CredentialError(
      'there is no incoming request here to take the token of: make the call while a request is being served.',
    );
  }

  #token(incoming: IncomingLike): string {
    const value = readHeader(incoming.headers, this.#header);
    const token = value?.replace(BEARER, '').trim();
    if (!token) throw new CredentialError(`the incoming request has no token in its header '${this.#header}'.`);
    if (/[\s,]/.test(token)) {
      throw new CredentialError(`the incoming request's header '${this.#header}' holds something else than one token.`);
    }
    assertHeaderValue(token, "the incoming request's token");
    return token;
  }

  #assertAlive(token: string): void {
    // Nobody has verified it: it is good for an early error, for nothing else.
    const expiresAt = jwtExpiry(token);
    if (expiresAt === undefined || expiresAt > this.#now()) return;
    throw new CredentialError(
      "the incoming request's token has expired: its user must sign in again (refresh the page).",
    );
  }
}

const BEARER = /^\s*bearer(?:\s+|$)/i;
const RECENT_TOKENS = 256;

/** Tells of every value that isn't among the last few, with the slot that it takes: many users, bounded memory. */
class RecentSet {
  readonly #size: number;
  readonly #tell: (value: string, slot: number) => void;
  readonly #values = new Set<string>();
  readonly #slots: string[] = [];
  #next = 0;

  constructor(size: number, tell: (value: string, slot: number) => void) {
    this.#size = size;
    this.#tell = tell;
  }

  add(value: string): void {
    if (this.#values.has(value)) return;
    const slot = this.#next;
    this.#next = (slot + 1) % this.#size;
    const former = this.#slots[slot];
    if (former !== undefined) this.#values.delete(former);
    this.#slots[slot] = value;
    this.#values.add(value);
    this.#tell(value, slot);
  }
}

function finder(incoming: IncomingSource): () => IncomingLike | undefined {
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
