import type { Authenticator } from './contract.ts';

/** A credential on its way, and whose it is, for the resend. */
interface PendingCredential {
  readonly authenticator: Authenticator;
  readonly credential: Promise<unknown>;
}

/**
 * What one call presents where several authenticators may sign it: the credentials that they gave for it, and who
 * signed the last attempt.
 */
export class CallCredentials {
  readonly #credentials: Map<Authenticator, unknown>;
  #pending: PendingCredential | undefined;
  /** Who signed the last attempt; `undefined`: nobody. */
  signer: Authenticator | undefined;
  /** Where the last attempt went. */
  origin: string | undefined;
  /** The one resend that costs no renewal has been used up. */
  hasRepeated = false;
  /** The credentials are good, and the next signature will be better. */
  signsAgain = false;

  constructor(credentials: Iterable<readonly [Authenticator, unknown]> = []) {
    this.#credentials = new Map(credentials);
  }

  get pending(): PendingCredential | undefined {
    return this.#pending;
  }

  set pending(pending: PendingCredential) {
    this.#pending = pending;
  }

  has(authenticator: Authenticator): boolean {
    return this.#credentials.has(authenticator);
  }

  of(authenticator: Authenticator): unknown {
    return this.#credentials.get(authenticator);
  }

  set(authenticator: Authenticator, credential: unknown): void {
    this.#credentials.set(authenticator, credential);
  }

  /** What is presented after a renewal: another object, so that the engine sends again. */
  renewed(): CallCredentials {
    const next = new CallCredentials(this.#credentials);
    next.hasRepeated = this.hasRepeated;
    return next;
  }

  /** The same with another credential of one authenticator. */
  with(authenticator: Authenticator, credential: unknown): CallCredentials {
    const next = this.renewed();
    next.set(authenticator, credential);
    return next;
  }
}
