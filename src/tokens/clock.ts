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

/**
 * Two clocks, because each misses something: the monotonic one stands still while a laptop sleeps, the wall's may be
 * set back. An instant is reached when either says so.
 */
export class Clock {
  readonly now: () => number;
  readonly monotonic: () => number;

  constructor(options: ClockOptions = {}) {
    this.now = options.now ?? (() => Date.now());
    this.monotonic = options.monotonic ?? (() => performance.now());
  }

  /** The instant that lies `ms` ahead. */
  after(ms: number): Instant {
    return { wall: this.now() + ms, monotonic: this.monotonic() + ms };
  }

  reached(instant: Instant): boolean {
    return instant !== NEVER && (this.monotonic() >= instant.monotonic || this.now() >= instant.wall);
  }

  /** Milliseconds until the instant is reached; 0 if it is. */
  until(instant: Instant): number {
    return Math.max(0, Math.min(instant.wall - this.now(), instant.monotonic - this.monotonic()));
  }
}
