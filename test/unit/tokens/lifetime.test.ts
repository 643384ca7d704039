import { describe, expect, it } from 'vitest';
import { Clock, NEVER } from '../../../src/tokens/clock.ts';
import { measure, measureFresh } from '../../../src/tokens/lifetime.ts';
import { HandClock, token } from './by-hand.ts';

const options = { skewMs: 30_000, refreshAheadMs: 60_000, timeToNextRequestMs: 60_000 };

function setUp() {
  const hand = new HandClock();
  return { hand, clock: new Clock(hand) };
}

describe('Clock', () => {
  it('reaches an instant when the wall clock says so, even though the machine slept', () => {
    const { hand, clock } = setUp();
    const instant = clock.after(1000);
    hand.jump(1000);
    expect(clock.reached(instant)).toBe(true);
  });

  it('reaches an instant when the monotonic clock says so, even though the wall clock was set back', () => {
    const { hand, clock } = setUp();
    const instant = clock.after(1000);
    hand.jump(-3_600_000);
    hand.pass(999);
    expect(clock.reached(instant)).toBe(false);
    hand.pass(1);
    expect(clock.reached(instant)).toBe(true);
  });

  it('never reaches NEVER, nor an infinite wait', () => {
    const { hand, clock } = setUp();
    const forever = clock.after(Number.POSITIVE_INFINITY);
    hand.pass(1e15);
    expect(clock.reached(NEVER)).toBe(false);
    expect(clock.reached(forever)).toBe(false);
  });

  it('counts down to an instant, and not below', () => {
    const { hand, clock } = setUp();
    const instant = clock.after(100);
    hand.pass(40);
    expect(clock.until(instant)).toBe(60);
    hand.pass(400);
    expect(clock.until(instant)).toBe(0);
  });

  it('has defaults that move', () => {
    const clock = new Clock();
    expect(Math.abs(clock.now() - Date.now())).toBeLessThan(1000);
    expect(clock.monotonic()).toBeGreaterThan(0);
  });
});

describe('measure', () => {
  it.each([
    ['an hour: 30 s early, ahead 60 s before', 3_600_000, 3_570_000, 3_510_000],
    ['200 s: a tenth and a fifth', 200_000, 180_000, 140_000],
    ['10 s: a tenth and a fifth', 10_000, 9000, 7000],
    ['1 s: a tenth and a fifth', 1000, 900, 700],
  ])('%s', (_name, lifeMs, usableMs, freshMs) => {
    const { hand, clock } = setUp();
    const lifetime = measure(token('t', { expiresAt: hand.wall + lifeMs }), clock, options);
    expect(clock.until(lifetime.usableUntil)).toBe(usableMs);
    expect(clock.until(lifetime.freshUntil)).toBe(freshMs);
  });

  it('takes the whole life of a stored token for its skew, not only what is left', () => {
    const { hand, clock } = setUp();
    const stored = token('t', { expiresAt: hand.wall + 60_000, obtainedAt: hand.wall - 3_540_000 });
    expect(clock.until(measure(stored, clock, options).usableUntil)).toBe(30_000);
  });

  it('does not know the lifetime of a token without expiresAt', () => {
    const { clock } = setUp();
    expect(measure(token('t'), clock, options)).toEqual({ usableUntil: NEVER, freshUntil: NEVER });
  });

  it('knows that a given token is over', () => {
    const { hand, clock } = setUp();
    const lifetime = measure(token('t', { expiresAt: hand.wall - 1 }), clock, options);
    expect(clock.reached(lifetime.usableUntil)).toBe(true);
  });
});

describe('measureFresh', () => {
  it('does not believe that a new token is over: it is used, and asked for again after timeToNextRequest', () => {
    const { hand, clock } = setUp();
    const lifetime = measureFresh(token('t', { expiresAt: hand.wall - 3_600_000 }), clock, options);
    expect(clock.until(lifetime.usableUntil)).toBe(60_000);
    expect(lifetime.freshUntil).toEqual(lifetime.usableUntil);
  });

  it('measures every other token as it is', () => {
    const { hand, clock } = setUp();
    const fresh = token('t', { expiresAt: hand.wall + 1000 });
    expect(measureFresh(fresh, clock, options)).toEqual(measure(fresh, clock, options));
  });
});
