import { constants, type Stats } from 'node:fs';
import { type FileHandle, open, stat, statfs } from 'node:fs/promises';
import { optionalPeer } from '../../optional-peer.ts';

/** The part of fs-native-extensions that is used. */
interface NativeLocks {
  tryLock(fd: number): boolean;
  unlock(fd: number): void;
}

/** A lock that the system takes back by itself when its holder ends, however it ends. */
export interface KernelLock {
  /** Would other processes lock the same file? It may have been removed. */
  isCurrent(): Promise<boolean>;
  release(): Promise<void>;
}

/** statfs(2): NFS, SMB, CIFS, SMB2. There, kernel locks depend on the server and on mount options. */
const NETWORK = new Set([0x6969, 0x517b, 0xff534d42, 0xfe534d42]);
const { O_RDWR, O_CREAT } = constants;
const FLAGS = O_RDWR | O_CREAT | (constants.O_NOFOLLOW ?? 0);

let native: ReturnType<typeof optionalPeer<NativeLocks>> | undefined;

/** Why there are no kernel locks here; `undefined`: there are. */
export async function kernelLocksMissing(directory: string): Promise<string | undefined> {
  native ??= optionalPeer<NativeLocks>('fs-native-extensions');
  if (!native.found) return native.reason;
  return (await isNetwork(directory)) ? 'a local file system: this one is shared by several machines' : undefined;
}

/** Is this folder on a file system that several machines share? */
export async function isNetwork(directory: string): Promise<boolean> {
  if (process.platform !== 'linux') return false;
  return NETWORK.has((await statfs(directory)).type >>> 0);
}

/** Takes the lock if nobody holds it. Call {@link kernelLocksMissing} first. */
export async function tryKernelLock(path: string): Promise<KernelLock | undefined> {
  if (native?.found !== true) return undefined;
  const locks = native.module;
  const file = await open(path, FLAGS, 0o600);
  try {
    if (locks.tryLock(file.fd)) {
      const lock = held(file, path, locks);
      // If the file was removed between opening and locking, no other process would see the lock.
      if (await lock.isCurrent()) return lock;
    }
  } catch (error) {
    await file.close();
    throw error;
  }
  await file.close();
  return undefined;
}

function held(file: FileHandle, path: string, locks: NativeLocks): KernelLock {
  return {
    async isCurrent() {
      const there = await stat(path).catch(() => undefined);
      return there !== undefined && same(there, await file.stat());
    },
    async release() {
      try {
        locks.unlock(file.fd);
      } finally {
        await file.close();
      }
    },
  };
}

function same(a: Stats, b: Stats): boolean {
  return a.ino === b.ino && a.dev === b.dev;
}
