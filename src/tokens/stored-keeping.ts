import { boundStore } from './bound-store.ts';
import type { Keeping, KeepingOptions } from './keeping.ts';
import type { TokenStore } from './store.ts';
import { storeKeyOf } from './store-key.ts';
import { StoreRest } from './store-rest.ts';
import { StoreSlot } from './store-slot.ts';
import { StoredRenewer } from './stored-renewer.ts';
import { StoredVault } from './stored-vault.ts';
import type { VaultOptions } from './token-vault.ts';

/**
 * Connects a cache to the store it is a method of.
 *
 * @throws {@link ConfigurationError} when nobody knows whose tokens these are.
 */
export function keepInStore(this: TokenStore, options: KeepingOptions, vaultOptions: VaultOptions): Keeping {
  const { source, storeKey, clock, deadlineMs } = options;
  const store = boundStore(this, source);
  const slot = new StoreSlot(store, storeKeyOf(source, store, storeKey), deadlineMs);
  const rest = new StoreRest(clock);
  const vault = new StoredVault(vaultOptions, slot, rest);
  return { vault, renewer: (renewerOptions) => new StoredRenewer(renewerOptions, vault, slot, rest) };
}
