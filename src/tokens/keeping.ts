import type { Clock } from './clock.ts';
import type { Renewer, RenewerOptions } from './renewer.ts';
import type { TokenStore } from './store.ts';
import type { TokenSource } from './token.ts';
import type { TokenVault, VaultOptions } from './token-vault.ts';

/** How a cache keeps and renews tokens that are more than an access token in its memory. */
export interface Keeping {
  readonly vault: TokenVault;
  renewer(options: RenewerOptions): Renewer;
}

export interface KeepingOptions {
  readonly source: TokenSource;
  readonly storeKey: string | undefined;
  readonly clock: Clock;
  readonly deadlineMs: number;
}

/** Where a store or source carries what it needs of a cache, so that programs without one don't carry it. */
export const KEEP: unique symbol = Symbol.for('authwire.keep');

/** Connects a cache to a store or source. For authwire alone. */
export interface Keeper {
  [KEEP](options: KeepingOptions, vault: VaultOptions): Keeping;
}

/**
 * A store that option `store` takes: one of authwire's, or a {@link TokenStore} of your own, made ready by
 * {@link tokenStore}.
 */
export interface SharedTokenStore extends TokenStore, Keeper {}
