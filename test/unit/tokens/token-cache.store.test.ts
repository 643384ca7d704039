import { describe, expect, it } from 'vitest';
import { LoginRequiredError, StoreError, TokenEndpointError } from '../../../src/errors.ts';
import { rememberedOf, settle, stateOf, token } from './by-hand.ts';
import { HOUR, setUp as setUpCache } from './cache-by-hand.ts';
import { KEY, setUpStored as setUp } from './stored-cache-by-hand.ts';
import { WatchedStore } from './watched-store.ts';

describe('the first get', () => {
  it('reads the store and uses the living token in it, without a lease or a request', async () => {
    const { cache, store, source, lived } = setUp();
    await store.putByOther(KEY, lived('stored'));
    expect(await cache.get()).toMatchObject({ accessToken: 'stored' });
    expect(store.steps).toEqual(['read']);
    expect(cache.get()).toMatchObject({ accessToken: 'stored' });
    expect(source.calls).toHaveLength(0);
  });

  it('renews with the stored refresh token when the stored token is over', async () => {
    const { cache, store, source, lived } = setUp();
    await store.putByOther(KEY, lived('stored', -1, { refreshToken: 'r7' }));
    void cache.get();
    await settle();
    expect(source.last.request.previous).toMatchObject({ accessToken: 'stored', refreshToken: 'r7' });
  });

  it('prefers what the store holds to a first token, and uses that when the store holds nothing', async () => {
    const stored = setUp({ token: token('seed') });
    await stored.store.putByOther(KEY, stored.lived('stored'));
    expect(stored.cache.peek()).toBeUndefined();
    expect(await stored.cache.get()).toMatchObject({ accessToken: 'stored' });
    const empty = setUp({ token: token('seed') });
    expect(await empty.cache.get()).toMatchObject({ accessToken: 'seed' });
  });

  it('of a source that asks a person fails when the store cannot be read, and works once it can', async () => {
    const { cache, store, source, lived } = setUp();
    Object.assign(source, { interactive: true });
    await store.putByOther(KEY, lived('stored'));
    const broken = new Error('EACCES');
    store.before.read = () => {
      throw broken;
    };
    await expect(cache.get()).rejects.toMatchObject({ code: 'ERR_AUTH_STORE', cause: broken });
    expect(source.calls).toHaveLength(0);
    expect(await cache.get()).toMatchObject({ accessToken: 'stored' });
  });

  it('does without a store that cannot be read, says so once, and leaves it alone for a while', async () => {
    const told: unknown[] = [];
    const { cache, clock, store, source, lived } = setUp({ onRenewalFailed: (error) => told.push(error) });
    const broken = new Error('EACCES');
    store.inner.read = () => Promise.reject(broken);
    store.inner.write = () => Promise.reject(broken);
    for (let call = 0; call < 20; call += 1) {
      const waiting = cache.get();
      await settle();
      source.last.resolve(lived(`t${call}`, 10));
      expect(await waiting).toMatchObject({ accessToken: `t${call}` });
      clock.pass(10);
    }
    expect(source.calls).toHaveLength(20);
    expect(store.steps).toEqual(['read']);
    expect(told).toEqual([expect.objectContaining({ code: 'ERR_AUTH_STORE', cause: broken })]);
  });

  it('takes a stored token that cannot be used for none, and replaces it', async () => {
    const { cache, store, source, lived } = setUp();
    await store.putByOther(KEY, { accessToken: 7 } as never);
    const waiting = cache.get();
    await settle();
    source.last.resolve(lived('t1'));
    await waiting;
    expect(await store.inner.read(KEY)).toMatchObject({ token: { accessToken: 't1' } });
  });

  it('needs a key that says whose tokens these are, from the options or the source', () => {
    const store = new WatchedStore();
    expect(() => setUpCache({ store })).toThrow(expect.objectContaining({ option: 'storeKey' }));
  });
});

describe('a renewal', () => {
  it('goes lease, re-read, request, commit, release; then onToken has been told', async () => {
    const { cache, store, source, lived } = setUp({ onToken: () => void store.steps.push('told' as never) });
    const waiting = cache.get();
    await settle();
    expect(store.steps).toEqual(['read', 'lease', 'read']);
    source.last.resolve(lived('t1'));
    await waiting;
    expect(store.steps).toEqual(['read', 'lease', 'read', 'write', 'told', 'release']);
  });

  it('adopts what somebody else has renewed meanwhile, without a request', async () => {
    const { cache, store, source, first, lived, lines } = setUp();
    const t1 = await first();
    await store.putByOther(KEY, lived('theirs'));
    expect(await cache.renew(t1)).toMatchObject({ accessToken: 'theirs' });
    expect(source.calls).toHaveLength(1);
    expect(lines).toContainEqual({ message: 'adopted from the store', fields: expect.anything() });
  });

  it('adopts what was renewed while it waited for the lease', async () => {
    const { cache, store, source, first, lived } = setUp();
    const t1 = await first();
    const lease = await store.inner.lease(KEY, new AbortController().signal);
    const renewed = cache.renew(t1);
    expect(await stateOf(renewed)).toBe('pending');
    await store.putByOther(KEY, lived('theirs'));
    await lease.release();
    expect(await renewed).toMatchObject({ accessToken: 'theirs' });
    expect(source.calls).toHaveLength(1);
  });

  it('adopts the token of a faster one and never overwrites it', async () => {
    const { cache, store, source, first, lived } = setUp();
    const t1 = await first();
    const renewed = cache.renew(t1);
    await settle();
    await store.putByOther(KEY, lived('winner'));
    source.last.resolve(lived('loser'));
    expect(await renewed).toMatchObject({ accessToken: 'winner' });
    expect(await store.inner.read(KEY)).toMatchObject({ token: { accessToken: 'winner' } });
    expect(source.calls).toHaveLength(2);
  });

  it('starts anew with the refresh token of a faster one whose token is of no use', async () => {
    const { cache, store, source, first, lived } = setUp();
    const t1 = await first();
    const renewed = cache.renew(t1);
    await settle();
    await store.putByOther(KEY, lived('theirs', -1, { refreshToken: 'newest' }));
    source.last.resolve(lived('loser'));
    await settle();
    expect(source.last.request.previous).toMatchObject({ refreshToken: 'newest' });
    source.last.resolve(lived('t3'));
    expect(await renewed).toMatchObject({ accessToken: 't3' });
  });

  it('remembers what was asked for a token that somebody else has written again', async () => {
    const { cache, clock, store, source, lived } = setUp();
    const demand = { scope: ['admin'] };
    const waiting = cache.get(demand);
    await settle();
    source.last.resolve(lived('t1', 1000));
    await waiting;
    clock.pass(1000);
    await store.putByOther(KEY, lived('t1', HOUR));
    expect(await cache.get(demand)).toMatchObject({ accessToken: 't1' });
    expect(source.calls).toHaveLength(1);
  });

  it('gives up with a StoreError when somebody else is faster each time', async () => {
    const { cache, store, source, first, lived } = setUp();
    const t1 = await first();
    const renewed = cache.renew(t1);
    for (let round = 0; round < 3; round += 1) {
      await settle();
      await store.putByOther(KEY, lived('theirs', -1));
      source.last.resolve(lived('loser'));
    }
    await expect(renewed).rejects.toBeInstanceOf(StoreError);
    expect(source.calls).toHaveLength(4);
  });

  it('honours the logout of somebody else', async () => {
    const { cache, store, source, first } = setUp();
    const t1 = await first('t1', { refreshToken: 'r1' });
    await store.endByOther(KEY);
    await expect(cache.renew(t1)).rejects.toBeInstanceOf(LoginRequiredError);
    await expect(cache.get()).rejects.toBeInstanceOf(LoginRequiredError);
    expect(source.calls).toHaveLength(1);
  });

  it('does not bring a token back after a logout while it was being renewed', async () => {
    const { cache, store, source, first, lived } = setUp();
    const t1 = await first('t1', { refreshToken: 'r1' });
    const renewed = cache.renew(t1);
    await settle();
    await store.endByOther(KEY);
    source.last.resolve(lived('undead', HOUR, { refreshToken: 'r2' }));
    await expect(renewed).rejects.toBeInstanceOf(LoginRequiredError);
    expect(await store.inner.read(KEY)).toMatchObject({ ended: { reason: 'cleared' } });
    expect(source.calls).toHaveLength(2);
  });

  it('puts back what the store has lost, before and while it is renewed', async () => {
    const { cache, store, source, first, lived } = setUp();
    const t1 = await first('t1', { refreshToken: 'r1' });
    await store.inner.delete(KEY);
    const renewed = cache.renew(t1);
    await settle();
    expect(source.last.request.previous).toMatchObject({ refreshToken: 'r1' });
    expect(await store.inner.read(KEY)).toMatchObject({ token: { refreshToken: 'r1' } });
    await store.inner.delete(KEY);
    source.last.resolve(lived('t2', HOUR, { refreshToken: 'r2' }));
    expect(await renewed).toMatchObject({ accessToken: 't2' });
    expect(await store.inner.read(KEY)).toMatchObject({ token: { refreshToken: 'r2' }, generation: 3 });
  });

  it('survives a lease that cannot be released, and one that is not given', async () => {
    const { cache, store, source, first, lived } = setUp();
    store.before.release = () => {
      throw new Error('gone');
    };
    const t1 = await first('t1', { refreshToken: 'r1' });
    store.before.lease = () => {
      throw new Error('no quorum');
    };
    await expect(cache.renew(t1)).rejects.toMatchObject({ code: 'ERR_AUTH_STORE', cause: new Error('no quorum') });
    expect(source.calls).toHaveLength(1);
    expect(lived('x')).toBeDefined();
  });

  it('does not ask the source under a lease that is lost already', async () => {
    const { cache, store, source, lived } = setUp();
    const lost = new AbortController();
    lost.abort();
    const lease = store.lease.bind(store);
    store.lease = async (key, signal) => {
      store.lease = lease;
      return { ...(await lease(key, signal)), signal: lost.signal };
    };
    const waiting = cache.get();
    await settle();
    expect(store.steps.filter((step) => step === 'release')).toHaveLength(1);
    expect(source.calls).toHaveLength(1);
    source.last.resolve(lived('t1'));
    await waiting;
  });
});

describe('while a failure is remembered', () => {
  it('a newer token in the store ends it; the store is asked once a second at most', async () => {
    const { cache, clock, store, source, lived } = setUp();
    const error = new TokenEndpointError('no', { kind: 'oauth-error', error: 'invalid_grant' });
    const waiting = cache.get();
    await settle();
    source.last.reject(error);
    await expect(waiting).rejects.toBe(error);
    await expect(cache.get()).rejects.toEqual(rememberedOf(error));
    const reads = store.steps.length;
    for (let i = 0; i < 20; i += 1) await expect(cache.get()).rejects.toEqual(rememberedOf(error));
    expect(store.steps).toHaveLength(reads);
    await store.putByOther(KEY, lived('theirs'));
    clock.pass(1000);
    expect(await cache.get()).toMatchObject({ accessToken: 'theirs' });
    expect(source.calls).toHaveLength(1);
  });

  it('looking into the store takes no lease and does not prolong it', async () => {
    const { cache, clock, store, source, lines } = setUp();
    const error = new TokenEndpointError('no', { kind: 'oauth-error', error: 'invalid_grant' });
    const waiting = cache.get();
    await settle();
    source.last.reject(error);
    await expect(waiting).rejects.toBe(error);
    for (let second = 0; second < 60; second += 1) {
      await expect(cache.get()).rejects.toEqual(rememberedOf(error));
      clock.pass(1000);
    }
    expect(store.steps.filter((step) => step === 'lease')).toHaveLength(1);
    void cache.get();
    await settle();
    expect(source.calls).toHaveLength(2);
    expect(lines.filter(({ message }) => message === 'renewal failed')).toHaveLength(1);
  });

  it('of a token that the source cannot better, a newer one in the store ends it too', async () => {
    const { cache, clock, store, source, first, lived } = setUp({ timeToNextRequestMs: Number.POSITIVE_INFINITY });
    const renewed = cache.renew(await first());
    await settle();
    source.last.resolve(lived('t2'));
    const t2 = await renewed;
    expect(await cache.renew(t2)).toBe(t2);
    const reads = store.steps.length;
    expect(cache.renew(t2)).toBe(t2);
    expect(store.steps).toHaveLength(reads);
    await store.putByOther(KEY, lived('theirs'));
    clock.pass(1000);
    expect(await cache.renew(t2)).toMatchObject({ accessToken: 'theirs' });
    expect(source.calls).toHaveLength(2);
  });
});
