/**
 * The place where the contract suite's tokens come from: a `TokenSource` inside the process that counts, and that a
 * test can hold, fail or starve by hand.
 */

import type { Token, TokenRequest, TokenSource } from '../../src/tokens/token.ts';
import { type Deferred, deferred, Waiters } from './deferred.ts';
import { MARK } from './leaks-mark.ts';
import type { ProtectedApi } from './protected-api.ts';

export { MARK };

let issuers = 0;

/** Makes tokens that the given APIs accept; a new one replaces the former. */
export class TokenIssuer implements TokenSource {
  readonly #apis: readonly ProtectedApi[];
  readonly #name = `${MARK}-${++issuers}`;
  readonly #asked = new Waiters();
  #gate: Deferred | undefined;
  #failure: Error | undefined;
  #worthless = false;
  /** Every token that was handed out, the newest last. */
  readonly issued: string[] = [];
  /** How often a token was asked for, whether or not one was given. */
  requests = 0;

  constructor(...apis: readonly ProtectedApi[]) {
    this.#apis = apis;
  }

  async requestToken(_request?: Partial<TokenRequest>): Promise<Token> {
    this.requests += 1;
    this.#asked.notify();
    await this.#gate?.promise;
    if (this.#failure !== undefined) throw this.#failure;
    return { accessToken: this.#issue(), tokenType: 'Bearer' };
  }

  /** The newest token. */
  get latest(): string {
    return this.issued.at(-1) ?? '';
  }

  /** Makes the APIs refuse what they accept now: the next request is answered with a 401. */
  expire(): void {
    for (const api of this.#apis) api.revoke(...this.issued);
  }

  /** From now on nothing that is issued is accepted anywhere. */
  issueWorthless(): void {
    this.#worthless = true;
    this.expire();
  }

  /** Holds every token request until the returned function is called. */
  hold(): () => void {
    const gate = deferred();
    this.#gate = gate;
    return () => {
      this.#gate = undefined;
      gate.resolve();
    };
  }

  /** Lets every token request from now on reject. */
  failWith(error: Error | undefined): void {
    this.#failure = error;
  }

  /** Resolves when a token has been asked for so many times. */
  asked(count: number): Promise<void> {
    return this.#asked.reached(count);
  }

  #issue(): string {
    this.expire();
    const token = `${this.#name}-token-${this.issued.length + 1}`;
    this.issued.push(token);
    if (!this.#worthless) for (const api of this.#apis) api.accept(token);
    return token;
  }
}
