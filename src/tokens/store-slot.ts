import { Mutex } from 'async-mutex';
import { AuthError, StoreError } from '../errors.ts';
import { withSafeCause } from '../logging/safe-cause.ts';
import { withDeadline } from './deadline.ts';
import type { Lease, StoredToken, TokenStore, WriteResult } from './store.ts';
import type { Token } from './token.ts';

/** What a read found, and whether somebody else has been there since we last looked. */
export interface Reading {
  readonly stored: StoredToken | undefined;
  readonly changed: boolean;
}

/** A store that takes longer than this is broken. */
const STORE_DEADLINE_MS = 30_000;
/** How often a token that the user set is written against somebody who is faster each time. */
const MAX_OVERRIDES = 5;

/**
 * One key of a store: remembers the version that we know, lets one of us in at a time, and turns whatever the store
 * throws into a {@link StoreError}.
 */
export class StoreSlot {
  readonly #store: TokenStore | undefined;
  readonly #key: string;
  readonly #turns = new Mutex();
  #version: string | undefined;
  #known = false;

  constructor(store: TokenStore | undefined, key: string) {
    this.#store = store;
    this.#key = key;
  }

  /** Is there a store at all? */
  get exists(): boolean {
    return this.#store !== undefined;
  }

  read(): Promise<Reading> {
    return this.#exclusive('read', (store) => this.#read(store));
  }

  /**
   * Writes a token in the place of the version that we know.
   *
   * @param overrides - Write even if somebody else has been there.
   */
  commit(token: Token, overrides: boolean): Promise<WriteResult> {
    return this.#exclusive('written', async (store) => {
      let result = await this.#write(store, token);
      for (let more = MAX_OVERRIDES; overrides && !result.ok && more > 0; more -= 1) {
        result = await this.#write(store, token);
      }
      return result;
    });
  }

  /** Deletes the version that we know; a newer one stays. */
  async delete(): Promise<void> {
    if (this.#store === undefined) return;
    await this.#exclusive('cleared', async (store) => {
      if (!this.#known) await this.#read(store);
      if (this.#version !== undefined) await store.delete(this.#key, this.#version);
      this.#version = undefined;
    });
  }

  /**
   * Works under the sole right to renew, where the store gives one. The right is given back when the work is done, at the
   * deadline even before that: a source that never answers must not lock everybody out.
   */
  async underLease<T>(signal: AbortSignal, work: (lease: Lease | undefined) => Promise<T>): Promise<T> {
    const lease = await this.#lease(signal);
    if (lease === undefined) return work(undefined);
    let released: Promise<void> | undefined;
    const release = () => {
      released ??= quietly(lease);
    };
    signal.addEventListener('abort', release, { once: true });
    try {
      signal.throwIfAborted();
      return await work(lease);
    } finally {
      signal.removeEventListener('abort', release);
      release();
      await released;
    }
  }

  async #lease(signal: AbortSignal): Promise<Lease | undefined> {
    try {
      return await this.#store?.lease?.(this.#key, signal);
    } catch (error) {
      throw signal.aborted ? signal.reason : storeError('gave no lease', error);
    }
  }

  async #read(store: TokenStore): Promise<Reading> {
    const stored = await store.read(this.#key);
    const changed = stored?.version !== this.#version;
    this.#version = stored?.version;
    this.#known = true;
    return { stored, changed };
  }

  async #write(store: TokenStore, token: Token): Promise<WriteResult> {
    const result = await store.write(this.#key, { token }, this.#version);
    this.#version = result.ok ? result.version : result.current?.version;
    return result;
  }

  #exclusive<T>(verb: string, work: (store: TokenStore) => Promise<T>): Promise<T> {
    const late = () => new StoreError(`The token store did not answer within ${STORE_DEADLINE_MS} ms.`);
    return this.#turns.runExclusive(async () => {
      try {
        const deadline = { ms: STORE_DEADLINE_MS, controller: new AbortController(), late };
        return await withDeadline(deadline, () => work(this.#store as TokenStore));
      } catch (error) {
        throw storeError(`could not be ${verb}`, error);
      }
    });
  }
}

function storeError(what: string, cause: unknown): StoreError {
  if (cause instanceof StoreError) return cause;
  const hint = cause instanceof AuthError ? ` ${cause.message}` : ' The cause says why.';
  return withSafeCause(new StoreError(`The token store ${what}.${hint}`, { cause }));
}

/** A lease that cannot be given back runs out by itself, and the token is safe already. */
async function quietly(lease: Lease): Promise<void> {
  try {
    await lease.release();
  } catch {
    // See above.
  }
}
