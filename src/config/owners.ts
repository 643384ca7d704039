/**
 * Whose files are trusted as a project's. In a shared folder anybody can make a `.git` and an `.authwire.toml`, and so
 * decide where the secrets of those who work below it are sent. git has the same rule (`safe.directory`).
 */

import { type Stats, statSync } from 'node:fs';
import { join } from 'node:path';
import { ConfigurationError } from '../errors.ts';

const TRUST = "Make it your own with chown, or name the file in option 'files' or AUTHWIRE_CONFIG, which trusts it.";

/** Is a file or folder the user's own, or root's, who could change everything anyway? */
export function isOwn({ uid }: Pick<Stats, 'uid'>, env: NodeJS.ProcessEnv = process.env): boolean {
  const user = process.geteuid?.();
  // Windows keeps owners elsewhere.
  if (user === undefined || uid === user || uid === 0) return true;
  return user === 0 && env.SUDO_UID !== undefined && Number(env.SUDO_UID) === uid;
}

/**
 * Refuses a project's file where somebody else owns the repository that makes it the project's.
 *
 * @param repository - The repository's root.
 * @throws {@link ConfigurationError} naming the file, and what belongs to somebody else.
 */
export function refuseForeignRepository(file: string, repository: string): void {
  for (const path of [repository, join(repository, '.git')]) {
    if (!isOwn(statSync(path))) throw foreign(file, `${path} belongs to another user`);
  }
}

/** @throws {@link ConfigurationError} for a project's file that somebody else owns. */
export function refuseForeignFile(file: string, stats: Stats): void {
  if (!isOwn(stats)) throw foreign(file, 'it belongs to another user');
}

function foreign(file: string, why: string): ConfigurationError {
  return new ConfigurationError(`${file} is not trusted: ${why}. ${TRUST}`);
}
