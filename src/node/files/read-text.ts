import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { CredentialError, isAuthError } from '../../errors.ts';
import { errorCode } from '../../secrets/plain-cause.ts';

/** What is longer is no secret. */
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
    if (isAuthError(cause)) throw cause;
    throw new CredentialError(`${what} cannot be read: ${errorCode(cause) ?? 'unknown error'}.`, { cause });
  } finally {
    await file?.close();
  }
}

async function readOpen(file: FileHandle, what: string): Promise<FileText> {
  const stats = await file.stat();
  if (!stats.isFile()) throw new CredentialError(`${what} is not a regular file.`);
  if (stats.size > MOST_BYTES) throw new CredentialError(`${what} is larger than 1 MiB: it cannot be a secret.`);
  return { text: decode(await file.readFile(), what), mode: stats.mode };
}

function decode(bytes: Uint8Array, what: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new CredentialError(`${what} is not UTF-8 text.`, { cause });
  }
}
