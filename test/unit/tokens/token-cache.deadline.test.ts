import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { TokenEndpointError } from '../../../src/errors.ts';
import { TokenCache } from '../../../src/tokens/token-cache.ts';
import type { TokenCacheOptions } from '../../../src/tokens/token-cache-options.ts';
import { RefreshingHandSource, token } from './by-hand.ts';
import { setUp } from './cache-by-hand.ts';
import { WatchedStore } from './watched-store.ts';

beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }));
afterEach(() => void vi.useRealTimers());

describe('the deadline', () => {
  it('is 30 s, rejects everybody who waits and aborts the source', async () => {
    const { cache, source } = setUp();
    const waiting = cache.get();
    const outcome = expect(waiting).rejects.toMatchObject({ code: 'ERR_AUTH_TOKEN_ENDPOINT', kind: 'timeout' });
    await vi.advanceTimersByTimeAsync(29_999);
    expect(source.last.request.signal.aborted).toBe(false);
    await vi.advanceTimersByTimeAsync(1);
    await outcome;
    expect(source.last.request.signal.reason).toBeInstanceOf(TokenEndpointError);
  });

  it.each([
    ['the source', 5000, undefined, 5000],
    ['the option, which wins', 5000, 100, 100],
  ])('is set by %s', async (_name, ofSource, option, expected) => {
    const { source, clock } = setUp();
    Object.assign(source, { deadlineMs: ofSource });
    const { TokenCache } = await import('../../../src/tokens/token-cache.ts');
    const cache = new TokenCache(source, { now: clock.now, ...(option !== undefined && { deadlineMs: option }) });
    const outcome = expect(cache.get()).rejects.toThrow(`${expected} ms`);
    await vi.advanceTimersByTimeAsync(expected - 1);
    expect(source.last.request.signal.aborted).toBe(false);
    await vi.advanceTimersByTimeAsync(1);
    await outcome;
  });

  it('counts as a transient failure', async () => {
    const { cache, clock, source } = setUp({ deadlineMs: 100 });
    const outcome = expect(cache.get()).rejects.toThrow('100 ms');
    await vi.advanceTimersByTimeAsync(100);
    await outcome;
    await expect(cache.get()).rejects.toMatchObject({ kind: 'timeout' });
    clock.pass(250);
    void cache.get();
    expect(source.calls).toHaveLength(2);
  });

  it('leaves no timer behind, and none is there while nothing happens', async () => {
    const { cache, clock, first } = setUp();
    expect(vi.getTimerCount()).toBe(0);
    await first();
    clock.pass(1000);
    void cache.get();
    expect(vi.getTimerCount()).toBe(0);
  });

  it('blames the store when it is the store that is late, and does not back off from the source', async () => {
    const store = new WatchedStore();
    const { cache, source } = setUp({ store, storeKey: 'k', deadlineMs: 100 });
    store.before.lease = () => new Promise(() => {});
    const outcome = expect(cache.get()).rejects.toMatchObject({ code: 'ERR_AUTH_STORE' });
    await vi.advanceTimersByTimeAsync(100);
    await outcome;
    const waiting = cache.get();
    await vi.advanceTimersByTimeAsync(0);
    source.last.resolve(token('t1'));
    expect((await waiting).accessToken).toBe('t1');
  });

  it.each([100, 60_000])('of onToken is half of %s ms, and 5 s at most; then the token is used', async (deadlineMs) => {
    let calls = 0;
    const onToken = () => {
      calls += 1;
      return new Promise<void>(() => {});
    };
    const { cache, source } = setUp({ onToken, deadlineMs });
    const waiting = cache.get();
    source.last.resolve(token('t1'));
    const outcome = expect(waiting).resolves.toMatchObject({ accessToken: 't1' });
    await vi.advanceTimersByTimeAsync(Math.min(deadlineMs / 2, 5000) - 1);
    expect(cache.peek()).toBeUndefined();
    await vi.advanceTimersByTimeAsync(1);
    await outcome;
    expect(cache.get()).toMatchObject({ accessToken: 't1' });
    expect(calls).toBe(1);
    expect(source.calls).toHaveLength(1);
  });

  it('gives the lease back although the source never answers', async () => {
    const store = new WatchedStore();
    const { cache, clock, source } = setUp({ store, storeKey: 'k', deadlineMs: 100 });
    const outcome = expect(cache.get()).rejects.toMatchObject({ kind: 'timeout' });
    await vi.advanceTimersByTimeAsync(100);
    await outcome;
    expect(store.steps.at(-1)).toBe('release');
    clock.pass(1000);
    const waiting = cache.get();
    await vi.advanceTimersByTimeAsync(0);
    expect(source.calls).toHaveLength(2);
    source.last.resolve(token('t2'));
    expect((await waiting).accessToken).toBe('t2');
    expect(store.steps.filter((step) => step === 'release')).toHaveLength(2);
  });

  it('does not ask the source under a lease that comes too late, and gives that back', async () => {
    const store = new WatchedStore();
    const { cache, source } = setUp({ store, storeKey: 'k', deadlineMs: 100 });
    const lease = store.lease.bind(store);
    let give = () => {};
    store.lease = async (key) => {
      await new Promise<void>((given) => (give = given));
      return lease(key, new AbortController().signal);
    };
    const outcome = expect(cache.get()).rejects.toMatchObject({ code: 'ERR_AUTH_STORE' });
    await vi.advanceTimersByTimeAsync(100);
    await outcome;
    give();
    await vi.advanceTimersByTimeAsync(0);
    expect(store.steps.at(-1)).toBe('release');
    expect(source.calls).toHaveLength(0);
  });

  it('of a store is a third of it: without a refresh token the renewal goes on without the store', async () => {
    const store = new WatchedStore();
    const { cache, source } = setUp({ store, storeKey: 'k', deadlineMs: 300 });
    store.before.read = () => new Promise(() => {});
    const waiting = cache.get();
    await vi.advanceTimersByTimeAsync(100);
    source.last.resolve(token('t1'));
    expect((await waiting).accessToken).toBe('t1');
  });

  it('of a store that never answers is 10 s at most, and frees it for those who come later', async () => {
    const store = new WatchedStore();
    const { cache, source, lived } = setUp({ store, storeKey: 'k' });
    Object.assign(source, { interactive: true });
    await store.putByOther('k', lived('stored'));
    store.before.read = () => new Promise(() => {});
    const outcome = expect(cache.get()).rejects.toMatchObject({ code: 'ERR_AUTH_STORE' });
    await vi.advanceTimersByTimeAsync(10_000);
    await outcome;
    expect(await cache.get()).toMatchObject({ accessToken: 'stored' });
  });
});

describe('an answer that comes after the deadline', () => {
  async function late(more = {}) {
    const scene = setUp({ deadlineMs: 100, token: token('t0', { expiresAt: 1, ...more }) });
    const outcome = expect(scene.cache.get()).rejects.toMatchObject({ kind: 'timeout' });
    await vi.advanceTimersByTimeAsync(100);
    await outcome;
    return scene;
  }

  it('is used, and ends the back-off: a rotated refresh token is not lost', async () => {
    const { cache, source } = await late();
    source.last.resolve(token('t1', { refreshToken: 'r1' }));
    await vi.advanceTimersByTimeAsync(0);
    expect(cache.get()).toMatchObject({ accessToken: 't1', refreshToken: 'r1' });
    expect(source.calls).toHaveLength(1);
  });

  it('serves the next renewal too, should that fail', async () => {
    const { cache, clock, source } = await late();
    clock.pass(250);
    const waiting = cache.get();
    source.calls[0]?.resolve(token('t1', { refreshToken: 'r1' }));
    await vi.advanceTimersByTimeAsync(0);
    source.calls[1]?.reject(new TokenEndpointError('reused', { kind: 'oauth-error', error: 'invalid_grant' }));
    expect((await waiting).accessToken).toBe('t1');
    expect(cache.get()).toMatchObject({ refreshToken: 'r1' });
  });

  it('is dropped when a later request has brought a newer token', async () => {
    const { cache, clock, source } = await late();
    clock.pass(250);
    const waiting = cache.get();
    source.calls[1]?.resolve(token('t2'));
    await waiting;
    source.calls[0]?.resolve(token('t1'));
    await vi.advanceTimersByTimeAsync(0);
    expect(cache.get()).toMatchObject({ accessToken: 't2' });
  });

  it('gives way to a later request that is answered later still', async () => {
    const { cache, clock, source } = await late();
    clock.pass(250);
    const waiting = cache.get();
    source.calls[0]?.resolve(token('t1'));
    await vi.advanceTimersByTimeAsync(0);
    source.calls[1]?.resolve(token('t2'));
    expect((await waiting).accessToken).toBe('t2');
    expect(cache.get()).toMatchObject({ accessToken: 't2' });
  });

  it.each(['clear', 'set'] as const)('is dropped after %s', async (way) => {
    const { cache, source } = await late();
    await (way === 'clear' ? cache.clear() : cache.set(token('mine')));
    source.calls[0]?.resolve(token('t1'));
    await vi.advanceTimersByTimeAsync(0);
    expect(cache.peek()?.accessToken).toBe(way === 'clear' ? undefined : 'mine');
    expect(source.calls).toHaveLength(1);
  });

  it('is as good as none when it is a failure', async () => {
    const { cache, source } = await late();
    source.last.reject(new Error('late and failed'));
    await vi.advanceTimersByTimeAsync(0);
    await expect(cache.get()).rejects.toMatchObject({ kind: 'timeout' });
  });
});

describe('a request with a refresh token that is good for once', () => {
  async function late(options: TokenCacheOptions = {}) {
    const first = token('t0', { expiresAt: 1, refreshToken: 'r0' });
    const scene = setUp({ deadlineMs: 100, token: first, ...options }, new RefreshingHandSource());
    const outcome = expect(scene.cache.get()).rejects.toMatchObject({ kind: 'timeout' });
    await vi.advanceTimersByTimeAsync(100);
    await outcome;
    return scene;
  }

  it('goes on after the deadline: each caller waits for his own, nobody makes a second one, the answer is used', async () => {
    const { cache, source } = await late();
    expect(source.last.request.signal.aborted).toBe(false);
    const outcome = expect(cache.get()).rejects.toMatchObject({ kind: 'timeout' });
    await vi.advanceTimersByTimeAsync(100);
    await outcome;
    const waiting = cache.get();
    await vi.advanceTimersByTimeAsync(50);
    source.last.resolve(token('t1', { refreshToken: 'r1' }));
    expect(await waiting).toMatchObject({ accessToken: 't1', refreshToken: 'r1' });
    expect(source.calls).toHaveLength(1);
  });

  it('keeps the lease meanwhile', async () => {
    const store = new WatchedStore();
    const { source } = await late({ store, storeKey: 'k' });
    expect(store.steps).not.toContain('release');
    source.last.resolve(token('t1', { refreshToken: 'r1' }));
    await vi.advanceTimersByTimeAsync(0);
    expect(store.steps.at(-1)).toBe('release');
    expect(await store.inner.read('k')).toMatchObject({ token: { refreshToken: 'r1' } });
  });

  it('ends after 300 s; its refresh token is not sent again', async () => {
    const { cache, clock, source } = await late();
    await vi.advanceTimersByTimeAsync(300_000 - 100);
    expect(source.last.request.signal.aborted).toBe(true);
    clock.pass(300_000);
    void cache.get();
    expect(source.calls).toHaveLength(2);
    expect(source.last.request.previous).toMatchObject({ accessToken: 't0' });
    expect(source.last.request.previous).not.toHaveProperty('refreshToken');
  });

  it('may be answered even later: that ends the wait for a login', async () => {
    const { cache, source } = await late({ refreshDeadlineMs: 500 });
    await vi.advanceTimersByTimeAsync(400);
    source.last.resolve(token('t1', { refreshToken: 'r1' }));
    await vi.advanceTimersByTimeAsync(0);
    expect(cache.get()).toMatchObject({ accessToken: 't1', refreshToken: 'r1' });
  });
});

it.each([Number.NaN, -1, '5s'])('a source with the deadline %o is refused', (deadlineMs) => {
  const source = { requestToken: async () => token('t'), deadlineMs: deadlineMs as number };
  expect(() => new TokenCache(source)).toThrow("a source's deadlineMs must be a number of milliseconds");
});
