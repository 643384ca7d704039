import { KEEP, type SharedTokenStore } from '../../../src/tokens/keeping.ts';
import { MemoryTokenStore } from '../../../src/tokens/memory-store.ts';
import type { Lease, StoredToken, TokenRecord, WriteResult } from '../../../src/tokens/store.ts';
import { keepInStore } from '../../../src/tokens/stored-keeping.ts';
import type { Token } from '../../../src/tokens/token.ts';

type Step = 'read' | 'write' | 'delete' | 'lease' | 'release';

/** A store that writes down what happens, and fails or runs something beforehand when told to. */
export class WatchedStore implements SharedTokenStore {
  readonly [KEEP] = keepInStore;
  readonly inner = new MemoryTokenStore();
  readonly steps: Step[] = [];
  /** What happens before the next such step; it may throw. */
  readonly before: Partial<Record<Step, () => void | Promise<void>>> = {};

  async read(key: string): Promise<StoredToken | undefined> {
    await this.#step('read');
    return this.inner.read(key);
  }

  async write(key: string, record: TokenRecord, expectedVersion: string | undefined): Promise<WriteResult> {
    await this.#step('write');
    return this.inner.write(key, record, expectedVersion);
  }

  async delete(key: string, expectedVersion?: string): Promise<void> {
    await this.#step('delete');
    return this.inner.delete(key, expectedVersion);
  }

  async lease(key: string, signal: AbortSignal): Promise<Lease> {
    await this.#step('lease');
    const lease = await this.inner.lease(key, signal);
    return {
      signal: lease.signal,
      release: async () => {
        await this.#step('release');
        await lease.release();
      },
    };
  }

  /** Somebody else writes a token. */
  async putByOther(key: string, token: Token): Promise<string> {
    const current = await this.inner.read(key);
    const generation = (current?.generation ?? 0) + 1;
    const result = await this.inner.write(key, { token, generation }, current?.version);
    if (!result.ok) throw new Error('the store changed under the hands of the test');
    return result.version;
  }

  /** Somebody else logs out. */
  async endByOther(key: string): Promise<void> {
    const { version, generation = 0 } = (await this.inner.read(key)) ?? {};
    await this.inner.write(key, { generation: generation + 1, ended: { reason: 'cleared', at: 0 } }, version);
  }

  async #step(step: Step): Promise<void> {
    this.steps.push(step);
    const act = this.before[step];
    delete this.before[step];
    await act?.();
  }
}
