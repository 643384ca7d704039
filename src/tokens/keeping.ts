import type { Clock } from './clock.ts';
import type { Renewer, RenewerOptions } from './renewer.ts';
import type { TokenStore } from './store.ts';
import type { TokenSource } from './token.ts';
import type { TokenVault, VaultOptions } from './token-vault.ts';

/** How a cache keeps and renews tokens that live beyond its memory. */
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

/** Where a store carries what connects a cache to it, so that programs without a store don't. */
export const KEEP: unique symbol = Symbol.for('authwire.keep');

/**
 * A store that option `store` takes: one of authwire's, or a {@link TokenStore} of your own, made ready by
 * {@link tokenStore}.
 */
export interface SharedTokenStore extends TokenStore {
  /** Connects a cache to the store. For authwire alone. */
  [KEEP](options: KeepingOptions, vault: VaultOptions): Keeping;
}
