import { type Clock, type Instant, NEVER } from './clock.ts';
import type { Token } from './token.ts';

/** How long a token may be handed out. */
export interface Lifetime {
  /** From here on a renewal is due, ahead of the end. */
  readonly freshUntil: Instant;
  /** From here on nobody gets the token any more. */
  readonly usableUntil: Instant;
}

export interface LifetimeOptions {
  /** How long before its expiry a token counts as expired. */
  readonly skewMs: number;
  /** How long before that its renewal begins in the background. */
  readonly refreshAheadMs: number;
  /** How long a token is used that was over when it was made. */
  readonly timeToNextRequestMs: number;
}

const UNKNOWN: Lifetime = Object.freeze({ freshUntil: NEVER, usableUntil: NEVER });

/**
 * Measures what is left of a token, from now. The skew takes a tenth of a short life at most, and refreshing ahead a
 * fifth. Without `expiresAt` the lifetime is unknown: the token is used until it is refused.
 */
export function measure(token: Token, clock: Clock, options: LifetimeOptions): Lifetime {
  if (token.expiresAt === undefined) return UNKNOWN;
  const now = clock.now();
  const left = token.expiresAt - now;
  const life = Math.max(left, token.expiresAt - (token.obtainedAt ?? now));
  return span(clock, left - Math.min(options.skewMs, life / 10), Math.min(options.refreshAheadMs, life / 5));
}

/**
 * Measures a token that has just been made. One that seems over already shows that our clock is wrong, or its maker's:
 * it is used nevertheless, and asked for again after `timeToNextRequestMs`, else every call would ask for another.
 */
export function measureFresh(token: Token, clock: Clock, options: LifetimeOptions): Lifetime {
  const bornOver = token.expiresAt !== undefined && token.expiresAt <= clock.now();
  return bornOver ? span(clock, options.timeToNextRequestMs, 0) : measure(token, clock, options);
}

function span(clock: Clock, usableMs: number, aheadMs: number): Lifetime {
  const usableUntil = clock.after(usableMs);
  return { usableUntil, freshUntil: aheadMs > 0 ? clock.after(usableMs - aheadMs) : usableUntil };
}
