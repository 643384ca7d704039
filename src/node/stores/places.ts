import { homedir } from 'node:os';
import { posix, win32 } from 'node:path';

/** Variables of an environment. */
type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Where this user's tokens are kept by default: `$XDG_DATA_HOME/authwire/tokens`, which is
 * `~/.local/share/authwire/tokens` where that is not set, `~/Library/Application Support/authwire/tokens` on macOS, and
 * `%LOCALAPPDATA%\authwire\tokens` on Windows, which does not roam.
 */
export function defaultTokenFolder(
  env: Environment = process.env,
  platform: NodeJS.Platform = process.platform,
): string {
  if (platform === 'win32') {
    const home = env.USERPROFILE || homedir();
    return win32.join(stated(env.LOCALAPPDATA, win32) ?? win32.join(home, 'AppData', 'Local'), 'authwire', 'tokens');
  }
  const home = env.HOME || homedir();
  const otherwise =
    platform === 'darwin'
      ? posix.join(home, 'Library', 'Application Support')
      : (stated(env.XDG_DATA_HOME, posix) ?? posix.join(home, '.local', 'share'));
  return posix.join(otherwise, 'authwire', 'tokens');
}

/** The XDG specification: what is not absolute is ignored. */
function stated(path: string | undefined, { isAbsolute }: typeof posix): string | undefined {
  return path !== undefined && isAbsolute(path) ? path : undefined;
}
