import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { CredentialError } from '../../errors.ts';

/** A secret that is longer is no secret. */
const MOST_BYTES = 1024 * 1024;

/** Also where nobody writes to a named pipe: opening it would else never end. */
const READ_ONLY = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0);

/** The text of a file, and its permissions. */
export interface FileText {
  readonly text: string;
  /** As `stat` gives it; on Windows it says nothing of who may read. */
  readonly mode: number;
}

/**
 * Reads a whole file of text.
 *
 * @param what - Names the file in errors, path included.
 * @throws {@link CredentialError} for a file that is not there, is no regular file, is not UTF-8, or has more than 1 MiB.
 */
export async function readText(path: string, what: string): Promise<FileText> {
  let file: FileHandle | undefined;
  try {
    file = await open(path, READ_ONLY);
    return await readOpen(file, what);
  } catch (cause) {
    if (cause instanceof CredentialError) throw cause;
    throw unreadable(what, cause);
  } finally {
    await file?.close();
  }
}

/** The error for what the system refused. */
export function unreadable(what: string, cause: unknown): CredentialError {
  const code = (cause as NodeJS.ErrnoException | undefined)?.code ?? 'unknown error';
  return new CredentialError(`${what} cannot be read: ${code}.`, { cause });
}

async function readOpen(file: FileHandle, what: string): Promise<FileText> {
  const stats = await file.stat();
  assertRegular(stats.isFile(), stats.size, what);
  return { text: decode(await file.readFile(), what), mode: stats.mode };
}

/** @throws {@link CredentialError} for a folder, a device or a pipe, and for more than any secret has. */
export function assertRegular(isFile: boolean, size: number, what: string): void {
  if (!isFile) throw new CredentialError(`${what} is no regular file.`);
  if (size > MOST_BYTES) throw new CredentialError(`${what} has more than 1 MiB: that is no secret.`);
}

/** @throws {@link CredentialError} for what is not UTF-8. */
export function decode(bytes: Uint8Array, what: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new CredentialError(`${what} is not UTF-8 text.`, { cause });
  }
}
