/** Real commands for tests: scripts in a folder that goes with the test. */

import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { AuthError } from '../../src/errors.ts';
import type { CommandError } from '../../src/node/command/error.ts';
import { type CommandOptions, commandSource } from '../../src/node/command/source.ts';
import type { Token } from '../../src/tokens/token.ts';

/** A folder that is gone after the test. */
export async function testFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'authwire-command-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** An executable file; its first line says who runs it. */
export async function executableFile(folder: string, name: string, text: string): Promise<string> {
  const file = join(folder, name);
  await writeFile(file, text);
  await chmod(file, 0o755);
  return file;
}

/** The argv of a script for sh. */
export async function shell(script: string): Promise<readonly string[]> {
  return [await executableFile(await testFolder(), 'script', `#!/bin/sh\n${script}\n`)];
}

/** The argv of a program for Node: the text of an ES module. */
export async function program(text: string, ...args: readonly string[]): Promise<readonly string[]> {
  const file = join(await testFolder(), 'program.mjs');
  await writeFile(file, text);
  return [process.execPath, file, ...args];
}

/** Runs a command once, as a source does. */
export function run(options: CommandOptions, signal: AbortSignal = new AbortController().signal): Promise<Token> {
  return commandSource(options).requestToken({ signal });
}

/** The error of a command that gives no token. */
export async function failureOf(options: CommandOptions, signal?: AbortSignal): Promise<CommandError> {
  const outcome = await run(options, signal).then(
    (token) => token,
    (error: AuthError) => error,
  );
  if (outcome instanceof Error) return outcome as CommandError;
  throw new Error('The command gave a token.');
}

/** Is there still a process of this id that does anything? One that only waits to be buried is none. */
export async function isAlive(pid: number): Promise<boolean> {
  try {
    const status = await readFile(`/proc/${pid}/stat`, 'utf8');
    return !/^\d+ \(.*\) [ZX] /s.test(status);
  } catch {
    return false;
  }
}
