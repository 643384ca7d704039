import type { Demand, RenewalReason, Token } from './token.ts';

/** Follows a flight for a caller: settles with it, or at the caller's own deadline. */
export type Follow = (flight: Flight) => Promise<Token>;

/** One renewal under way, or waiting for its turn: everybody who can use its outcome shares it. */
export class Flight {
  readonly reason: RenewalReason;
  readonly promise: Promise<Token>;
  /** Aborts the renewal for everybody. */
  controller = new AbortController();
  demand: Demand | undefined;
  /** The token that nobody wants back, even though it may live. */
  unwanted: Token | undefined;
  waiters = 0;
  startedAt = 0;
  /** The number of the token that this renewal makes, once the source has been asked. */
  generation: number | undefined;
  /** Is the source being asked right now? */
  asking?: boolean;
  /** Only the store is asked, not the source: the unwanted token is better than none. */
  looksOnly?: boolean;
  /** Its request carries a refresh token that is good for once: the deadline frees those who wait, not the request. */
  singleUse?: boolean;
  /** It has the sole right to renew. */
  alone?: boolean;
  /** Somebody else has renewed between our look and our note. */
  restart?: boolean;
  /** It was dead by the clock: whatever becomes of it, another one has taken its place. */
  abandoned?: boolean;
  /** It failed with the failure of an earlier renewal. */
  remembered?: boolean;
  /** What became of it while it ran: the user gave another token, or wants none any more. */
  overtaken: 'set' | 'cleared' | undefined;
  /** Its reason, or one of them, is a 401; `true` if no server had ever accepted the refused token. */
  refusedUnaccepted: boolean | undefined;
  #resolve!: (token: Token) => void;
  #reject!: (error: unknown) => void;
  readonly #follow: Follow;
  #burst: Promise<Token> | undefined;

  constructor(reason: RenewalReason, demand: Demand | undefined, unwanted: Token | undefined, follow: Follow) {
    this.#follow = follow;
    this.reason = reason;
    this.demand = demand;
    this.unwanted = unwanted;
    this.promise = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
    // A renewal that nobody waits for may fail unheard.
    this.promise.catch(() => undefined);
  }

  /**
   * Callers that come in one go share a promise and a timer: ten thousand cost one. Those of another request have a timer
   * of their own, which that request's end does not cancel.
   */
  join(): Promise<Token> {
    this.waiters += 1;
    if (this.#burst !== undefined) return this.#burst;
    const burst = this.#follow(this);
    this.#burst = burst;
    // Nobody may be left to hear of it.
    burst.catch(() => undefined);
    queueMicrotask(() => {
      this.#burst = undefined;
    });
    return burst;
  }

  /** For a caller whose `token` was refused: returns that very object when the renewal brings nothing better. */
  joinRefused(refused: Token): Promise<Token> {
    this.unwanted ??= refused;
    const joined = this.join();
    if (refused === this.unwanted) return joined;
    return joined.then((token) => (token.accessToken === refused.accessToken ? refused : token));
  }

  /** For a caller who can use a token that a server has refused to somebody else, should the renewal fail. */
  joinForgiving(fallback: (error: unknown) => Token): Promise<Token> {
    return this.join().catch(fallback);
  }

  resolve(token: Token): void {
    this.#resolve(token.accessToken === this.unwanted?.accessToken ? this.unwanted : token);
  }

  reject(error: unknown): void {
    this.#reject(error);
  }
}
