import type { FailureMemory } from './failure-memory.ts';
import type { Renewer } from './renewer.ts';
import type { TokenStore } from './store.ts';
import type { TokenVault, VaultSettings } from './token-vault.ts';

/** How a cache keeps and renews tokens that are more than an access token in its memory. */
export interface Keeping {
  readonly vault: TokenVault;
  renewer(failures: FailureMemory): Renewer;
}

/** Where a store or source carries what it needs of a cache, so that programs without one don't carry it. */
export const KEEP: unique symbol = Symbol.for('authwire.keep');

/** Connects a cache to a store or source. For authwire alone. */
export interface Keeper {
  [KEEP](settings: VaultSettings): Keeping;
}

/**
 * A store that option `store` takes: one of authwire's, or a {@link TokenStore} of your own, made ready by
 * {@link tokenStore}.
 */
export interface SharedTokenStore extends TokenStore, Keeper {}
