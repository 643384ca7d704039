import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, posix, resolve, win32 } from 'node:path';

/** Variables of an environment. */
export type Environment = Readonly<Record<string, string | undefined>>;

const PROJECT_FILE = '.authwire.toml';

/**
 * The file of the machine's administrator, if there is one. On Windows there is none: everybody may make folders in
 * `%ProgramData%`.
 */
export function systemFile(platform: NodeJS.Platform = process.platform): string | undefined {
  return platform === 'win32' ? undefined : '/etc/authwire/config.toml';
}

/**
 * The user's own file: `$XDG_CONFIG_HOME/authwire/config.toml`, which is `~/.config/authwire/config.toml` where that is
 * not set (also on macOS), and `%APPDATA%\authwire\config.toml` on Windows.
 */
export function userFile(env: Environment, platform: NodeJS.Platform = process.platform): string {
  const { isAbsolute, join } = platform === 'win32' ? win32 : posix;
  const home = homeOf(env, platform);
  const [stated, otherwise] =
    platform === 'win32'
      ? [env.APPDATA, join(home, 'AppData', 'Roaming')]
      : [env.XDG_CONFIG_HOME, join(home, '.config')];
  // The XDG specification: what is not absolute is ignored.
  return join(stated !== undefined && isAbsolute(stated) ? stated : otherwise, 'authwire', 'config.toml');
}

/** The user's own directory. */
export function homeOf(env: Environment, platform: NodeJS.Platform = process.platform): string {
  return (platform === 'win32' ? env.USERPROFILE : env.HOME) || homedir();
}

/**
 * The `.authwire.toml` that is nearest above a directory, no further up than the root of its git repository. Outside of
 * a repository only the directory itself counts: in `/tmp`, somebody else may have put one.
 */
export function findProjectFile(directory: string): string | undefined {
  const start = resolve(directory);
  const parents = [...parentsOf(start)];
  const root = parents.findIndex((parent) => existsSync(resolve(parent, '.git')));
  const candidates = root === -1 ? [start] : parents.slice(0, root + 1);
  return candidates.map((parent) => resolve(parent, PROJECT_FILE)).find((file) => existsSync(file));
}

/**
 * The root of the repository that makes a file the project's: `undefined` where the file is in the directory itself, and
 * counts whether or not there is a repository.
 */
export function repositoryOf(file: string, directory: string): string | undefined {
  if (dirname(file) === resolve(directory)) return undefined;
  return [...parentsOf(dirname(file))].find((parent) => existsSync(resolve(parent, '.git')));
}

/** Where a project's file would be made. */
export function newProjectFile(directory: string): string {
  return resolve(directory, PROJECT_FILE);
}

function* parentsOf(directory: string): Generator<string> {
  yield directory;
  const parent = resolve(directory, '..');
  if (parent !== directory) yield* parentsOf(parent);
}

/** The absolute path that is meant: `~/` is the user's directory, everything else begins at `directory`. */
export function pathFrom(directory: string, path: string, env: Environment): string {
  return /^~[\\/]/.test(path) ? resolve(homeOf(env), path.slice(2)) : resolve(directory, path);
}
