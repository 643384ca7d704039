import { closeSync, constants, fstatSync, openSync, readFileSync, type Stats } from 'node:fs';
import { ConfigurationError } from '../errors.ts';

const MOST_BYTES = 256 * 1024;
/** A named pipe that nobody writes to would never open. */
const READ_ONLY = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0);
const WRITABLE_BY_ALL = 0o002;
const READABLE_BY_MORE = 0o044;

/** A file's text, and who else may read it. */
export interface FileText {
  readonly text: string;
  readonly isPrivate: boolean;
}

/** How a file is opened. */
export interface ReadFileOptions {
  /** Whether a symbolic link is followed: those who keep their settings in a repository link to it. Default: true. */
  readonly followLink?: boolean;
  /** Throws for a file that must not be read, once it is open. */
  readonly refuse?: (stats: Stats) => void;
}

/**
 * Reads a file of settings or a secret. What is checked is what was opened, not what stood there a moment before.
 *
 * @returns `undefined` where there is no such file.
 * @throws {@link ConfigurationError} for a file that cannot be read, is no regular file, has more than 256 kB, is no
 * UTF-8, or that everybody on this machine may change.
 */
export function readFile(path: string, { followLink = true, refuse }: ReadFileOptions = {}): FileText | undefined {
  const descriptor = open(path, followLink ? READ_ONLY : READ_ONLY | (constants.O_NOFOLLOW ?? 0));
  if (descriptor === undefined) return undefined;
  try {
    const stats = fstatSync(descriptor);
    refuseUnfit(stats, path);
    refuse?.(stats);
    return { text: decode(readFileSync(descriptor), path), isPrivate: isPrivate(stats) };
  } finally {
    closeSync(descriptor);
  }
}

function open(path: string, flags: number): number | undefined {
  try {
    return openSync(path, flags);
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    const reason = code === 'ELOOP' ? 'it is a symbolic link, which is not followed here' : code;
    throw new ConfigurationError(`${path} cannot be read: ${reason}.`, { cause });
  }
}

function refuseUnfit(stats: Stats, path: string): void {
  if (!stats.isFile()) throw new ConfigurationError(`${path} is not a regular file.`);
  if (stats.size > MOST_BYTES) throw new ConfigurationError(`${path} has more than 256 kB.`);
  if (hasPermissions() && (stats.mode & WRITABLE_BY_ALL) !== 0) {
    throw new ConfigurationError(`${path} is writable by every user of this machine: chmod o-w '${path}'`);
  }
}

function isPrivate(stats: Stats): boolean {
  return !hasPermissions() || (stats.mode & READABLE_BY_MORE) === 0;
}

/** Windows keeps permissions elsewhere. */
function hasPermissions(): boolean {
  return process.platform !== 'win32';
}

function decode(bytes: Uint8Array, path: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new ConfigurationError(`${path} is not UTF-8 text.`, { cause });
  }
}
