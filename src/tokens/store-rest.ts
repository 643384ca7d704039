import type { AuthError } from '../errors.ts';
import type { Clock, Instant } from './clock.ts';

const FIRST_REST_MS = 1000;
const LONGEST_REST_MS = 10_000;
/** So often a store that is needed is tried at once: the next caller may be luckier. */
const TRIES = 3;

/** How often the store is asked, while a failure is remembered, whether somebody else has found a way out. */
const LOOK_MS = 1000;

/** How long a store is left alone after it has failed. */
export class StoreRest {
  readonly #clock: Clock;
  #until: Instant | undefined;
  #lookedUntil: Instant | undefined;
  #failures = 0;
  #error: AuthError | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** May the store be asked whether somebody else has found a way out? Once in a while. */
  mayLook(): boolean {
    if (this.#lookedUntil !== undefined && !this.#clock.reached(this.#lookedUntil)) return false;
    this.#lookedUntil = this.#clock.after(LOOK_MS);
    return true;
  }

  /** Should callers that can do without the store leave it alone? */
  get lasts(): boolean {
    return this.#until !== undefined && !this.#clock.reached(this.#until);
  }

  /** What those hear who cannot do without the store, once it has failed several times in a row. */
  get error(): AuthError | undefined {
    return this.#failures >= TRIES && this.lasts ? this.#error : undefined;
  }

  get nextTryInMs(): number {
    return this.#until === undefined ? 0 : Math.ceil(this.#clock.until(this.#until));
  }

  /** The store has failed. @returns Is this the first time since it was well? */
  begin(error: AuthError): boolean {
    this.#failures += 1;
    this.#error = error;
    const restMs = FIRST_REST_MS * 2 ** Math.max(0, this.#failures - TRIES);
    this.#until = this.#clock.after(Math.min(restMs, LONGEST_REST_MS));
    return this.#failures === 1;
  }

  /** The store is well again. */
  end(): void {
    this.#failures = 0;
    this.#until = undefined;
    this.#error = undefined;
  }
}
