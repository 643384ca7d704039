/**
 * Where tokens live beyond this object's memory. Stores know nothing of renewal, the cache nothing of files.
 *
 * A store keeps one {@link TokenRecord} per key and treats it as opaque JSON: `JSON.parse(JSON.stringify(record))` is the
 * same record. What the parts mean is the cache's affair, so a store has four things to do: read, compare-and-swap, delete
 * and, where several processes share it, lease.
 */

import type { Token } from './token.ts';

/** The most fingerprints that a record remembers of used refresh tokens: the newest. */
export const MAX_USED = 16;

/** A refresh token has been sent, and the answer is not in the store yet. */
export interface InUse {
  /** The refresh token's fingerprint, as in {@link TokenRecord.used}. */
  readonly fingerprint: string;
  /** When the request went out, in milliseconds since the epoch. */
  readonly at: number;
  /** How often this refresh token has been sent; absent: once. More than once only within `replayWindowMs`. */
  readonly sent?: number;
  /** The process that sent it, such as `4711@host`, for error messages. */
  readonly by?: string;
}

/**
 * The login has ended. `'cleared'`: somebody logged out. `'dead'`: the authorization server ended it (`invalid_grant`).
 * Older tokens in memory or in a backup are no longer used.
 */
export interface Ended {
  /** How the login ended. */
  readonly reason: 'cleared' | 'dead';
  /** When it ended, in milliseconds since the epoch. */
  readonly at: number;
}

/** What a store keeps under one key: one JSON object, at most a few kB plus the token. */
export interface TokenRecord {
  /** Absent where there is none: see `ended`, or a request for the first token is out and only `inUse` is known. */
  readonly token?: Token;
  /**
   * Orders the records of one key: a larger one is newer, whatever the versions say. It grows with each write (of a token, a
   * journal mark, a tombstone) and never falls, so that a store that was rolled back differs from one that is ahead. A record
   * without it counts as 0.
   */
  readonly generation?: number;
  /** The journal: written before a refresh token goes out, dropped by the commit of the answer. */
  readonly inUse?: InUse;
  /** The tombstone. After `'dead'` an access token that has not expired may stay in the record, without a refresh token. */
  readonly ended?: Ended;
  /** The server has answered a refresh and kept the refresh token: it may be sent any number of times. */
  readonly reusable?: true;
  /**
   * Fingerprints (SHA-256, base64url, shortened) of refresh tokens that are used up, oldest first, at most
   * {@link MAX_USED}. They are never sent again.
   */
  readonly used?: readonly string[];
}

/** A record with the version under which it was written. Versions are opaque and compared by equality only. */
export interface StoredToken extends TokenRecord {
  /** Changes with each write. */
  readonly version: string;
}

/**
 * `ok`: written, with the new version. Otherwise another writer was first, and `current` is the record that it wrote.
 */
export type WriteResult =
  | {
      /** The record was written. */
      readonly ok: true;
      /** Its version. */
      readonly version: string;
    }
  | {
      /** Another writer was first. */
      readonly ok: false;
      /** The stored record; `undefined` if there is none. */
      readonly current: StoredToken | undefined;
    };

/** Sole right to renew one key, until it is released or lost. */
export interface Lease {
  /** Aborts when the lease is lost: the holder then writes only over the version that it has read. */
  readonly signal: AbortSignal;
  /** Gives the right back. Nobody waits for it, and what it throws is ignored: a lease runs out by itself. */
  release(): Promise<void>;
}

/**
 * A place for tokens with compare-and-swap, so that a loser can never overwrite or delete what a winner wrote. What a
 * method throws reaches callers as the cause of a {@link StoreError}. Each call has a deadline: a store that hangs delays
 * nobody for longer.
 *
 * @example
 * // The smallest store of your own: one process, one table.
 * class TableStore implements TokenStore {
 *   async read(key) { return table.get(key); }
 *   async write(key, record, expectedVersion) {
 *     const current = table.get(key);
 *     if (current?.version !== expectedVersion) return { ok: false, current };
 *     const version = crypto.randomUUID();
 *     table.set(key, { ...record, version });
 *     return { ok: true, version };
 *   }
 *   async delete(key, expectedVersion) {
 *     if (expectedVersion === undefined || table.get(key)?.version === expectedVersion) table.delete(key);
 *   }
 * }
 * const auth = new AuthBearer(source, { store: tokenStore(new TableStore()), storeKey: 'tenant-1' });
 */
export interface TokenStore {
  /** What stands under the key, unchanged; `undefined` if nothing does. A record that cannot be parsed counts as nothing. */
  read(key: string): Promise<StoredToken | undefined>;
  /** Writes if what stands there still has `expectedVersion` (`undefined`: if nothing stands there). */
  write(key: string, record: TokenRecord, expectedVersion: string | undefined): Promise<WriteResult>;
  /**
   * Removes every trace; with `expectedVersion` only if that version still stands there. This is housekeeping, not a
   * logout: the cache never calls it, and a process that still holds a token takes the record for lost and puts it back.
   * A logout writes a tombstone.
   */
  delete(key: string, expectedVersion?: string): Promise<void>;
  /** Where several processes share the store: waits for the sole right to renew `key`. */
  lease?(key: string, signal: AbortSignal): Promise<Lease>;
  /**
   * The key for the HMACs of passwords and assertions that are part of store keys, so that a stolen list of keys tells
   * nobody a password: 32 random bytes, made once and kept beside the tokens. Default: the cache keeps one in the store, as
   * a record of its own under the key `authwire:hmac-key`.
   */
  hmacKey?(): Promise<Uint8Array>;
}
