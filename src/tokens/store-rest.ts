import type { Clock, Instant } from './clock.ts';

const REST_MS = 1000;

/**
 * How long the store is left alone after it has failed a renewal in the background; also how often it is asked, while a
 * failure is remembered, whether somebody else has found a way out.
 */
export class StoreRest {
  readonly #clock: Clock;
  #until: Instant | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  get lasts(): boolean {
    return this.#until !== undefined && !this.#clock.reached(this.#until);
  }

  begin(): { readonly terminal: boolean; readonly nextTryInMs: number } {
    this.#until = this.#clock.after(REST_MS);
    return { terminal: false, nextTryInMs: REST_MS };
  }
}
