/**
 * A lock made of nothing but a file that exists: for systems without kernel locks, and to keep a process that has none
 * apart from one that has.
 */

import { utimes } from 'node:fs/promises';
import {
  createInstance,
  type Instance,
  isDead,
  isJudged,
  readInstance,
  removeDead,
  sweepDrafts,
  unlinkIfThere,
} from './instance.ts';

/** A lease that this process holds. */
export interface FileLease {
  /** Shows others that the holder works. @returns `false`: somebody else has taken the lease for dead. */
  touch(): Promise<boolean>;
  release(): Promise<void>;
}

/**
 * How long a lease may stay untouched whose process cannot be examined, because it runs on another machine or in another
 * container. Measured by the clock of the process that waits.
 */
const UNSEEN_MS = 10_000;
/** How long a file that is no lease may stay: somebody may be writing it. */
const GARBAGE_MS = 1000;
/** How often a living holder is examined. On some systems that starts a program. */
const CHECK_MS = 200;
/** A holder that has been stopped for so long asks before it removes its own lease. */
const LATE_MS = 5000;
/** How often one try may start again because the holder has changed meanwhile. */
const MOST_TURNS = 5;

/** Waits for one lease, try by try, and remembers how long it has seen the present holder do nothing. */
export class LeaseAttempt {
  readonly #path: string;
  readonly #kernel: boolean;
  #seen: Instance | undefined;
  #since = 0;
  #checkedAt = Number.NEGATIVE_INFINITY;

  /** @param kernel - This process holds the kernel lock: a lease that was made under it has lost its holder. */
  constructor(path: string, kernel: boolean) {
    this.#path = path;
    this.#kernel = kernel;
  }

  /** Who holds the lease, as far as it says. */
  look(): Promise<Instance | undefined> {
    return readInstance(this.#path);
  }

  /** Takes the lease if it is free, or if its holder has ended. */
  async try(): Promise<FileLease | undefined> {
    for (let turn = 0; turn < MOST_TURNS; turn += 1) {
      const id = await createInstance(this.#path, this.#kernel);
      if (id !== undefined) return lease(this.#path, id);
      const there = await readInstance(this.#path);
      this.#observe(there);
      if (there === undefined) continue;
      if (!(await this.#isOver(there))) return undefined;
      await removeDead(this.#path, this.#path, there);
      await sweepDrafts(this.#path);
    }
    return undefined;
  }

  #observe(there: Instance | undefined): void {
    if (there?.id !== this.#seen?.id) this.#checkedAt = Number.NEGATIVE_INFINITY;
    if (there?.id !== this.#seen?.id || there?.touchedAt !== this.#seen?.touchedAt) this.#since = performance.now();
    this.#seen = there;
  }

  async #isOver(there: Instance): Promise<boolean> {
    if (this.#kernel && there.kernel === true) return true;
    const idle = performance.now() - this.#since;
    if (there.pid === undefined) return idle > GARBAGE_MS;
    if (performance.now() - this.#checkedAt < CHECK_MS) return false;
    this.#checkedAt = performance.now();
    if (await isDead(there)) return true;
    return idle > UNSEEN_MS && !(await isJudged(there));
  }
}

function lease(path: string, id: string): FileLease {
  let touchedAt = performance.now();
  const isOurs = async () => (await readInstance(path))?.id === id;
  return {
    async touch() {
      if (!(await isOurs())) return false;
      const now = new Date();
      await utimes(path, now, now);
      touchedAt = performance.now();
      return true;
    },
    async release() {
      const there = await readInstance(path);
      if (there?.id !== id) return;
      // After a long stop others may be removing this lease right now: only one of us does.
      if (performance.now() - touchedAt > LATE_MS) await removeDead(path, path, there);
      else await unlinkIfThere(path);
    },
  };
}
