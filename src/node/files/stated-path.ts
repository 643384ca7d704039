import { isAbsolute, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ConfigurationError } from '../../errors.ts';

/** Where relative paths begin. */
export interface DirectoryOption {
  /** The absolute directory that a relative path is resolved against. Default: none, and paths have to be absolute. */
  readonly directory?: string | URL;
}

/**
 * The absolute path that is meant. The working directory never says what that is: a program is started in many, and
 * some of them are not its own.
 *
 * @param what - Names the path in errors, such as `the path of a secret file`.
 * @throws {@link ConfigurationError} for no path at all, and for a relative one without a directory.
 */
export function statedPath(path: string | URL, what: string, options?: DirectoryOption): string {
  const directory = options?.directory;
  const text = pathText(path, what);
  if (isAbsolute(text)) return text;
  // `C:file` is a file in whatever directory that drive is in.
  if (process.platform === 'win32' && /^[a-z]:/i.test(text)) throw new ConfigurationError(`${what} must be absolute.`);
  if (directory !== undefined) return resolve(statedDirectory(directory), text);
  throw new ConfigurationError(
    `${what} is relative: make it absolute, or set option 'directory' to its base, such as import.meta.dirname.`,
    { option: 'directory' },
  );
}

/** @throws {@link ConfigurationError} for a directory that is not absolute. */
export function statedDirectory(directory: string | URL): string {
  const text = pathText(directory, "option 'directory'");
  if (isAbsolute(text)) return text;
  throw new ConfigurationError("option 'directory' must be an absolute path, such as import.meta.dirname.", {
    option: 'directory',
  });
}

function pathText(path: string | URL, what: string): string {
  if (path instanceof URL && path.protocol === 'file:') return fileURLToPath(path);
  if (typeof path === 'string' && path !== '' && !path.includes('\0')) return path;
  throw new ConfigurationError(`${what} must be a path, as text or as a file: URL.`);
}
