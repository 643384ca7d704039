import type { AuthError } from '../errors.ts';
import { classify, retryDelay } from './back-off.ts';
import type { Clock, Instant } from './clock.ts';
import { covers } from './demand.ts';
import type { Demand } from './token.ts';

export interface FailureMemoryOptions {
  readonly clock: Clock;
  readonly timeToNextRequestMs: number;
  /** From 0 to below 1. */
  readonly random: () => number;
}

interface Remembered {
  readonly error: AuthError;
  readonly terminal: boolean;
  readonly demand: Demand | undefined;
  readonly until: Instant;
}

/** Remembers the last failure while asking again would be too early. */
export class FailureMemory {
  readonly #options: FailureMemoryOptions;
  #last: Remembered | undefined;
  #transientInARow = 0;

  constructor(options: FailureMemoryOptions) {
    this.#options = options;
  }

  /** @returns How the failure was judged. */
  remember(error: AuthError, demand: Demand | undefined): { readonly terminal: boolean; readonly nextTryInMs: number } {
    const { clock, random, timeToNextRequestMs } = this.#options;
    const { terminal, retryAt } = classify(error);
    const retryAfterMs = retryAt === undefined ? undefined : retryAt - clock.now();
    const nextTryInMs = Math.ceil(
      terminal ? timeToNextRequestMs : retryDelay(this.#transientInARow, retryAfterMs, random),
    );
    this.#transientInARow = terminal ? 0 : this.#transientInARow + 1;
    this.#last = { error, terminal, demand, until: clock.after(nextTryInMs) };
    return { terminal, nextTryInMs };
  }

  /**
   * The failure that answers a request for `demand`. Trouble on the way concerns everybody; that a server refused to
   * grant something says nothing about who asks for less.
   */
  answerTo(demand: Demand | undefined): AuthError | undefined {
    const last = this.#last;
    if (last === undefined || this.#options.clock.reached(last.until)) return undefined;
    return last.terminal && !covers(demand, last.demand) ? undefined : last.error;
  }

  /** Milliseconds until the next request is allowed. */
  nextTryInMs(): number {
    return this.#last === undefined ? 0 : Math.ceil(this.#options.clock.until(this.#last.until));
  }

  /** The credential has changed, or a renewal has succeeded. */
  forget(): void {
    this.#last = undefined;
    this.#transientInARow = 0;
  }
}
