import { vi } from 'vitest';
import { settle } from '../by-hand.ts';

interface Timer {
  readonly at: number;
  readonly order: number;
  readonly fire: () => void;
}

/** mulberry32: the same seed, the same story. */
export function dice(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Time that passes when it is told to: clocks and timers. */
export class VirtualTime {
  ms = 1_800_000_000_000;
  readonly now = () => this.ms;
  readonly #timers = new Map<object, Timer>();
  #order = 0;

  /** Takes the place of the platform's timers, until `vi.unstubAllGlobals()`. */
  install(): void {
    vi.stubGlobal('setTimeout', (fire: () => void, ms = 0) => this.#add(fire, ms));
    vi.stubGlobal('setInterval', () => ({ unref() {} }));
    vi.stubGlobal('clearTimeout', (handle: object) => void this.#timers.delete(handle));
    vi.stubGlobal('clearInterval', () => undefined);
  }

  after(ms: number): Promise<void> {
    return new Promise((resolve) => void this.#add(resolve, ms));
  }

  async pass(ms: number): Promise<void> {
    const until = this.ms + ms;
    await settle();
    for (let next = this.#next(); next !== undefined && next[1].at <= until; next = this.#next()) {
      this.ms = Math.max(this.ms, next[1].at);
      this.#timers.delete(next[0]);
      next[1].fire();
      await settle();
    }
    this.ms = until;
    await settle();
  }

  #next(): [object, Timer] | undefined {
    let first: [object, Timer] | undefined;
    for (const entry of this.#timers) {
      const [, { at, order }] = entry;
      if (first === undefined || at < first[1].at || (at === first[1].at && order < first[1].order)) first = entry;
    }
    return first;
  }

  #add(fire: () => void, ms: number): object {
    const handle = { unref() {}, ref() {} };
    this.#order += 1;
    this.#timers.set(handle, { at: this.ms + Math.max(0, ms), order: this.#order, fire });
    return handle;
  }
}
