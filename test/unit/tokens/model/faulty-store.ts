import type { Lease, StoredToken, TokenRecord, TokenStore, WriteResult } from '../../../../src/tokens/store.ts';
import type { VirtualTime } from './virtual-time.ts';

export type Trouble = 'none' | 'slow' | 'failing' | 'hung' | 'unanswered' | 'stale';

/** The lease of a process that has crashed is free after so many milliseconds. */
const LEASE_MS = 2000;

/** A store of one entry, that several processes share, and that has troubles. */
export class FaultyStore {
  trouble: Trouble = 'none';
  readonly #time: VirtualTime;
  readonly #roll: () => number;
  readonly #leases: boolean;
  #entry: StoredToken | undefined;
  readonly #history: StoredToken[] = [];
  #writes = 0;
  #holder: { readonly process: Process; lost: AbortController } | undefined;
  readonly #waiting: (() => void)[] = [];

  constructor(time: VirtualTime, roll: () => number, leases: boolean) {
    this.#time = time;
    this.#roll = roll;
    this.#leases = leases;
  }

  get entry(): StoredToken | undefined {
    return this.#entry;
  }

  /** Does it hold the newest that was ever written? */
  intact = true;
  #newest = 0;

  flush(): void {
    this.intact = false;
    this.#entry = undefined;
  }

  rollBack(): void {
    const back = this.#history[Math.floor(this.#roll() * this.#history.length)];
    // A restored backup has versions of its own.
    if (back === undefined) return;
    this.#put(back);
    this.intact = false;
  }

  garble(): void {
    const rubbish = [{ token: 'text' }, { token: { accessToken: 7 } }, { generation: 1e99, used: 3 }, { ended: 'x' }];
    this.#put(rubbish[Math.floor(this.#roll() * rubbish.length)] as never);
    this.intact = false;
  }

  /** The store as one process sees it. Of a process that has crashed nothing more comes, and nothing returns to it. */
  seenBy(process: Process): TokenStore {
    const operation = async <T>(work: () => T): Promise<T> => {
      await this.#reach(process);
      if (this.trouble === 'unanswered' && this.#roll() < 0.5) {
        work();
        throw new Error('the answer was lost');
      }
      return work();
    };
    const answered = <T>(promise: Promise<T>): Promise<T> =>
      promise.then(
        (value) => (process.crashed ? new Promise<T>(() => {}) : value),
        (error: unknown) => (process.crashed ? new Promise<T>(() => {}) : Promise.reject(error)),
      );
    return {
      read: () => answered(operation(() => this.#read())),
      write: (_key, record, expected) => answered(operation(() => this.#write(record, expected))),
      delete: async () => undefined,
      ...(this.#leases && { lease: (_key: string, signal: AbortSignal) => answered(this.#lease(process, signal)) }),
    };
  }

  #read(): StoredToken | undefined {
    const stale = this.trouble === 'stale' ? this.#history.at(-3) : undefined;
    return structuredClone(stale ?? this.#entry);
  }

  #write(record: TokenRecord, expected: string | undefined): WriteResult {
    if (this.#entry?.version !== expected) return { ok: false, current: structuredClone(this.#entry) };
    const { generation = 0 } = record;
    if (generation >= this.#newest) this.intact = true;
    this.#newest = Math.max(this.#newest, generation);
    return { ok: true, version: this.#put(record) };
  }

  #put(record: TokenRecord): string {
    this.#writes += 1;
    const version = String(this.#writes);
    this.#entry = { ...structuredClone(record), version };
    this.#history.push(this.#entry);
    return version;
  }

  async #reach(process: Process): Promise<void> {
    const { trouble } = this;
    if (process.crashed || trouble === 'hung') return new Promise(() => {});
    if (trouble === 'slow') await this.#time.after(this.#roll() * 3000);
    if (trouble === 'failing') throw new Error('EIO');
    if (process.crashed) return new Promise(() => {});
  }

  async #lease(process: Process, signal: AbortSignal): Promise<Lease> {
    await this.#reach(process);
    while (this.#holder !== undefined) {
      const crashedAt = this.#holder.process.crashed;
      if (crashedAt !== undefined && this.#time.ms - crashedAt >= LEASE_MS) break;
      await Promise.race([this.#time.after(LEASE_MS), new Promise<void>((free) => this.#waiting.push(free))]);
      signal.throwIfAborted();
    }
    const holder = { process, lost: new AbortController() };
    this.#holder = holder;
    const release = async () => {
      if (process.crashed || this.#holder !== holder) return;
      this.#holder = undefined;
      for (const free of this.#waiting.splice(0)) free();
    };
    return { signal: holder.lost.signal, release };
  }
}

/** Something that runs until it crashes. */
export interface Process {
  /** When. */
  crashed?: number;
  /** It has had a token: its memory knows what the store knew. */
  knows?: boolean;
}
