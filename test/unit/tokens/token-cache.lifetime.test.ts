import { describe, expect, it } from 'vitest';
import { settle, stateOf, token } from './by-hand.ts';
import { HOUR, setUp } from './cache-by-hand.ts';

describe('early expiry', () => {
  it('hands a token out until 30 s before its end, and nobody after that', async () => {
    const { cache, clock, first } = setUp({ refreshAheadMs: 0 });
    const t1 = await first();
    clock.pass(HOUR - 30_001);
    expect(cache.get()).toBe(t1);
    expect(cache.peek()).toBe(t1);
    clock.pass(1);
    expect(cache.peek()).toBeUndefined();
    expect(cache.get()).toBeInstanceOf(Promise);
  });

  it('takes the skew that it is given, but a tenth of a short life at most', async () => {
    const { cache, clock, first, lived } = setUp({ refreshAheadMs: 0, skewMs: 300_000 });
    const t1 = await first(lived('t1', 60_000));
    clock.pass(53_999);
    expect(cache.get()).toBe(t1);
    clock.pass(1);
    expect(cache.get()).toBeInstanceOf(Promise);
  });

  it('uses a token of unknown lifetime until it is refused', async () => {
    const { cache, clock, source, first } = setUp();
    const t1 = await first(token('t1'));
    clock.pass(10 * 365 * 24 * HOUR);
    expect(cache.get()).toBe(t1);
    void cache.renew(t1);
    expect(source.last.request.reason).toBe('refused');
  });

  it('refuses an expiry that cannot be read: the token would never be renewed', async () => {
    const { first } = setUp();
    await expect(first(token('t1', { expiresAt: Number.NaN }))).rejects.toThrow(/expiresAt must be/);
  });
});

describe('refresh-ahead', () => {
  it('renews in the background while calls go on with the living token', async () => {
    const { cache, clock, source, first, lived } = setUp();
    const t1 = await first();
    clock.pass(HOUR - 90_001);
    expect(cache.get()).toBe(t1);
    expect(source.calls).toHaveLength(1);
    clock.pass(1);
    expect([cache.get(), cache.get(), cache.get()]).toEqual([t1, t1, t1]);
    expect(source.calls).toHaveLength(2);
    expect(source.last.request).toMatchObject({ reason: 'ahead', previous: t1 });
    source.last.resolve(lived('t2'));
    await settle();
    expect(cache.get()).toMatchObject({ accessToken: 't2' });
  });

  it('asks again for the scope that was demanded', async () => {
    const { cache, clock, source, first, lived } = setUp();
    await first();
    const wide = cache.get({ scope: ['admin'], acrValues: 'mfa' });
    source.last.resolve(lived('t2'));
    await wide;
    clock.pass(HOUR - 60_000);
    void cache.get();
    expect(source.last.request).toMatchObject({ reason: 'ahead' });
    expect(source.last.request.demand).toEqual({ scope: ['admin'] });
  });

  it('takes a fifth of a short life at most', async () => {
    const { cache, clock, source, first, lived } = setUp({ skewMs: 0 });
    await first(lived('t1', 10_000));
    clock.pass(7999);
    void cache.get();
    expect(source.calls).toHaveLength(1);
    clock.pass(1);
    void cache.get();
    expect(source.calls).toHaveLength(2);
  });

  it('can be turned off', async () => {
    const { cache, clock, source, first } = setUp({ refreshAheadMs: 0 });
    await first();
    clock.pass(HOUR - 30_001);
    void cache.get();
    expect(source.calls).toHaveLength(1);
  });

  it('is joined by callers once the token is over', async () => {
    const { cache, clock, source, first, lived } = setUp();
    await first();
    clock.pass(HOUR - 60_000);
    void cache.get();
    clock.pass(30_000);
    const waiting = cache.get();
    expect(await stateOf(waiting)).toBe('pending');
    expect(source.calls).toHaveLength(2);
    source.last.resolve(lived('t2'));
    expect((await waiting).accessToken).toBe('t2');
  });
});

describe('a jump of the wall clock', () => {
  it.each([
    ['forward by a day', 24 * HOUR],
    ['forward by ten years', 87_600 * HOUR],
  ])('%s costs one renewal', async (_name, jump) => {
    const { cache, clock, source, first, lived } = setUp();
    await first();
    clock.jump(jump);
    const waiting = cache.get();
    source.last.resolve(lived('t2'));
    const t2 = await waiting;
    clock.pass(HOUR / 2);
    expect(cache.get()).toBe(t2);
    expect(source.calls).toHaveLength(2);
  });

  it.each([
    ['back by a day', -24 * HOUR],
    ['back by five minutes', -300_000],
  ])('%s neither shortens nor prolongs the life of a token', async (_name, jump) => {
    const { cache, clock, source, first } = setUp();
    const t1 = await first();
    clock.jump(jump);
    clock.pass(HOUR - 90_001);
    expect(cache.get()).toBe(t1);
    expect(source.calls).toHaveLength(1);
    clock.pass(60_001);
    expect(cache.get()).toBeInstanceOf(Promise);
  });

  it('there and back again costs one renewal in all: the new token is measured anew', async () => {
    const { cache, clock, source, first, lived } = setUp();
    await first();
    clock.jump(24 * HOUR);
    const waiting = cache.get();
    source.last.resolve(lived('t2'));
    const t2 = await waiting;
    clock.jump(-24 * HOUR);
    clock.pass(HOUR / 2);
    expect(cache.get()).toBe(t2);
    clock.pass(HOUR / 2);
    expect(cache.get()).toBeInstanceOf(Promise);
    expect(source.calls).toHaveLength(3);
  });
});

describe('a wrong clock', () => {
  it('that takes every new token for expired costs one request per timeToNextRequest, not one per call', async () => {
    const { cache, clock, source, lived } = setUp({ timeToNextRequestMs: 60_000 });
    const waiting = cache.get();
    source.last.resolve(lived('t1', -HOUR));
    const t1 = await waiting;
    clock.pass(59_999);
    expect(cache.get()).toBe(t1);
    expect(source.calls).toHaveLength(1);
    clock.pass(1);
    expect(cache.get()).toBeInstanceOf(Promise);
  });

  it('does not make an expired first token young again', () => {
    const { cache, source, clock } = setUp({ token: token('seed', { expiresAt: 1 }) });
    expect(clock.wall).toBeGreaterThan(1);
    void cache.get();
    expect(source.last.request).toMatchObject({ reason: 'expired', previous: { accessToken: 'seed' } });
  });
});

describe('describe', () => {
  it('tells generation, age and time left, never a value', async () => {
    const { cache, clock, source, first, lived } = setUp();
    const t1 = await first(lived('t1', 1000));
    clock.pass(100);
    expect(cache.describe(t1)).toEqual({ generation: 1, ageMs: 100, expiresInMs: 900 });
    const renewed = cache.renew(t1);
    source.last.resolve(token('t2'));
    expect(cache.describe(await renewed)).toEqual({ generation: 2, ageMs: 0 });
    expect(cache.describe(t1)).toMatchObject({ generation: 1 });
  });

  it('knows nothing of a foreign token', () => {
    expect(setUp().cache.describe(token('x'))).toEqual({});
  });
});
