/**
 * What an authenticator is, and what it sees of a request. Everything else in authwire stands on these types.
 */

import { type AuthLogger, authLogger, type LoggerOptions } from '../logging/auth-logger.ts';
import { textFilter } from '../logging/text-filter.ts';
import type { Origins } from './origins.ts';

/** `true`: the response stands. `false`: the credential was refused. `'again'`: the credential is good, sign once more. */
export type Verdict = boolean | 'again';

/** The headers of a request, as an authenticator sees them. Names are case-insensitive. */
export interface AuthHeaders {
  get(name: string): string | null;
  set(name: string, value: string): void;
  delete(name: string): void;
  has(name: string): boolean;
}

/** One wire attempt of a request, the same for every client. What is set here reaches the wire and nothing else. */
export interface AuthRequest {
  readonly method: string;
  /** `scheme://host:port` as the WHATWG URL standard serialises it. */
  readonly origin: string;
  /** Can the body be sent a second time? */
  readonly replayable: boolean;
  /** Parsed only when read. Set it to change the query; origin and path stay the caller's. */
  url: URL;
  /**
   * The request target exactly as it will be sent (RFC 9112 §3.2), where that is not the path and the query of `url`, which
   * the URL standard has normalised.
   */
  readonly target?: string;
  readonly headers: AuthHeaders;
  /** The bytes that will be sent, where the client can show them without using up the body. */
  readBody?(): Promise<Uint8Array | undefined>;
}

/** What came back, the same for every client. */
export interface AuthResponse {
  readonly status: number;
  readonly headers: { get(name: string): string | null };
  readonly request: AuthRequest;
  /** The final URL, where the client followed redirects by itself. */
  readonly url?: string | undefined;
  /** The body as text, bounded. Never uses up the caller's body. */
  readText?(): Promise<string>;
}

/** A credential that a server has refused, and the server's answer. */
export interface Refusal<Credential> {
  readonly credential: Credential;
  readonly response: AuthResponse;
}

export interface AuthContext<Credential> {
  readonly request: AuthRequest;
  /** Set after a refusal. Giving the same credential back means: I have nothing better. */
  readonly refused?: Refusal<Credential>;
}

/** Options that every authenticator takes. */
export interface AuthenticatorOptions extends LoggerOptions {
  /**
   * Where the credential may travel. Default: the origin of the client's base URL. A call with neither fails before
   * anything is sent.
   */
  readonly origins?: Origins;
}

let instances = 0;

/**
 * One way to prove who you are. The engine asks it for a credential before every request, lets it put the credential
 * on the request, and asks it to judge the response.
 *
 * @example
 * class AuthTenant extends Authenticator<string> {
 *   static override getName() { return 'AuthTenant'; }
 *   authenticate() { return readTenantKey(); }
 *   modifyRequest(request: AuthRequest, key: string) { request.headers.set('x-tenant-key', key); }
 * }
 */
export abstract class Authenticator<Credential = unknown> {
  /** Where this credential may travel. An adapter's option wins. */
  readonly origins: Origins | undefined;
  /**
   * Is what it puts on a request good for that one only, such as a signature of the URL? Then redirects must be signed
   * anew where the client would send it once more. Default: `false`.
   */
  readonly signsEachRequest: boolean = false;
  /** Speaks only when `debug` is on, and only through the credential filter. */
  readonly log: AuthLogger;
  readonly #secretPrefix: string;

  constructor(options: AuthenticatorOptions = {}) {
    this.origins = options.origins;
    this.log = authLogger(options);
    instances += 1;
    this.#secretPrefix = `${this.getName()}#${instances}.`;
  }

  /** The name in the registry and in configs: the class's own, unless a subclass says otherwise. */
  static getName(): string {
    return this.name;
  }

  getName(): string {
    return (this.constructor as typeof Authenticator).getName();
  }

  /** Would `authenticate()` answer without I/O? */
  checkIfAuthenticated(): boolean {
    return true;
  }

  /** Called before every request; answers at once when it can. With `context.refused`, finds something better. */
  abstract authenticate(context: AuthContext<Credential>): Credential | Promise<Credential>;

  /** Puts the credential on the request. Called again for every wire attempt. */
  abstract modifyRequest(request: AuthRequest, credential: Credential): void | Promise<void>;

  /** Judges a response to a request that carried the credential. Default: everything but 401 stands. */
  checkResult(response: AuthResponse, _credential: Credential): Verdict | Promise<Verdict> {
    return response.status !== 401;
  }

  /**
   * Called before a request to where {@link Authenticator.origins} don't let the credential travel. Whoever learns only by
   * logging in where that is learns it here: afterwards `origins` are asked once more. No promise: there is nothing to
   * learn. An adapter's own `origins` leave no room for it.
   */
  learnOrigins?(): void | Promise<void>;

  /** Told whenever a response below 500 stands: a server has accepted this credential. */
  onAccepted?(credential: Credential, response: AuthResponse): void;

  /** Told when a server refuses what a renewal for the same call has brought: another one would do it no good. */
  onRefusedAgain?(credential: Credential, response: AuthResponse): void;

  /** What a debug line may say of a credential: a generation, an age, a scheme. Never a value. */
  describeCredential?(credential: Credential): Readonly<Record<string, unknown>>;

  /** Registers a secret with the credential filter. The same key replaces the former value. */
  protected updateSecret(key: string, value: string): void {
    textFilter.updateSecret(this.#secretPrefix + key, value);
  }
}

/** Also an authenticator of another installed copy of authwire. */
export function isAuthenticator(value: unknown): value is Authenticator {
  const { authenticate, modifyRequest } = (value ?? {}) as Partial<Authenticator>;
  return typeof authenticate === 'function' && typeof modifyRequest === 'function';
}
