import type { Lease, TokenStore } from './store.ts';
import type { TokenSource } from './token.ts';

/**
 * A store as a source must see it: where tokens are bound to a key, the key's thumbprint is part of the store key, even
 * of one that the user has named. With another key these tokens are never found.
 */
export function boundStore(store: TokenStore, { proof }: TokenSource): TokenStore {
  if (proof === undefined) return store;
  const bound = async (key: string) => JSON.stringify([key, await proof.thumbprint()]);
  const lease = store.lease?.bind(store);
  const hmacKey = store.hmacKey?.bind(store);
  return {
    read: async (key) => store.read(await bound(key)),
    write: async (key, record, expectedVersion) => store.write(await bound(key), record, expectedVersion),
    delete: async (key, expectedVersion) => store.delete(await bound(key), expectedVersion),
    ...(hmacKey !== undefined && { hmacKey }),
    ...(lease !== undefined && {
      lease: async (key: string, signal: AbortSignal): Promise<Lease> => lease(await bound(key), signal),
    }),
  };
}
