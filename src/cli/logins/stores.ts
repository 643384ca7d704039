import { fileTokenStore } from '../../node/stores/file-token-store.ts';
import { keyringTokenStore } from '../../node/stores/keyring-token-store.ts';
import type { PersistentTokenStore } from '../../node/stores/persistent-store.ts';

/** What keeps the logins of the command line. In memory none would outlive the command. */
export const STORES = ['auto', 'keyring', 'file'] as const;

export type StoreName = (typeof STORES)[number];

/**
 * Opens the store of the command line's logins.
 *
 * @param name - Default: `auto`.
 * @param tell - Told that the keyring is not there and what is used instead.
 */
export function openStore(name: StoreName | undefined, tell: (message: string) => void): PersistentTokenStore {
  if (name === 'file') return fileTokenStore();
  return keyringTokenStore(name === 'keyring' ? { fallback: 'none' } : { fallback: 'file', onFallback: tell });
}
