import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { ConfigurationError, StoreError } from '../../../errors.ts';
import { object, oneOf, positiveMilliseconds, readOptions, type Shape } from '../../../options.ts';
import { errorCode } from '../../../secrets/plain-cause.ts';
import { statedPath } from '../../files/stated-path.ts';
import type { Instance } from './instance.ts';
import { isNetwork, type KernelLock, kernelLocksMissing, tryKernelLock } from './kernel.ts';
import { type FileLease, LeaseAttempt } from './lease.ts';

/** Options of {@link fileLock}. */
export interface FileLockOptions {
  /** Stops waiting when it aborts. Default: none. */
  readonly signal?: AbortSignal;
  /** How long to wait for the lock, in milliseconds, at most a day. Default: 30,000. */
  readonly timeoutMs?: number;
  /**
   * `'kernel'` requires kernel locks, `'lease'` never uses them, `'auto'` uses them where `fs-native-extensions` is
   * installed. Default: `'auto'`.
   */
  readonly kind?: 'auto' | 'kernel' | 'lease';
}

/** An exclusive lock among all processes that use the same path. */
export interface FileLock {
  /** How the lock is held. */
  readonly kind: 'kernel' | 'lease';
  /** Aborts when the lock is lost: its file was removed, or another machine considered the holder dead. */
  readonly signal: AbortSignal;
  /** Releases the lock. A second call does nothing. */
  release(): Promise<void>;
}

/** The lock was not released in time. */
export class LockTimeoutError extends StoreError {
  /** The process that holds the lock; `undefined` where it is unknown or on another machine. */
  readonly pid: number | undefined;

  constructor(
    message: string,
    options: ErrorOptions & {
      /** The process that holds the lock. Default: `undefined`. */
      readonly pid?: number;
    } = {},
  ) {
    super(message, options);
    this.pid = options.pid;
  }
}

const SHAPE: Shape<FileLockOptions> = {
  signal: object,
  timeoutMs: positiveMilliseconds,
  kind: oneOf('auto', 'kernel', 'lease'),
};
const TIMEOUT_MS = 30_000;
const LONGEST_MS = 86_400_000;
/** The first wait between two tries, and the longest. */
const [FIRST_MS, LAST_MS] = [1, 25];
const BEAT_MS = 1000;
const warned = new Set<string>();

/**
 * Waits for the sole right to a path, among all processes of this machine, until a deadline. Two files are made:
 * `path`, which stays, and `path` with `.lease` behind it, which goes with the lock.
 *
 * With the optional package `fs-native-extensions` the system holds the lock: the next process gets it milliseconds after
 * the holder has ended, however it ended, and a holder that was stopped keeps it. Without it, the lock is a file that names
 * its process by id and start time. Processes with and without the package exclude each other.
 *
 * Kernel locks are not used on NFS and SMB. There, a holder on another machine counts as dead when it has not touched its
 * lease for ten seconds.
 *
 * @example
 * const lock = await fileLock('/var/lib/app/token.lock', { signal });
 * try {
 *   await renew({ signal: lock.signal });
 * } finally {
 *   await lock.release();
 * }
 * @throws {@link LockTimeoutError} naming the process that holds the lock, {@link StoreError} for a path that cannot be
 * locked, {@link ConfigurationError} for wrong options; the signal's reason when it aborts.
 */
export async function fileLock(path: string | URL, options: FileLockOptions = {}): Promise<FileLock> {
  const { signal, timeoutMs = TIMEOUT_MS, kind = 'auto' } = readOptions('fileLock', options, SHAPE);
  const file = statedPath(path, 'the path of a lock');
  signal?.throwIfAborted();
  try {
    await mkdir(dirname(file), { recursive: true, mode: 0o700 });
    const isKernel = await choose(file, kind);
    const attempt = new LockAttempt(file, isKernel);
    return await inTime(attempt, file, Math.min(timeoutMs, LONGEST_MS), signal);
  } catch (error) {
    if (signal?.aborted || error instanceof StoreError || error instanceof ConfigurationError) throw error;
    throw new StoreError(`${file} cannot be locked: ${errorCode(error) ?? 'unknown error'}.`, { cause: error });
  }
}

async function choose(file: string, kind: 'auto' | 'kernel' | 'lease'): Promise<boolean> {
  const directory = dirname(file);
  if (await isNetwork(directory)) warnOfNetwork(directory);
  if (kind === 'lease') return false;
  const missing = await kernelLocksMissing(directory);
  if (missing === undefined) return true;
  if (kind === 'auto') return false;
  throw new ConfigurationError(`fileLock: option 'kind' is 'kernel', which needs ${missing}.`, { option: 'kind' });
}

function warnOfNetwork(directory: string): void {
  if (warned.has(directory)) return;
  warned.add(directory);
  process.emitWarning(
    `authwire: ${directory} is on a network file system. Locks there depend on its server; keep tokens on a local disk, ` +
      'or in a store that is made for several machines.',
    { code: 'AUTHWIRE_NETWORK_LOCK' },
  );
}

/** One process's way to a lock: the kernel's first, where there is one, then the lease. */
class LockAttempt {
  readonly #file: string;
  readonly #isKernel: boolean;
  readonly #lease: LeaseAttempt;
  #kernel: KernelLock | undefined;

  constructor(file: string, isKernel: boolean) {
    this.#file = file;
    this.#isKernel = isKernel;
    this.#lease = new LeaseAttempt(`${file}.lease`, isKernel);
  }

  get holder(): Promise<Instance | undefined> {
    return this.#lease.look();
  }

  async try(): Promise<FileLock | undefined> {
    if (this.#isKernel) {
      this.#kernel ??= await tryKernelLock(this.#file);
      if (this.#kernel === undefined) return undefined;
    }
    const lease = await this.#lease.try();
    return lease && heldLock(lease, this.#kernel);
  }

  async giveUp(): Promise<void> {
    await this.#kernel?.release();
  }
}

async function inTime(attempt: LockAttempt, file: string, timeoutMs: number, signal?: AbortSignal): Promise<FileLock> {
  const end = performance.now() + timeoutMs;
  try {
    for (let pauseMs = FIRST_MS; ; pauseMs = Math.min(pauseMs * 2, LAST_MS)) {
      const lock = await attempt.try();
      if (lock !== undefined) return lock;
      const left = end - performance.now();
      if (left <= 0) throw await timedOut(file, timeoutMs, attempt);
      await wait(Math.min(left, pauseMs * (0.5 + Math.random())), undefined, signal && { signal });
    }
  } catch (error) {
    await attempt.giveUp();
    throw signal?.aborted ? signal.reason : error;
  }
}

async function timedOut(file: string, timeoutMs: number, attempt: LockAttempt): Promise<LockTimeoutError> {
  const { pid } = (await attempt.holder) ?? {};
  const who = pid === undefined ? 'another process holds it' : `process ${pid} holds it`;
  return new LockTimeoutError(
    `${file} could not be locked within ${timeoutMs} ms: ${who}. Wait for that process, or end it.`,
    pid === undefined ? {} : { pid },
  );
}

function heldLock(lease: FileLease, kernel: KernelLock | undefined): FileLock {
  const lost = new AbortController();
  const beat = setInterval(() => void check(), BEAT_MS).unref();
  let released: Promise<void> | undefined;
  const check = async () => {
    const holds = await Promise.all([lease.touch(), kernel?.isCurrent()]).catch(() => [true]);
    if (released === undefined && holds.includes(false)) lost.abort(new StoreError('The lock was lost.'));
  };
  return {
    kind: kernel === undefined ? 'lease' : 'kernel',
    signal: lost.signal,
    release() {
      clearInterval(beat);
      released ??= release(lease, kernel);
      return released;
    },
  };
}

/** The lease first: while it is being removed, the kernel lock keeps everybody else out. */
async function release(lease: FileLease, kernel: KernelLock | undefined): Promise<void> {
  try {
    await lease.release();
  } finally {
    await kernel?.release();
  }
}
