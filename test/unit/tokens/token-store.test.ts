import { expect, it, vi } from 'vitest';
import { AuthBearer } from '../../../src/authenticators/bearer.ts';
import { ConfigurationError } from '../../../src/errors.ts';
import { MemoryTokenStore } from '../../../src/tokens/memory-store.ts';
import type { TokenStore } from '../../../src/tokens/store.ts';
import { TokenCache } from '../../../src/tokens/token-cache.ts';
import { tokenStore } from '../../../src/tokens/token-store.ts';
import { token } from './by-hand.ts';

/** A store as somebody else writes it: a class with private state. */
class OwnStore implements TokenStore {
  readonly #inner = new MemoryTokenStore();
  readonly read: TokenStore['read'] = vi.fn((key: string) => this.#inner.read(key));
  write: TokenStore['write'] = (key, record, expected) => this.#inner.write(key, record, expected);
  delete(key: string, expected?: string) {
    return this.#inner.delete(key, expected);
  }
}

class LeasingStore extends OwnStore {
  readonly #inner = new MemoryTokenStore();
  readonly leased: string[] = [];
  lease(key: string, signal: AbortSignal) {
    this.leased.push(key);
    return this.#inner.lease(key, signal);
  }
  hmacKey() {
    return this.#inner.hmacKey();
  }
}

const source = (accessToken: string) => ({ requestToken: async () => token(accessToken) });

it('makes a store of one’s own one that caches share', async () => {
  const own = new OwnStore();
  const cacheOf = (name: string) => new TokenCache(source(name), { store: tokenStore(own), storeKey: 'k' });
  expect((await cacheOf('first').get()).accessToken).toBe('first');
  expect((await cacheOf('second').get()).accessToken).toBe('first');
});

it('hands on leases and the HMAC key where the store has them', async () => {
  const leasing = new LeasingStore();
  await new TokenCache(source('t'), { store: tokenStore(leasing), storeKey: 'k' }).get();
  expect(leasing.leased).toEqual(['k']);
  expect(await tokenStore(leasing).hmacKey?.()).toHaveLength(32);
  const plain = tokenStore(new OwnStore());
  expect([plain.lease, plain.hmacKey]).toEqual([undefined, undefined]);
});

it('removes an entry of one version only', async () => {
  const store = tokenStore(new OwnStore());
  await store.write('k', { token: token('t') }, undefined);
  await store.delete('k', 'another');
  expect((await store.read('k'))?.token).toEqual(token('t'));
  await store.delete('k');
  expect(await store.read('k')).toBeUndefined();
});

it.each([{}, undefined, { read() {}, write() {} }])('refuses what is no store: %o', (given) => {
  expect(() => tokenStore(given as never)).toThrow(ConfigurationError);
});

it('a store that was not made ready is refused with the line to write', () => {
  const create = () => new AuthBearer(source('t'), { store: new OwnStore() as never, storeKey: 'k' });
  expect(create).toThrow(
    "option 'store' must be a token store, of authwire or your own as in store: tokenStore(yours)",
  );
});
