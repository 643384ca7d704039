import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';

/** The command, as it is in this repository. */
export const MAIN = fileURLToPath(new URL('../../../src/cli/main.ts', import.meta.url));

/** Without it, each process takes the types out of the sources by itself, which is most of what it does. */
export const COMPILED = {
  NODE_COMPILE_CACHE: fileURLToPath(new URL('../../../node_modules/.cache/authwire-cli', import.meta.url)),
};

export interface Run {
  readonly input?: string | Uint8Array;
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
}

/** Runs the command as a process of its own, in an environment that holds nothing but what is given. */
export async function authwire(args: readonly string[], { input = '', env = {}, cwd }: Run = {}) {
  // Without a home of its own, the test would read the profiles of whoever runs it.
  const clean = { PATH: process.env.PATH ?? '', HOME: '/nonexistent', ...COMPILED, ...env };
  const child = spawn(process.execPath, [MAIN, ...args], { env: clean, ...(cwd !== undefined && { cwd }) });
  child.stdin.on('error', () => undefined);
  child.stdin.end(input);
  const exit = new Promise<number | null>((resolve) => child.on('close', resolve));
  const [stdout, stderr, code] = await Promise.all([text(child.stdout), text(child.stderr), exit]);
  return { stdout, stderr, code };
}
