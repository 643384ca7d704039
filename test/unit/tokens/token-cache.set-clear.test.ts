import { describe, expect, it } from 'vitest';
import { CredentialError, LoginRequiredError, StoreError, TokenEndpointError } from '../../../src/errors.ts';
import { MemoryTokenStore } from '../../../src/tokens/memory-store.ts';
import type { Token } from '../../../src/tokens/token.ts';
import { settle, token } from './by-hand.ts';
import { HOUR, setUp as setUpCache } from './cache-by-hand.ts';
import { KEY, setUpStored as setUp } from './stored-cache-by-hand.ts';

/** What a logout leaves in the store, so that nobody takes the token for lost. */
const tombstone = expect.objectContaining({ ended: { reason: 'cleared', at: expect.any(Number) } });
const noToken = expect.not.objectContaining({ token: expect.anything() });

type Scene = ReturnType<typeof setUp>;

describe('clear', () => {
  it('forgets the token here and in the store', async () => {
    const { cache, store, source, first } = setUp();
    await first();
    const cleared = cache.clear();
    expect(cache.peek()).toBeUndefined();
    await cleared;
    expect(await store.inner.read(KEY)).toEqual(tombstone);
    await expect(cache.get()).rejects.toBeInstanceOf(LoginRequiredError);
    expect(source.calls).toHaveLength(1);
  });

  it('leaves what somebody else has written since', async () => {
    const { cache, store, first, lived } = setUp();
    await first();
    await store.putByOther(KEY, lived('theirs'));
    await cache.clear();
    expect(await store.inner.read(KEY)).toMatchObject({ token: { accessToken: 'theirs' } });
    expect(await cache.get()).toMatchObject({ accessToken: 'theirs' });
  });

  it('deletes a stored token that this cache has not even looked at', async () => {
    const { cache, store, lived } = setUp();
    await store.putByOther(KEY, lived('stored'));
    await cache.clear();
    expect(await store.inner.read(KEY)).toEqual(tombstone);
    expect(await store.inner.read(KEY)).toEqual(noToken);
  });

  it('of a store that nobody has looked at yet remembers the refresh token that somebody else is just sending', async () => {
    const { cache, store } = setUp();
    const inUse = { fingerprint: 'sent-by-other', at: 0, by: 'process 2' };
    await store.inner.write(
      KEY,
      { generation: 3, used: ['spent'], ended: { reason: 'cleared', at: 0 }, inUse },
      undefined,
    );
    await cache.clear();
    expect(await store.inner.read(KEY)).toMatchObject({ generation: 4, used: ['spent', 'sent-by-other'] });
  });

  it('ends a renewal: those who wait are told, and its token is dropped', async () => {
    const { cache, store, source, first, lived } = setUp();
    const t1 = await first();
    const waiting = cache.renew(t1);
    const wide = cache.get({ scope: ['a'] });
    const outcome = [expect(waiting).rejects.toBeInstanceOf(CredentialError), expect(wide).rejects.toThrow('cleared')];
    await settle();
    await cache.clear();
    await Promise.all(outcome);
    expect(source.last.request.signal.aborted).toBe(true);
    source.last.resolve(lived('undead'));
    await settle();
    expect(cache.peek()).toBeUndefined();
    expect(await store.inner.read(KEY)).toEqual(tombstone);
    expect(await store.inner.read(KEY)).toEqual(noToken);
    expect(source.calls).toHaveLength(2);
  });

  /** Clears while the commit of a renewed token is under way. */
  async function clearDuringCommit(onToken: (made: Token) => void, meanwhile: (scene: Scene) => Promise<unknown>) {
    const scene = setUp({ onToken });
    const { cache, store, source, first, lived } = scene;
    const waiting = cache.renew(await first());
    const outcome = expect(waiting).rejects.toBeInstanceOf(CredentialError);
    await settle();
    let write = () => {};
    store.before.write = () => new Promise((resolve) => (write = resolve));
    source.last.resolve(lived('undead'));
    await settle();
    const cleared = cache.clear();
    await meanwhile(scene);
    write();
    await cleared;
    await outcome;
    await settle();
    return scene;
  }

  it('deletes what a commit under way writes, and tells nobody', async () => {
    const told: string[] = [];
    const { cache, store } = await clearDuringCommit((made) => void told.push(made.accessToken), settle);
    expect(await store.inner.read(KEY)).toEqual(tombstone);
    expect(await store.inner.read(KEY)).toEqual(noToken);
    expect(cache.peek()).toBeUndefined();
    expect(told).toEqual(['t1']);
  });

  it('adopts nothing when that commit meets the token of somebody else', async () => {
    const { cache } = await clearDuringCommit(
      () => {},
      ({ store, lived }) => store.putByOther(KEY, lived('theirs')),
    );
    expect(cache.peek()).toBeUndefined();
  });

  it('while onToken is at work drops the token that it is told of', async () => {
    let done = () => {};
    const { cache, source } = setUpCache({ onToken: () => new Promise((resolve) => (done = resolve)) });
    const outcome = expect(cache.get()).rejects.toThrow('cleared');
    source.last.resolve(token('undead'));
    await settle();
    await cache.clear();
    done();
    await outcome;
    await settle();
    expect(cache.peek()).toBeUndefined();
  });

  it('forgets a first token that has not been used yet', async () => {
    const { cache, source } = setUpCache({ store: new MemoryTokenStore(), storeKey: KEY, token: token('seed') });
    await cache.clear();
    await expect(cache.get()).rejects.toBeInstanceOf(LoginRequiredError);
    expect(source.calls).toHaveLength(0);
  });

  it.each(['set', 'login'] as const)('is over after %s', async (way) => {
    const { cache, source, lived } = setUp();
    const outcome = expect(cache.get()).rejects.toThrow('cleared');
    await settle();
    await cache.clear();
    await outcome;
    await expect(cache.get()).rejects.toBeInstanceOf(LoginRequiredError);
    if (way === 'set') await cache.set(lived('new'));
    else {
      const login = cache.login();
      await settle();
      source.last.resolve(lived('new'));
      await login;
    }
    expect(cache.get()).toMatchObject({ accessToken: 'new' });
  });

  it('forgets the token here even though the store fails', async () => {
    const { cache, store, first } = setUp();
    await first();
    store.before.write = () => Promise.reject(new Error('read-only'));
    await expect(cache.clear()).rejects.toBeInstanceOf(StoreError);
    expect(cache.peek()).toBeUndefined();
  });
});

describe('set', () => {
  it('takes effect at once without a store, and makes the user no request', () => {
    const { cache, source } = setUpCache();
    void cache.set(token('mine'));
    expect(cache.get()).toMatchObject({ accessToken: 'mine' });
    expect(source.calls).toHaveLength(0);
  });

  it('replaces what is in the store, whoever wrote it', async () => {
    const { cache, store, first, lived } = setUp();
    await first();
    await store.putByOther(KEY, lived('theirs'));
    await cache.set(token('mine'));
    expect(cache.get()).toMatchObject({ accessToken: 'mine' });
    expect(await store.inner.read(KEY)).toMatchObject({ token: { accessToken: 'mine' } });
  });

  it('never leaves the former token to anybody, not even while the new one is being written', async () => {
    const { cache, first } = setUp();
    await first();
    void cache.set(token('mine'));
    expect(await cache.get()).toMatchObject({ accessToken: 'mine' });
  });

  it('gives the token to those who wait for a renewal, and drops what that brings', async () => {
    const { cache, source, first, lived } = setUp();
    const t1 = await first();
    const waiting = cache.renew(t1);
    await settle();
    await cache.set(token('mine'));
    expect(await waiting).toMatchObject({ accessToken: 'mine' });
    source.last.resolve(lived('undead'));
    await settle();
    expect(cache.get()).toMatchObject({ accessToken: 'mine' });
    expect(source.calls).toHaveLength(2);
  });

  it('does not mix with the refresh token of somebody else', async () => {
    const { cache, first } = setUp();
    await first();
    await cache.set(token('mine'));
    expect(await cache.get()).not.toHaveProperty('refreshToken');
  });

  it('wins over what the store is just being read for', async () => {
    const { cache, store, lived } = setUp();
    await store.putByOther(KEY, lived('stored'));
    let read = () => {};
    store.before.read = () => new Promise((resolve) => (read = resolve));
    const waiting = cache.get();
    await settle();
    const set = cache.set(token('mine'));
    read();
    await set;
    expect(await waiting).toMatchObject({ accessToken: 'mine' });
    expect(cache.get()).toMatchObject({ accessToken: 'mine' });
  });

  it('is newer than what the store is just being read for, and what is being sent there is used up', async () => {
    const { cache, store } = setUp();
    const inUse = { fingerprint: 'sent-by-other', at: 0, by: 'process 2' };
    await store.inner.write(KEY, { generation: 14, used: [], token: token('theirs'), inUse }, undefined);
    let read = () => {};
    store.before.read = () => new Promise((resolve) => (read = resolve));
    const waiting = cache.get();
    await settle();
    const set = cache.set(token('mine'));
    read();
    await Promise.all([set, waiting]);
    const stored = await store.inner.read(KEY);
    expect(stored).toMatchObject({ generation: 15, used: ['sent-by-other'], token: { accessToken: 'mine' } });
  });

  it('during a renewal: the failure of that one does not make the next request undone', async () => {
    const { cache, store, source, first, clock } = setUp({ timeToNextRequestMs: 0 });
    await first('t1', { refreshToken: 'r1' });
    clock.pass(2 * HOUR);
    const old = cache.get();
    await settle();
    const former = source.last;
    await cache.set(token('t2', { refreshToken: 'r2', expiresAt: 1 }));
    await settle();
    expect(source.calls).toHaveLength(3);
    former.reject(new TokenEndpointError('refused', { kind: 'network', cause: { code: 'ECONNREFUSED' } }));
    await settle();
    expect((await store.inner.read(KEY))?.inUse).toBeDefined();
    source.last.resolve(token('t3'));
    expect(await old).toMatchObject({ accessToken: 't3' });
  });

  it('that cannot be written says so, and is tried again before the token is used', async () => {
    const { cache, store } = setUp();
    store.before.write = () => Promise.reject(new Error('disk full'));
    await expect(cache.set(token('mine'))).rejects.toBeInstanceOf(StoreError);
    expect(cache.peek()).toBeUndefined();
    expect(await cache.get()).toMatchObject({ accessToken: 'mine' });
    expect(await store.inner.read(KEY)).toMatchObject({ token: { accessToken: 'mine' } });
  });
});
