/** A token as the hand-written floors hold it. */
export interface HeldToken {
  readonly value: string;
  /** Milliseconds since the epoch. */
  readonly expiresAt: number;
}

/** What every careful floor shares: knows the expiry, renews once for all who wait, and knows a late refusal. */
export class TokenKeeper {
  /** The header's value. */
  authorization: string;
  #expiresAt: number;
  #renewal: Promise<void> | undefined;
  readonly #request: () => Promise<HeldToken>;

  constructor({ value, expiresAt }: HeldToken, request: () => Promise<HeldToken>) {
    this.authorization = `Bearer ${value}`;
    this.#expiresAt = expiresAt;
    this.#request = request;
  }

  get isExpired(): boolean {
    return this.#expiresAt <= Date.now();
  }

  /** Renews, unless what was refused is not the current token: then it was renewed while the 401 was on the way. */
  async renew(refused: string = this.authorization): Promise<void> {
    if (refused !== this.authorization) return;
    this.#renewal ??= this.#request()
      .then(({ value, expiresAt }) => {
        this.authorization = `Bearer ${value}`;
        this.#expiresAt = expiresAt;
      })
      .finally(() => {
        this.#renewal = undefined;
      });
    await this.#renewal;
  }
}
