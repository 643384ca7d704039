import { describe, expect, it } from 'vitest';
import { MemoryTokenStore } from '../../../src/tokens/memory-store.ts';
import { TokenCache } from '../../../src/tokens/token-cache.ts';
import { HandSource, settle, stateOf, token } from './by-hand.ts';

const never = new AbortController().signal;

describe('MemoryTokenStore', () => {
  it('writes only over the version that was expected', async () => {
    const store = new MemoryTokenStore();
    const first = await store.write('k', { token: token('a') }, undefined);
    expect(first.ok).toBe(true);
    const current = await store.read('k');
    expect(await store.write('k', { token: token('b') }, undefined)).toEqual({ ok: false, current });
    expect(await store.write('k', { token: token('b') }, 'other')).toEqual({ ok: false, current });
    expect(await store.write('k', { token: token('b') }, current?.version)).toMatchObject({ ok: true });
    expect(await store.read('k')).toMatchObject({ token: { accessToken: 'b' } });
  });

  it('says that nothing stands there any more', async () => {
    expect(await new MemoryTokenStore().write('k', { token: token('a') }, '1')).toEqual({
      ok: false,
      current: undefined,
    });
  });

  it('never uses a version twice, not even after a deletion', async () => {
    const store = new MemoryTokenStore();
    await store.write('k', { token: token('a') }, undefined);
    const former = await store.read('k');
    await store.delete('k');
    await store.write('k', { token: token('b') }, undefined);
    expect((await store.read('k'))?.version).not.toBe(former?.version);
    await store.delete('k', former?.version);
    expect(await store.read('k')).toBeDefined();
  });

  it('deletes the expected version, or whatever stands there', async () => {
    const store = new MemoryTokenStore();
    await store.write('k', { token: token('a') }, undefined);
    await store.delete('k', 'other');
    expect(await store.read('k')).toBeDefined();
    await store.delete('k', (await store.read('k'))?.version);
    expect(await store.read('k')).toBeUndefined();
    await store.delete('k');
  });

  it('keeps keys apart', async () => {
    const store = new MemoryTokenStore();
    await store.write('a', { token: token('a') }, undefined);
    expect(await store.read('b')).toBeUndefined();
    const lease = await store.lease('a', never);
    expect(await stateOf(store.lease('b', never))).toBe('resolved');
    await lease.release();
  });

  it('gives the lease of a key to one at a time, in order', async () => {
    const store = new MemoryTokenStore();
    const first = await store.lease('k', never);
    const [second, third] = [store.lease('k', never), store.lease('k', never)];
    expect(await stateOf(second)).toBe('pending');
    await first.release();
    await first.release();
    expect(await stateOf(second)).toBe('resolved');
    expect(await stateOf(third)).toBe('pending');
    await (await second).release();
    expect(await stateOf(third)).toBe('resolved');
  });

  it('stops waiting for a lease when the signal aborts, and passes the turn on', async () => {
    const store = new MemoryTokenStore();
    const first = await store.lease('k', never);
    const controller = new AbortController();
    const impatient = store.lease('k', controller.signal);
    const patient = store.lease('k', never);
    controller.abort(new Error('enough'));
    await expect(impatient).rejects.toThrow('enough');
    await expect(store.lease('k', controller.signal)).rejects.toThrow('enough');
    await first.release();
    expect(await stateOf(patient)).toBe('resolved');
  });

  it('lets two caches share one token and one renewal', async () => {
    const store = new MemoryTokenStore();
    const source = new HandSource();
    const caches = [1, 2].map(() => new TokenCache(source, { store, storeKey: 'k' }));
    const waiting = caches.map((cache) => cache.get());
    await settle();
    source.last.resolve(token('t1'));
    for (const promise of waiting) expect(await promise).toMatchObject({ accessToken: 't1' });
    expect(source.calls).toHaveLength(1);
  });
});
