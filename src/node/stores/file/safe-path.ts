/**
 * Paths that nobody else on this machine can point elsewhere: every folder and every symbolic link in the path belongs to
 * this user or to root, and no folder lets everybody rename what is in it.
 */

import type { Stats } from 'node:fs';
import { lstat, readlink } from 'node:fs/promises';
import { parse, resolve, sep } from 'node:path';
import { StoreError } from '../../../errors.ts';

const MOST_LINKS = 40;
const WRITABLE_BY_OTHERS = 0o002;
const STICKY = 0o1000;

/**
 * Follows the symbolic links of an absolute path to their end.
 *
 * @returns The path without links. Its last parts may not exist.
 * @throws {@link StoreError} naming the part that somebody else controls, and the command that repairs it.
 */
export async function safePath(path: string): Promise<string> {
  if (process.platform === 'win32') return path;
  let rest = parts(path);
  let done = parse(path).root;
  for (let links = 0; rest.length > 0; ) {
    const next = resolve(done, rest[0] as string);
    const stats = await lstatIfThere(next);
    if (stats === undefined) return resolve(next, ...rest.slice(1));
    assertOwner(next, stats, true);
    rest = rest.slice(1);
    if (stats.isSymbolicLink()) {
      links += 1;
      if (links > MOST_LINKS) throw new StoreError(`${path} has too many symbolic links.`);
      const target = resolve(done, await readlink(next));
      rest = [...parts(target), ...rest];
      done = parse(target).root;
      continue;
    }
    if (stats.isDirectory()) assertNotShared(next, stats);
    done = next;
  }
  return done;
}

function parts(path: string): string[] {
  return path.slice(parse(path).root.length).split(sep).filter(Boolean);
}

/**
 * @param rootMay - Root may own it as well: it could do anything anyway.
 * @throws {@link StoreError}
 */
export function assertOwner(path: string, { uid }: Stats, rootMay: boolean): void {
  const own = process.getuid?.();
  if (own === undefined || uid === own || (rootMay && uid === 0)) return;
  throw new StoreError(
    `${path} belongs to user ${uid}, and this process runs as user ${own}: tokens are neither read nor written there. ` +
      `If it is yours: sudo chown -h ${own} ${quoted(path)}`,
  );
}

/** @throws {@link StoreError} where the permissions give anything to the group or to others. */
export function assertPrivate(path: string, stats: Stats): void {
  if (process.platform === 'win32' || (stats.mode & 0o077) === 0) return;
  const mode = (stats.mode & 0o777).toString(8).padStart(4, '0');
  const right = stats.isDirectory() ? '700' : '600';
  throw new StoreError(
    `${path} has mode ${mode}: other users may reach the tokens in it. Log out and in again if they may have, and run: ` +
      `chmod ${right} ${quoted(path)}`,
  );
}

function assertNotShared(path: string, { mode }: Stats): void {
  if ((mode & WRITABLE_BY_OTHERS) === 0 || (mode & STICKY) !== 0) return;
  throw new StoreError(
    `every user of this machine can rename files in ${path}, so no tokens are stored there. ` +
      `If that is a mistake: chmod o-w ${quoted(path)}`,
  );
}

async function lstatIfThere(path: string): Promise<Stats | undefined> {
  try {
    return await lstat(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** For a POSIX shell. */
export function quoted(path: string): string {
  return /^[\w/.@%+=:,-]+$/.test(path) ? path : `'${path.replaceAll("'", `'\\''`)}'`;
}
