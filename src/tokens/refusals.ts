import type { Clock, Instant } from './clock.ts';
import type { Token } from './token.ts';

/**
 * Tells a token that has worn out from a 401 that no token will cure: a server that has never accepted a token, and
 * refuses its replacement too, is not asked again before `timeToNextRequestMs` has passed.
 */
export class Refusals {
  readonly #clock: Clock;
  readonly #timeToNextRequestMs: number;
  #accepted: Token | undefined;
  #noRenewalUntil: Instant | undefined;

  constructor(clock: Clock, timeToNextRequestMs: number) {
    this.#clock = clock;
    this.#timeToNextRequestMs = timeToNextRequestMs;
  }

  /** The token that a server has accepted, to compare with first. */
  get accepted(): Token | undefined {
    return this.#accepted;
  }

  /** A server has accepted the current token. */
  accept(token: Token): void {
    this.#accepted = token;
    this.#noRenewalUntil = undefined;
  }

  wasAccepted(token: Token): boolean {
    return this.#accepted?.accessToken === token.accessToken;
  }

  /** May a renewal replace the refused token, which is the current one? */
  mayRenew(): boolean {
    const until = this.#noRenewalUntil;
    return until === undefined || this.#clock.reached(until);
  }

  /** A token was renewed because it was refused, without ever having been accepted. */
  renewedInVain(): void {
    this.#noRenewalUntil = this.#clock.after(this.#timeToNextRequestMs);
  }

  /** A refused token is no longer an accepted one. */
  refuse(token: Token): void {
    if (this.wasAccepted(token)) this.#accepted = undefined;
  }

  forget(): void {
    this.#noRenewalUntil = undefined;
  }
}
