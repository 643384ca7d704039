import { Mutex } from 'async-mutex';
import { KEEP, type SharedTokenStore } from './keeping.ts';
import type { Lease, StoredToken, TokenRecord, WriteResult } from './store.ts';
import { keepInStore } from './stored-keeping.ts';

/**
 * Keeps tokens in this process. Authenticators that share one, under the same key, share one token and one renewal.
 *
 * @example
 * const store = new MemoryTokenStore();
 * const a = new AuthBearer(source, { store, storeKey: 'tenant-1' });
 * const b = new AuthBearer(source, { store, storeKey: 'tenant-1' });
 */
export class MemoryTokenStore implements SharedTokenStore {
  readonly [KEEP] = keepInStore;
  readonly #tokens = new Map<string, StoredToken>();
  readonly #leases = new Map<string, Mutex>();
  readonly #hmacKey = crypto.getRandomValues(new Uint8Array(32));
  #writes = 0;

  async read(key: string): Promise<StoredToken | undefined> {
    return this.#tokens.get(key);
  }

  async write(key: string, record: TokenRecord, expectedVersion: string | undefined): Promise<WriteResult> {
    const current = this.#tokens.get(key);
    if (current?.version !== expectedVersion) return { ok: false, current };
    this.#writes += 1;
    const version = String(this.#writes);
    this.#tokens.set(key, { ...record, version });
    return { ok: true, version };
  }

  async delete(key: string, expectedVersion?: string): Promise<void> {
    if (expectedVersion !== undefined && this.#tokens.get(key)?.version !== expectedVersion) return;
    this.#tokens.delete(key);
  }

  async hmacKey(): Promise<Uint8Array> {
    return this.#hmacKey;
  }

  async lease(key: string, signal: AbortSignal): Promise<Lease> {
    signal.throwIfAborted();
    const mutex = this.#leases.get(key) ?? new Mutex();
    this.#leases.set(key, mutex);
    const free = await acquire(mutex, signal);
    const release = async () => {
      free();
      if (!mutex.isLocked()) this.#leases.delete(key);
    };
    return { signal: new AbortController().signal, release };
  }
}

/** Waits for the mutex, or for the signal: then the turn is passed on as soon as it comes. */
function acquire(mutex: Mutex, signal: AbortSignal): Promise<() => void> {
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason);
    signal.addEventListener('abort', abort, { once: true });
    void mutex.acquire().then((free) => {
      signal.removeEventListener('abort', abort);
      if (signal.aborted) free();
      else resolve(free);
    });
  });
}
