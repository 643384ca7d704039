import { Mutex } from 'async-mutex';
import { StoreError } from '../errors.ts';
import { inNeutralContext } from '../neutral-context.ts';
import { reasonOf, withSafeCause } from '../secrets/safe-cause.ts';
import { withDeadline } from './deadline.ts';
import type { Lease, StoredToken, TokenRecord, TokenStore, WriteResult } from './store.ts';

/** A store that takes longer than this for one operation, in milliseconds, is broken. */
const MAX_OPERATION_MS = 10_000;

/**
 * One key of a store: remembers the version that we know, lets one of us in at a time, gives each operation a deadline, and
 * turns whatever the store throws into a {@link StoreError}.
 */
export class StoreSlot {
  readonly #store: TokenStore;
  readonly #key: () => string | Promise<string>;
  readonly #operationMs: number;
  #turns = new Mutex();
  #lease: Lease | undefined;
  readonly #returned = new WeakSet<Lease>();
  #keyNow: string | Promise<string> | undefined;
  #knownKey: string | undefined;
  #version: string | undefined;

  /**
   * @param key - Asked once for each renewal: another answer is another entry.
   * @param deadlineMs - Of a whole renewal, which a store that hangs must not use up.
   */
  constructor(store: TokenStore, key: () => string | Promise<string>, deadlineMs: number) {
    this.#store = store;
    this.#key = key;
    this.#operationMs = Math.min(MAX_OPERATION_MS, Math.ceil(deadlineMs / 3));
  }

  /** A renewal begins: the key is asked again. */
  renewKey(): void {
    this.#keyNow = undefined;
  }

  /** @param learn - Gets the answer before anybody else has a turn: a version and what stands under it are learned together. */
  read<T>(learn: (stored: StoredToken | undefined) => T): Promise<T> {
    return this.#exclusive(
      'read',
      (store, key) => store.read(key),
      (stored) => stored?.version,
      learn,
    );
  }

  /**
   * Writes over the known version, and remembers the new one.
   *
   * @param record - Asked when its turn comes, so that it is as new as the version.
   */
  write<T>(record: () => TokenRecord, learn: (result: WriteResult) => T): Promise<T> {
    return this.#exclusive(
      'written',
      (store, key) => store.write(key, record(), this.#version),
      (result) => (result.ok ? result.version : result.current?.version),
      learn,
    );
  }

  /**
   * Works under the sole right to renew, where the store gives one. It is given back when the work is done, and when the
   * signal aborts: a source that never answers must not lock everybody out. Nobody waits for that.
   */
  async underLease<T>(signal: AbortSignal, work: (lease: Lease | undefined) => Promise<T>): Promise<T> {
    const lease = await this.#takeLease(signal);
    this.#lease = lease;
    const giveBack = () => this.#giveBack(lease);
    signal.addEventListener('abort', giveBack, { once: true });
    try {
      signal.throwIfAborted();
      return await work(lease);
    } finally {
      signal.removeEventListener('abort', giveBack);
      giveBack();
    }
  }

  /** Frees what somebody holds who will never come back. */
  abandon(): void {
    this.#turns = new Mutex();
    this.#giveBack(this.#lease);
  }

  #giveBack(lease: Lease | undefined): void {
    if (lease === undefined || this.#returned.has(lease)) return;
    this.#returned.add(lease);
    release(lease);
  }

  async #currentKey(): Promise<string> {
    try {
      this.#keyNow ??= this.#key();
      return await this.#keyNow;
    } catch (error) {
      this.#keyNow = undefined;
      throw error;
    }
  }

  async #takeLease(signal: AbortSignal): Promise<Lease | undefined> {
    const store = this.#store;
    if (store.lease === undefined) return undefined;
    try {
      const key = await this.#currentKey();
      return await inNeutralContext(() => store.lease?.(key, signal));
    } catch (error) {
      throw signal.aborted ? signal.reason : storeError('gave no lease', error);
    }
  }

  /** An answer that comes after its deadline teaches us no version: nobody has seen what stands under that. */
  #exclusive<R, T>(
    verb: string,
    work: (store: TokenStore, key: string) => Promise<R>,
    versionOf: (result: R) => string | undefined,
    learn: (result: R) => T,
  ): Promise<T> {
    const ms = this.#operationMs;
    const late = () => new StoreError(`The token store did not answer within ${ms} ms.`);
    const turns = this.#turns;
    return turns.runExclusive(async () => {
      try {
        const result = await withDeadline({ ms, controller: new AbortController(), late }, async () => {
          const key = await this.#currentKey();
          if (key !== this.#knownKey) this.#version = undefined;
          this.#knownKey = key;
          return inNeutralContext(() => work(this.#store, key));
        });
        if (turns === this.#turns) this.#version = versionOf(result);
        return learn(result);
      } catch (error) {
        throw storeError(`could not be ${verb}`, error);
      }
    });
  }
}

function storeError(what: string, cause: unknown): StoreError {
  if (cause instanceof StoreError) return cause;
  return withSafeCause(new StoreError(`The token store ${what}: ${reasonOf(cause)}`, { cause }));
}

/** A lease that cannot be given back runs out by itself, and the token is safe already. */
function release(lease: Lease): void {
  try {
    Promise.resolve(lease.release()).catch(() => undefined);
  } catch {
    // See above.
  }
}
