/** A point in time on both clocks, in milliseconds: the wall's since the epoch, the monotonic one's since anywhere. */
export interface Instant {
  readonly wall: number;
  readonly monotonic: number;
}

/** The instant that no clock reaches. */
export const NEVER: Instant = Object.freeze({ wall: Number.POSITIVE_INFINITY, monotonic: Number.POSITIVE_INFINITY });

export interface ClockOptions {
  /** The wall clock, in milliseconds since the epoch. Default: `Date.now`. */
  readonly now?: () => number;
  /** A clock that never jumps, in milliseconds. Default: `performance.now`. */
  readonly monotonic?: () => number;
}

/** For so long the monotonic clock is not read again but derived from the wall's: reading both doubles the cost of a call. */
const TOLD_MS = 1000;

/**
 * Two clocks, because each misses something: the monotonic one stands still while a laptop sleeps, the wall's may be
 * set back. An instant is reached when either says so.
 */
export class Clock {
  readonly now: () => number;
  readonly #readMonotonic: () => number;
  #wall = Number.NaN;
  #monotonic = 0;

  constructor(options: ClockOptions = {}) {
    this.now = options.now ?? (() => Date.now());
    this.#readMonotonic = options.monotonic ?? (() => performance.now());
  }

  monotonic(): number {
    return this.#synchronize(this.now());
  }

  /** The instant that lies `ms` ahead. */
  after(ms: number): Instant {
    const wall = this.now();
    return { wall: wall + ms, monotonic: this.#synchronize(wall) + ms };
  }

  reached(instant: Instant): boolean {
    if (instant === NEVER) return false;
    const wall = this.now();
    return wall >= instant.wall || this.#tell(wall) >= instant.monotonic;
  }

  /** Milliseconds until the instant is reached; 0 if it is. */
  until(instant: Instant): number {
    const wall = this.now();
    return Math.max(0, Math.min(instant.wall - wall, instant.monotonic - this.#synchronize(wall)));
  }

  /** The monotonic time, derived from the wall's as long as that has gone on a little, and only forward. */
  #tell(wall: number): number {
    const passed = wall - this.#wall;
    return passed >= 0 && passed < TOLD_MS ? this.#monotonic + passed : this.#synchronize(wall);
  }

  #synchronize(wall: number): number {
    this.#wall = wall;
    this.#monotonic = this.#readMonotonic();
    return this.#monotonic;
  }
}
