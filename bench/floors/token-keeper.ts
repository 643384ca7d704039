/** A token as the hand-written floors hold it. */
export interface HeldToken {
  readonly value: string;
  /** Milliseconds since the epoch. */
  readonly expiresAt: number;
}

/** Early expiry, so that a token does not die on its way. */
const SKEW_MS = 10_000;

/** What every careful floor shares: knows the expiry, renews once for all who wait, and knows a late refusal. */
export class TokenKeeper {
  #token: HeldToken;
  #renewal: Promise<HeldToken> | undefined;
  readonly #request: () => Promise<HeldToken>;

  constructor(first: HeldToken, request: () => Promise<HeldToken>) {
    this.#token = first;
    this.#request = request;
  }

  /** The token, unless it has expired. */
  get current(): HeldToken | undefined {
    return Date.now() < this.#token.expiresAt - SKEW_MS ? this.#token : undefined;
  }

  /** A refused token that is not the current one was renewed already, while its 401 was on the way. */
  async renew(refused: HeldToken = this.#token): Promise<HeldToken> {
    if (refused !== this.#token) return this.#token;
    this.#renewal ??= this.#request().finally(() => {
      this.#renewal = undefined;
    });
    this.#token = await this.#renewal;
    return this.#token;
  }
}
