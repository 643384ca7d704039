import { describe, expect, it, vi } from 'vitest';
import { boundStore } from '../../../src/tokens/bound-store.ts';
import { MemoryTokenStore } from '../../../src/tokens/memory-store.ts';
import type { TokenStore } from '../../../src/tokens/store.ts';
import type { TokenSource } from '../../../src/tokens/token.ts';
import { TokenCache } from '../../../src/tokens/token-cache.ts';

/** A source whose tokens are bound to the key with this thumbprint. */
function sourceOf(jkt: string): TokenSource & { readonly asked: () => number } {
  const requestToken = vi.fn(async () => ({ accessToken: `of-${jkt}`, tokenType: 'DPoP' }));
  const proof = { thumbprint: async () => jkt, prove: async () => undefined, isOutdated: () => false };
  return { requestToken, proof, storeKey: 'own', asked: () => requestToken.mock.calls.length };
}

describe('tokens that are bound to a key', () => {
  it.each([{}, { storeKey: 'tenant-1' }])(
    'are found in a store by those with the same key only: %o',
    async (options) => {
      const store = new MemoryTokenStore();
      const [first, same, other] = [sourceOf('a'), sourceOf('a'), sourceOf('b')];
      const get = async (source: TokenSource) =>
        (await new TokenCache(source, { store, ...options }).get()).accessToken;
      expect(await get(first)).toBe('of-a');
      expect(await get(same)).toBe('of-a');
      expect(await get(other)).toBe('of-b');
      expect([first.asked(), same.asked(), other.asked()]).toEqual([1, 0, 1]);
    },
  );

  it('are deleted and leased under the same key as they are written', async () => {
    const store = new MemoryTokenStore();
    const bound = boundStore(store, sourceOf('a')) as Required<TokenStore>;
    await bound.write('k', { token: { accessToken: 't', tokenType: 'DPoP' } }, undefined);
    expect(await store.read('k')).toBeUndefined();
    const stored = await bound.read('k');
    const lease = vi.spyOn(store, 'lease');
    await (await boundLease(store)).release();
    expect(lease).toHaveBeenCalledWith('["k","a"]', expect.any(AbortSignal));
    await bound.delete('k', stored?.version);
    expect(await bound.read('k')).toBeUndefined();
  });

  it('need no lease where the store gives none', () => {
    const { read, write, delete: remove } = new MemoryTokenStore();
    expect(boundStore({ read, write, delete: remove }, sourceOf('a'))).not.toHaveProperty('lease');
  });
});

it('a store of bearer tokens is left as it is', () => {
  const store = new MemoryTokenStore();
  const { requestToken } = sourceOf('a');
  expect(boundStore(store, { requestToken })).toBe(store);
});

const boundLease = (store: TokenStore) =>
  (boundStore(store, sourceOf('a')) as Required<TokenStore>).lease('k', new AbortController().signal);
