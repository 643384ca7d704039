/**
 * Which file a command is. Neither the working directory nor a shell has a say in it.
 */

import { constants } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import { delimiter, isAbsolute, join } from 'node:path';
import { ConfigurationError } from '../../errors.ts';
import { errorCode } from '../../secrets/plain-cause.ts';
import { statedPath } from '../files/stated-path.ts';
import { isShellText } from './shell-text.ts';

/** Windows gives these to its shell, which reads the arguments as it pleases (CVE-2024-27980). It ignores what follows. */
const BATCH_FILE = /\.(?:bat|cmd)(?:[. ]*|:.*)$/i;

/** A file that can be run, or why there is none: the end of a sentence that begins with the command. */
export type Executable = { readonly file: string } | { readonly problem: string };

/** Finds the file, each time: programs are installed and updated while we run. */
export type FindExecutable = (path: string | undefined) => Promise<Executable>;

/**
 * Checks the first word of a command: an absolute path; a path that begins in `directory`; or a bare name, which is looked
 * for in the PATH that the command itself will see.
 *
 * @throws {@link ConfigurationError} for a batch file, and for a relative path without a directory.
 */
export function executable(
  program: string,
  directory: string | undefined,
  platform: NodeJS.Platform = process.platform,
): FindExecutable {
  if (BATCH_FILE.test(program)) throw refusedBatchFile();
  const isBare = !(platform === 'win32' ? /[\\/:]/ : /\//).test(program);
  if (isBare) return (path = '') => findInPath(program, path.split(delimiter), platform);
  const file = statedPath(program, "the program in option 'command'", directory === undefined ? {} : { directory });
  return async () => {
    const refusal = await refusalOf(file);
    return refusal === undefined ? { file } : { problem: `could not be started: its file ${refusal}.` };
  };
}

/** Empty and relative entries mean the working directory, or something in it. */
async function findInPath(name: string, path: readonly string[], platform: NodeJS.Platform): Promise<Executable> {
  let found: string | undefined;
  for (const file of path.filter(isAbsolute).flatMap((folder) => candidates(join(folder, name), platform))) {
    const refusal = await refusalOf(file);
    if (refusal === undefined) {
      if (!BATCH_FILE.test(file)) return { file };
      return { problem: `is a batch file, which Windows runs in a shell: name the program that it starts.` };
    }
    if (refusal !== MISSING) found ??= refusal;
  }
  return { problem: `could not be started: ${found === undefined ? 'it is not in PATH' : `in PATH it ${found}`}.` };
}

function candidates(file: string, platform: NodeJS.Platform): string[] {
  if (platform !== 'win32' || /\.(?:exe|com)$/i.test(file)) return [file];
  return ['.com', '.exe', '.bat', '.cmd'].map((extension) => file + extension);
}

const MISSING = 'does not exist';
const SHELL_TEXT = "is not a program and has no line '#!', so the system would run it in a shell";

async function refusalOf(file: string): Promise<string | undefined> {
  try {
    if (!(await stat(file)).isFile()) return 'is no file';
    await access(file, constants.X_OK);
    return process.platform !== 'win32' && (await isShellText(file)) ? SHELL_TEXT : undefined;
  } catch (cause) {
    const code = errorCode(cause);
    if (code === 'ENOENT' || code === 'ENOTDIR') return MISSING;
    return code === 'EACCES' ? 'may not be executed' : `cannot be read (${code})`;
  }
}

function refusedBatchFile(): ConfigurationError {
  return new ConfigurationError(
    "option 'command' must not be a batch file (.bat, .cmd), which Windows runs in a shell: name the program that it " +
      'starts, and its arguments.',
    { option: 'command' },
  );
}
