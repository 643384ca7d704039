/**
 * What an authenticator is, and what it sees of a request. Everything else in authwire stands on these types.
 */

import { pickOptions } from '../options.ts';
import { debugLog } from '../secrets/debug-log.ts';
import type { AuthLogger, LoggerOptions } from '../secrets/debug-sink.ts';
import { registerSecret } from '../secrets/registry.ts';
import { authenticatorShape } from './authenticator-shape.ts';
import { isRefused, type RefusedWhen } from './call-options.ts';
import type { AuthRequest, AuthResponse } from './messages.ts';
import type { Origins } from './origins.ts';
import { chain } from './promises.ts';

export type { AuthHeaders, AuthRequest, AuthResponse } from './messages.ts';

/** `true`: the response stands. `false`: the credential was refused. `'again'`: the credential is good, sign once more. */
export type Verdict = boolean | 'again';

/** A credential that a server refused, and the response. */
export interface Refusal<Credential> {
  /** The refused credential. */
  readonly credential: Credential;
  /** The response that refused it. */
  readonly response: AuthResponse;
}

/** What {@link Authenticator.authenticate} is called with. */
export interface AuthContext<Credential> {
  /** The request that needs a credential. */
  readonly request: AuthRequest;
  /** Set after a refusal. Returning the same credential means that there is no better one. */
  readonly refused?: Refusal<Credential>;
}

/** Options that every authenticator takes. */
export interface AuthenticatorOptions extends LoggerOptions {
  /**
   * Where the credential may travel. Default: the origin of the client's base URL. A call with neither fails before
   * anything is sent.
   */
  readonly origins?: Origins;
  /**
   * Which responses refuse the credential: a list of statuses, which replaces the usual 401, or a function. The option of
   * a single call wins. Default: what the authenticator itself says.
   */
  readonly refusedWhen?: RefusedWhen;
}

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
  declare readonly origins: Origins | undefined;
  /** Which responses refuse the credential, instead of what {@link Authenticator.checkResult} says. */
  declare readonly refusedWhen: RefusedWhen | undefined;
  /**
   * Is what it puts on a request good for that one only, such as a signature of the URL? Then redirects must be signed
   * again where the client would send it once more. Default: `false`.
   */
  readonly signsEachRequest: boolean = false;
  /** Speaks only when `debug` is on, and only through the credential filter. */
  declare readonly log: AuthLogger;

  constructor(given: AuthenticatorOptions = {}) {
    const options = pickOptions<AuthenticatorOptions>(new.target.name, given, authenticatorShape);
    this.origins = options.origins;
    this.refusedWhen = options.refusedWhen;
    this.log = debugLog(options);
  }

  /** The name in the registry and in configs: the class's own, unless a subclass says otherwise. */
  static getName(): string {
    return this.name;
  }

  /** The name of the class, for logs. */
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
   * Called before a request to an origin that {@link Authenticator.origins} does not allow, for authenticators that learn
   * their origins by logging in. Afterwards `origins` is read once more. Return no promise if there is nothing to learn.
   * Not called where the adapter has `origins` of its own.
   */
  learnOrigins?(): void | Promise<void>;

  /** Told whenever a response below 500 stands: a server has accepted this credential. */
  onAccepted?(credential: Credential, response: AuthResponse): void;

  /** Told when a server refuses what a renewal for the same call has brought: another one would do it no good. */
  onRefusedAgain?(credential: Credential, response: AuthResponse): void;

  /** What a debug line may say of a credential: a generation, an age, a scheme. Never a value. */
  describeCredential?(credential: Credential): Readonly<Record<string, unknown>>;

  /**
   * Registers a secret of this authenticator, so that it is masked in everything that authwire prints. The same key
   * replaces the former value, which stays masked for five minutes; so do all of them once the authenticator is gone.
   */
  protected updateSecret(key: string, value: string): void {
    registerSecret(this, key, value);
  }
}

/** What a response says of a credential: the authenticator's verdict, corrected by what its user has said. */
export function judge<Credential>(
  authenticator: Authenticator<Credential>,
  response: AuthResponse,
  credential: Credential,
  refusedWhen: RefusedWhen | undefined = authenticator.refusedWhen,
): Verdict | Promise<Verdict> {
  const verdict = authenticator.checkResult(response, credential);
  if (refusedWhen === undefined) return verdict;
  return chain(verdict, (own) =>
    own === 'again' ? own : chain(isRefused(refusedWhen, response), (refused) => !refused),
  );
}

/** Also an authenticator of another installed copy of authwire. */
export function isAuthenticator(value: unknown): value is Authenticator {
  const { authenticate, modifyRequest } = (value ?? {}) as Partial<Authenticator>;
  return typeof authenticate === 'function' && typeof modifyRequest === 'function';
}
