import { boundStore } from './bound-store.ts';
import type { Keeping } from './keeping.ts';
import type { TokenStore } from './store.ts';
import { storeKeyOf } from './store-key.ts';
import { StoreRest } from './store-rest.ts';
import { StoreSlot } from './store-slot.ts';
import { StoredRenewer } from './stored-renewer.ts';
import { StoredVault } from './stored-vault.ts';
import type { VaultSettings } from './token-vault.ts';

/**
 * Connects a cache to the store it is a method of.
 *
 * @throws {@link ConfigurationError} when nobody knows whose tokens these are.
 */
export function keepInStore(this: TokenStore, settings: VaultSettings): Keeping {
  const { source, storeKey, clock, deadlineMs } = settings;
  const store = boundStore(this, source);
  const slot = new StoreSlot(store, storeKeyOf(source, store, storeKey), deadlineMs);
  const rest = new StoreRest(clock);
  const vault = new StoredVault(settings, slot, rest);
  return { vault, renewer: (failures) => new StoredRenewer(settings, vault, failures, slot, rest) };
}
