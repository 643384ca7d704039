import { describe, expect, it } from 'vitest';
import { RefreshingHandSource, settle, stateOf, token } from './by-hand.ts';
import { HOUR, setUp } from './cache-by-hand.ts';

describe('get', () => {
  it('returns the living token itself, not a promise', async () => {
    const { cache, first, source } = setUp();
    const t1 = await first();
    expect(cache.get()).toBe(t1);
    expect(source.calls).toHaveLength(1);
  });

  it('serves ten thousand waiters with one promise and one request', async () => {
    const { cache, source, lived } = setUp();
    const waiters = Array.from({ length: 10_000 }, () => cache.get());
    expect(new Set(waiters).size).toBe(1);
    source.last.resolve(lived('t1'));
    const tokens = await Promise.all(waiters);
    expect(new Set(tokens).size).toBe(1);
    expect(source.calls).toHaveLength(1);
  });

  it('renews an expired token once for all who ask', async () => {
    const { cache, clock, source, first, lived } = setUp();
    const t1 = await first();
    clock.pass(HOUR);
    const waiters = [cache.get(), cache.get(), cache.get()];
    expect(source.calls).toHaveLength(2);
    expect(source.last.request).toMatchObject({ previous: t1, reason: 'expired' });
    source.last.resolve(lived('t2'));
    for (const waiter of waiters) expect((await waiter).accessToken).toBe('t2');
  });

  it('uses a first token until it expires', async () => {
    const { cache, source } = setUp({ token: token('seed', { refreshToken: 'r0' }) });
    expect(cache.get()).toMatchObject({ accessToken: 'seed', refreshToken: 'r0' });
    expect(source.calls).toHaveLength(0);
  });

  it('refuses an answer without an access token', async () => {
    const { cache, source } = setUp();
    const waiting = cache.get();
    source.last.resolve({ access_token: 'sorry' } as never);
    await expect(waiting).rejects.toThrow(/no access token/);
  });

  it('keeps a copy that nobody can change', async () => {
    const { first, cache } = setUp();
    const mine = { accessToken: 't1', tokenType: 'Bearer' };
    await first(mine);
    mine.accessToken = 'changed';
    expect(cache.get()).toMatchObject({ accessToken: 't1' });
    expect(Object.isFrozen(cache.get())).toBe(true);
  });
});

describe('renew', () => {
  it('renews once for all who were refused the same token', async () => {
    const { cache, source, first, lived } = setUp();
    const t1 = await first();
    const waiters = Array.from({ length: 10 }, () => cache.renew(t1));
    expect(new Set(waiters).size).toBe(1);
    expect(source.calls).toHaveLength(2);
    expect(source.last.request).toMatchObject({ previous: t1, reason: 'refused' });
    source.last.resolve(lived('t2'));
    expect((await waiters[0])?.accessToken).toBe('t2');
  });

  it('answers a late 401 for an older token with the current one, at once', async () => {
    const { cache, source, first, lived } = setUp();
    const t1 = await first();
    const renewed = cache.renew(t1);
    source.last.resolve(lived('t2'));
    const t2 = await renewed;
    expect(cache.renew(t1)).toBe(t2);
    expect(source.calls).toHaveLength(2);
  });

  it('compares tokens by accessToken, not as objects', async () => {
    const { cache, source, first, lived } = setUp();
    await first(token('t1'));
    const renewed = cache.renew({ ...token('t1') });
    expect(source.last.request.reason).toBe('refused');
    source.last.resolve(lived('t2'));
    expect((await renewed).accessToken).toBe('t2');
  });

  it('gives the very same object back when the source has nothing better', async () => {
    const { cache, source, first } = setUp();
    const t1 = await first(token('t1'));
    const copy = { ...t1 };
    const [own, other] = [cache.renew(t1), cache.renew(copy)];
    source.last.resolve(token('t1', { refreshToken: 'r2' }));
    expect(await own).toBe(t1);
    expect(await other).toBe(copy);
    expect(cache.get()).toMatchObject({ accessToken: 't1', refreshToken: 'r2' });
  });

  it('lets others wait for the renewal instead of handing out a refused token', async () => {
    const { cache, source, first, lived } = setUp();
    const t1 = await first();
    const renewed = cache.renew(t1);
    const other = cache.get();
    expect(await stateOf(other)).toBe('pending');
    expect(cache.peek()).toBeUndefined();
    source.last.resolve(lived('t2'));
    expect(await other).toBe(await renewed);
  });

  it('lets a late 401 wait as well, rather than hand out a token that is refused by now', async () => {
    const { cache, source, first, lived } = setUp();
    const t1 = await first();
    cache.accepted(t1);
    const second = cache.renew(t1);
    source.last.resolve(lived('t2'));
    const third = cache.renew(await second);
    const late = cache.renew(t1);
    expect(await stateOf(late)).toBe('pending');
    source.last.resolve(lived('t3'));
    expect(await late).toBe(await third);
    expect(source.calls).toHaveLength(3);
  });

  it('lets those others wait for a second one if the first does not grant what they demand', async () => {
    const { cache, source, first, lived } = setUp();
    const t1 = await first(lived('t1', HOUR, { scope: ['read'] }));
    const renewed = cache.renew(t1);
    const reader = cache.get({ scope: ['read'] });
    source.last.resolve(lived('t2', HOUR, { scope: [] }));
    await renewed;
    await settle();
    expect(source.last.request.demand).toEqual({ scope: ['read'] });
    source.last.resolve(lived('t3', HOUR, { scope: ['read'] }));
    expect((await reader).accessToken).toBe('t3');
  });

  it('falls back to the living token for those others when the renewal fails', async () => {
    const { cache, source, first } = setUp();
    const t1 = await first();
    const renewed = cache.renew(t1);
    const other = cache.get();
    source.last.reject(new TypeError('fetch failed'));
    await expect(renewed).rejects.toThrow(/source failed/);
    expect(await other).toBe(t1);
    expect(cache.get()).toBe(t1);
  });

  it('joins a renewal that is under way for another reason', async () => {
    const { cache, clock, source, first, lived } = setUp();
    const t1 = await first();
    clock.pass(HOUR - 60_000);
    expect(cache.get()).toBe(t1);
    expect(source.last.request.reason).toBe('ahead');
    const renewed = cache.renew(t1);
    const other = cache.get();
    expect(await stateOf(other)).toBe('pending');
    source.last.resolve(lived('t2'));
    expect((await renewed).accessToken).toBe('t2');
    expect((await other).accessToken).toBe('t2');
    expect(source.calls).toHaveLength(2);
  });
});

describe('a demand', () => {
  const wide = { scope: ['read', 'write'] };

  it('is met by a token that grants it', async () => {
    const { cache, first, lived } = setUp();
    const t1 = await first(lived('t1', HOUR, { scope: ['read', 'write'] }));
    expect(cache.get({ scope: ['read'] })).toBe(t1);
  });

  it('that is wider than the token starts a renewal, while others go on with the token', async () => {
    const { cache, source, first, lived } = setUp();
    const t1 = await first(lived('t1', HOUR, { scope: ['read'] }));
    const waiting = cache.get(wide);
    expect(source.last.request).toMatchObject({ demand: wide, reason: 'demand' });
    expect(cache.get()).toBe(t1);
    source.last.resolve(lived('t2', HOUR, { scope: ['read', 'write'] }));
    expect((await waiting).accessToken).toBe('t2');
  });

  it('wider than the renewal under way waits for it, and then asks for both', async () => {
    const { cache, source, lived } = setUp();
    const narrow = cache.get({ scope: ['read'] });
    const wider = cache.get({ scope: ['write'] });
    const asWide = cache.get({ scope: ['write'] });
    const widest = cache.get({ scope: ['write', 'admin'] });
    expect(wider).not.toBe(narrow);
    expect(new Set([wider, asWide, widest]).size).toBe(1);
    expect(source.calls).toHaveLength(1);
    source.last.resolve(lived('t1'));
    expect((await narrow).accessToken).toBe('t1');
    await settle();
    expect(source.calls).toHaveLength(2);
    expect(source.last.request.demand).toEqual({ scope: ['read', 'write', 'admin'] });
    source.last.resolve(lived('t2'));
    expect((await wider).accessToken).toBe('t2');
  });

  it('narrower than the renewal under way joins it', async () => {
    const { cache, source } = setUp();
    expect(cache.get(wide)).toBe(cache.get({ scope: ['write'] }));
    expect(source.calls).toHaveLength(1);
  });

  it('that the server does not grant is not asked for again and again', async () => {
    const { cache, source, first, lived } = setUp();
    await first();
    const waiting = cache.get(wide);
    source.last.resolve(lived('t2', HOUR, { scope: ['read'] }));
    const t2 = await waiting;
    expect(cache.get(wide)).toBe(t2);
  });

  it('for scope lasts, for a step-up it is over once it has been met', async () => {
    const { cache, clock, source, first, lived } = setUp();
    const t1 = await first();
    const renewed = cache.renew(t1, { scope: ['write'], claims: '{"a":1}', acrValues: 'mfa' });
    source.last.resolve(lived('t2'));
    await renewed;
    clock.pass(HOUR);
    void cache.get();
    expect(source.last.request.demand).toEqual({ scope: ['write'] });
  });

  it('for a fresh login is met by a login for that demand, as long as it is fresh', async () => {
    const { cache, clock, source, first, lived } = setUp();
    await first();
    const fresh = { maxAgeMs: 60_000 };
    const waiting = cache.get(fresh);
    source.last.resolve(lived('t2'));
    const t2 = await waiting;
    clock.pass(60_000);
    expect(cache.get(fresh)).toBe(t2);
    clock.pass(1);
    expect(cache.get(fresh)).toBeInstanceOf(Promise);
    expect(source.calls).toHaveLength(3);
  });

  it('of a refusal renews even a token that seems to meet it', async () => {
    const { cache, source, first, lived } = setUp();
    const t1 = await first(lived('t1', HOUR, { scope: ['read', 'write'] }));
    void cache.renew(t1, wide);
    expect(source.calls).toHaveLength(2);
    expect(source.last.request).toMatchObject({ demand: wide, reason: 'refused' });
  });

  it('of a late 401 that the current token does not meet starts a renewal of the current one', async () => {
    const { cache, source, first, lived } = setUp();
    const t1 = await first();
    const renewed = cache.renew(t1);
    source.last.resolve(lived('t2'));
    const t2 = await renewed;
    void cache.renew(t1, wide);
    expect(source.last.request).toMatchObject({ previous: t2, demand: wide, reason: 'demand' });
  });
});

describe('the renewal', () => {
  it('is detached from its callers: its signal is its own', async () => {
    const { cache, source } = setUp();
    void cache.get();
    expect(source.last.request.signal.aborted).toBe(false);
    expect(Object.keys(source.last.request).sort()).toEqual(['reason', 'retry', 'signal']);
  });

  it('keeps the refresh token and ID token that an answer leaves out', async () => {
    const { cache, source, first, lived } = setUp({}, new RefreshingHandSource());
    const t1 = await first(lived('t1', HOUR, { refreshToken: 'r1', idToken: 'i1' }));
    const renewed = cache.renew(t1);
    source.last.resolve(lived('t2', HOUR, { refreshToken: '' }));
    expect(await renewed).toMatchObject({ accessToken: 't2', refreshToken: 'r1', idToken: 'i1' });
  });

  it('takes a new refresh token', async () => {
    const { cache, source, first, lived } = setUp();
    const t1 = await first(lived('t1', HOUR, { refreshToken: 'r1' }));
    const renewed = cache.renew(t1);
    source.last.resolve(lived('t2', HOUR, { refreshToken: 'r2' }));
    expect((await renewed).refreshToken).toBe('r2');
  });
});
