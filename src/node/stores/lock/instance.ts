/**
 * Files that at most one process has made: each has a name of its own inside (`id`), appears whole or not at all, and only
 * only the process with the right to remove exactly that file removes it.
 */

import { createHash, randomBytes } from 'node:crypto';
import { constants, type Stats } from 'node:fs';
import { link, open, readdir, unlink } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { liveness, ownIdentity, type ProcessIdentity } from './process-identity.ts';

/** What stands in a lease file. */
export interface Instance extends Partial<ProcessIdentity> {
  readonly id: string;
  /** The holder holds a kernel lock as well: a process that has that lock knows that this file is left over. */
  readonly kernel?: boolean;
  /** When the file was last touched, in milliseconds since the epoch. Compared for equality only: clocks differ. */
  readonly touchedAt: number;
}

const READ = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);
const MOST_BYTES = 4096;

/** Makes the file unless it is there. @returns Its id, or `undefined` where somebody else was faster. */
export async function createInstance(path: string, kernel: boolean): Promise<string | undefined> {
  const id = randomBytes(12).toString('hex');
  const temporary = `${path}.${process.pid}-${id}.tmp`;
  const content = JSON.stringify({ id, ...(await ownIdentity()), ...(kernel && { kernel }) });
  const file = await open(temporary, 'wx', 0o600);
  try {
    await file.writeFile(content);
    await file.close();
    // Unlike a rename, a link never replaces anything; unlike writing into a new file, it is never seen half done.
    await link(temporary, path);
    return id;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return undefined;
    if (!isWithoutLinks(error)) throw error;
    return await createInPlace(path, content, id);
  } finally {
    await file.close();
    await unlinkIfThere(temporary);
  }
}

/** exFAT and some FUSE file systems have no links. */
function isWithoutLinks(error: unknown): boolean {
  return ['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EINVAL'].includes((error as NodeJS.ErrnoException).code ?? '');
}

async function createInPlace(path: string, content: string, id: string): Promise<string | undefined> {
  try {
    const file = await open(path, 'wx', 0o600);
    try {
      await file.writeFile(content);
    } finally {
      await file.close();
    }
    return (await readInstance(path))?.id === id ? id : undefined;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return undefined;
    throw error;
  }
}

/** What is there; `undefined`: nothing. Garbage has an id that is its own as long as nobody changes it. */
export async function readInstance(path: string): Promise<Instance | undefined> {
  try {
    const file = await open(path, READ);
    try {
      const stats = await file.stat();
      const { buffer, bytesRead } = await file.read(Buffer.alloc(MOST_BYTES), 0, MOST_BYTES, 0);
      return parse(buffer.toString('utf8', 0, bytesRead), stats);
    } finally {
      await file.close();
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

function parse(text: string, { ino, mtimeMs }: Stats): Instance {
  const touchedAt = mtimeMs;
  try {
    const { id, pid, started, host, kernel } = JSON.parse(text) as Record<string, unknown>;
    if (typeof id === 'string' && /^[0-9a-f]{24}$/.test(id) && isPid(pid) && typeof host === 'string') {
      return { id, pid, host, touchedAt, kernel: kernel === true, ...(typeof started === 'string' && { started }) };
    }
  } catch {
    // Garbage: below.
  }
  const id = createHash('sha256').update(`${ino} ${mtimeMs} ${text}`).digest('hex').slice(0, 24);
  return { id, touchedAt };
}

function isPid(pid: unknown): pid is number {
  return typeof pid === 'number' && Number.isSafeInteger(pid) && pid > 0;
}

/**
 * Removes exactly this instance of a file whose holder is dead. Two processes that find the same dead one compete for a
 * file named after it, so that the slower one can never remove what the faster one has put there since.
 */
export async function removeDead(base: string, path: string, { id, pid }: Instance): Promise<void> {
  const right = `${base}.break-${id}`;
  if ((await createInstance(right, false)) === undefined) {
    const other = await readInstance(right);
    if (other !== undefined && (await isDead(other))) await removeDead(base, right, other);
    return;
  }
  try {
    if ((await readInstance(path))?.id === id) await unlinkIfThere(path);
    if (pid !== undefined) await unlinkIfThere(`${path}.${pid}-${id}.tmp`);
  } finally {
    await unlinkIfThere(right);
  }
}

/** Is its process known to have ended? */
export async function isDead({ pid, host, started }: Instance): Promise<boolean> {
  if (pid === undefined || host === undefined) return false;
  return (await liveness({ pid, host, ...(started !== undefined && { started }) })) === 'dead';
}

/** Can this process tell whether the other one runs? Not where it runs elsewhere, nor where nobody knows when it began. */
export async function isJudged({ host, started }: Instance): Promise<boolean> {
  return started !== undefined && host === (await ownIdentity()).host;
}

/** Removes the drafts of processes that ended between two steps of {@link createInstance}. */
export async function sweepDrafts(base: string): Promise<void> {
  const prefix = `${basename(base)}.`;
  for (const name of await readdir(dirname(base))) {
    const pid = name.startsWith(prefix) ? /\.(\d+)-[0-9a-f]{24}\.tmp$/.exec(name)?.[1] : undefined;
    if (pid === undefined) continue;
    const path = join(dirname(base), name);
    const draft = await readInstance(path);
    if (draft !== undefined && (await isDead(draft))) await unlinkIfThere(path);
  }
}

export async function unlinkIfThere(path: string): Promise<void> {
  try {
    await unlink(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
}
