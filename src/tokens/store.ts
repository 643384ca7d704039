/**
 * Where tokens live beyond this object's memory. Stores know nothing of renewal, the cache nothing of files.
 */

import type { Token } from './token.ts';

/** A token with the version under which it was written. Versions are opaque and compared by equality only. */
export interface StoredToken {
  readonly token: Token;
  readonly version: string;
}

/**
 * `ok`: written, under this new version. Otherwise somebody else was faster: `current` is what stands there now.
 */
export type WriteResult =
  | { readonly ok: true; readonly version: string }
  | { readonly ok: false; readonly current: StoredToken | undefined };

/** Sole right to renew one key, until it is released or lost. */
export interface Lease {
  /** Aborts when the lease is lost: what is done after that may collide with somebody else. */
  readonly signal: AbortSignal;
  release(): Promise<void>;
}

/** A place for tokens with compare-and-swap, so that a loser can never overwrite or delete what a winner wrote. */
export interface TokenStore {
  read(key: string): Promise<StoredToken | undefined>;
  /** Writes if what stands there still has `expectedVersion` (`undefined`: if nothing stands there). */
  write(key: string, token: Token, expectedVersion: string | undefined): Promise<WriteResult>;
  /** Deletes; with `expectedVersion` only if that version still stands there. */
  delete(key: string, expectedVersion?: string): Promise<void>;
  /** Where several processes share the store: waits for the sole right to renew `key`. */
  lease?(key: string, signal: AbortSignal): Promise<Lease>;
}
