/**
 * Files that only this user may read, written so that a crash at any moment leaves the old content or the new one.
 */

import { randomBytes } from 'node:crypto';
import { constants } from 'node:fs';
import { type FileHandle, link, mkdir, open, readdir, rename } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { StoreError } from '../../../errors.ts';
import { unlinkIfThere } from '../lock/instance.ts';
import { assertOwner, assertPrivate, safePath } from './safe-path.ts';

const NO_FOLLOW = constants.O_NOFOLLOW ?? 0;
const READ = constants.O_RDONLY | NO_FOLLOW | (constants.O_NONBLOCK ?? 0);
const CREATE = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | NO_FOLLOW;
const FOLDER = constants.O_RDONLY | NO_FOLLOW | (constants.O_DIRECTORY ?? 0);
const MOST_BYTES = 4 * 1024 * 1024;

/**
 * The content of a file; `undefined`: there is none. All checks are made on the open file.
 *
 * @throws {@link StoreError} for a file of another user, one that others may read, and one that is no file.
 */
export async function readPrivate(path: string): Promise<string | undefined> {
  let file: FileHandle;
  try {
    file = await open(await safePath(path), READ);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
  try {
    const stats = await file.stat();
    if (!stats.isFile()) throw new StoreError(`${path} is not a regular file.`);
    assertOwner(path, stats, false);
    assertPrivate(path, stats);
    if (stats.size > MOST_BYTES) throw new StoreError(`${path} has ${stats.size} bytes: it holds no tokens.`);
    return await file.readFile('utf8');
  } finally {
    await file.close();
  }
}

/**
 * Replaces the content of a file. The caller has the sole right to write it. A symbolic link stays, and its target gets
 * the content.
 *
 * @param previous - Where the former content is kept.
 */
export async function replacePrivate(path: string, content: string, previous: string): Promise<void> {
  const target = await safePath(path);
  const draft = `${target}.tmp`;
  // The draft of a process that was killed: nobody else writes here now.
  await unlinkIfThere(draft);
  const file = await open(draft, CREATE, 0o600);
  try {
    try {
      await file.writeFile(content);
      await file.sync();
    } finally {
      await file.close();
    }
    await keep(target, previous);
    await rename(draft, target);
  } catch (error) {
    await unlinkIfThere(draft).catch(() => undefined);
    throw error;
  }
  await syncFolder(dirname(target));
}

/** A second name for the former content, which the rename leaves as it is. */
async function keep(target: string, previous: string): Promise<void> {
  try {
    await unlinkIfThere(previous);
    await link(target, previous);
  } catch (error) {
    // Nothing there yet, or a file system without links: then there is no former content, and no harm.
    const { code = '' } = error as NodeJS.ErrnoException;
    if (!['ENOENT', 'EXDEV', 'EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK'].includes(code)) throw error;
  }
}

const ASIDE = '.corrupt-';

/** Renames a file in its folder, so that its name is free. @returns Its new path. */
export async function moveAside(path: string): Promise<string> {
  const target = await safePath(path);
  const time = new Date().toISOString().replaceAll(/[-:.]/g, '');
  const aside = `${target}${ASIDE}${time}-${randomBytes(3).toString('hex')}`;
  await rename(target, aside);
  await syncFolder(dirname(target));
  return aside;
}

/** What {@link moveAside} has made of a file, oldest first. */
export async function movedAside(path: string): Promise<string[]> {
  const target = await safePath(path);
  const names = await namesIn(dirname(target));
  const prefix = `${basename(target)}${ASIDE}`;
  return names
    .filter((name) => name.startsWith(prefix))
    .sort()
    .map((name) => join(dirname(target), name));
}

/** The names in a folder; none where there is no folder. */
export async function namesIn(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}

/** Makes the folder if it is not there, and checks it. @returns Its path without symbolic links. */
export async function ensureFolder(path: string): Promise<string> {
  const target = await safePath(path);
  await mkdir(target, { recursive: true, mode: 0o700 });
  await checkFolder(target);
  return target;
}

/** @returns `false`: there is none. @throws {@link StoreError} for a folder of another user, or that others may enter. */
export async function checkFolder(path: string): Promise<boolean> {
  let folder: FileHandle;
  try {
    folder = await open(path, FOLDER);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return false;
    // Windows opens no folders.
    if (process.platform === 'win32' && (code === 'EPERM' || code === 'EISDIR')) return true;
    throw error;
  }
  try {
    const stats = await folder.stat();
    assertOwner(path, stats, false);
    assertPrivate(path, stats);
    return true;
  } finally {
    await folder.close();
  }
}

/** A rename is safe from a power cut only when its folder has been written. */
async function syncFolder(path: string): Promise<void> {
  if (process.platform === 'win32') return;
  const folder = await open(path, FOLDER);
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}
