import { ConfigurationError } from '../errors.ts';
import { KEEP, type SharedTokenStore } from './keeping.ts';
import type { TokenStore } from './store.ts';
import { keepInStore } from './stored-keeping.ts';

/**
 * Makes a {@link TokenStore} of your own ready for option `store`. Everything that sharing tokens needs comes with it, so
 * that programs without a store don't carry it.
 *
 * @example
 * const auth = new AuthBearer(source, { store: tokenStore(new TableStore()), storeKey: 'tenant-1' });
 * @throws {@link ConfigurationError} when a method is missing.
 */
export function tokenStore(store: TokenStore): SharedTokenStore {
  const { read, write, delete: remove, lease, hmacKey } = (store ?? {}) as Partial<TokenStore>;
  for (const [name, method] of Object.entries({ read, write, delete: remove })) {
    if (typeof method === 'function') continue;
    throw new ConfigurationError(
      `tokenStore takes a store with the methods read, write and delete: ${name} is missing.`,
    );
  }
  return {
    read: (key) => store.read(key),
    write: (key, record, expectedVersion) => store.write(key, record, expectedVersion),
    delete: (key, expectedVersion) => store.delete(key, expectedVersion),
    ...(lease !== undefined && { lease: lease.bind(store) }),
    ...(hmacKey !== undefined && { hmacKey: hmacKey.bind(store) }),
    [KEEP]: keepInStore,
  };
}
