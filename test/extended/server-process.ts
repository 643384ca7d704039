/** A server that Debian packages, as a child of the test run: on loopback, ended by its own pid, in a folder of its own. */

import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

/** What the run says about a server, and how it ends it. What else a server tells goes to the tests. */
export interface RunningServer {
  readonly pid: number;
  /** Its name and version, as it says itself. */
  readonly version: string;
  readonly origin: string;
  stop(): Promise<void>;
}

export interface ServerCommand {
  readonly command: string;
  readonly args: readonly string[];
  readonly env?: NodeJS.ProcessEnv;
  /** It is ready once it says this … */
  readonly says?: string;
  /** … or once this no longer throws. It is asked again and again until `deadlineMs`. */
  readonly answers?: () => Promise<unknown>;
  /** How long a start may take, in milliseconds. Default: 10,000. */
  readonly deadlineMs?: number;
}

const unfinished = new Set<() => void>();
process.once('exit', () => {
  // A server ends before its folder goes away.
  for (const finish of [...unfinished].reverse()) finish();
});

/** Does this where the run ends before it was called off. */
export function atExit(finish: () => void): () => void {
  unfinished.add(finish);
  return () => void unfinished.delete(finish);
}

/** A folder for one server, and how it goes away: by `remove`, or where the run ends before that. */
export function serverFolder(name: string): { readonly folder: string; remove(): void } {
  const folder = mkdtempSync(join(tmpdir(), `authwire-${name}-`));
  const remove = () => removeFolder(folder);
  const callOff = atExit(remove);
  return {
    folder,
    remove() {
      remove();
      callOff();
    },
  };
}

/** A server that is just ending may still write and remove: `rmSync` then stops half-way, with an error or without. */
function removeFolder(folder: string): void {
  for (let tries = 20; tries > 0 && existsSync(folder); tries -= 1) {
    try {
      rmSync(folder, { recursive: true, force: true });
    } catch {
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 50);
    }
  }
}

/** Starts a server in the foreground. It is ended by `stop`, also where the run ends before that. */
export async function startProcess(what: ServerCommand): Promise<Pick<RunningServer, 'pid' | 'stop'>> {
  const server = spawn(what.command, [...what.args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    ...(what.env && { env: what.env }),
  });
  const end = () => server.kill('SIGTERM');
  const callOff = atExit(end);
  const stop = async () => {
    if (server.exitCode === null && server.signalCode === null && end()) await once(server, 'exit');
    callOff();
  };
  try {
    await ready(server, what);
    return { pid: server.pid as number, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

function ready(server: ChildProcess, { command, says, answers, deadlineMs = 10_000 }: ServerCommand): Promise<void> {
  const said: string[] = [];
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.once('exit', (code) => reject(new Error(`${command} ended with ${code}:\n${said.join('\n')}`)));
    for (const stream of [server.stdout, server.stderr]) {
      createInterface(stream as NodeJS.ReadableStream).on('line', (line) => {
        said.push(line);
        if (says !== undefined && line.includes(says)) resolve();
      });
    }
    if (answers !== undefined) until(answers, deadlineMs).then(resolve, reject);
  });
}

async function until(answers: () => Promise<unknown>, deadlineMs: number): Promise<void> {
  const deadline = Date.now() + deadlineMs;
  for (;;) {
    try {
      await answers();
      return;
    } catch (error) {
      if (Date.now() > deadline) throw error;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}

/** Gives a folder to the user that a server of root turns into. Whoever isn't root runs it as himself. */
export function ownedBy(user: string, folder: string): void {
  if (process.getuid?.() === 0) execFileSync('chown', ['-R', user, folder]);
}

/** Rejects where nobody listens. */
export async function connectTo(port: number): Promise<void> {
  const socket = connect(port, '127.0.0.1');
  await once(socket, 'connect');
  socket.destroy();
}

export async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address() as { port: number };
  probe.close();
  await once(probe, 'close');
  return port;
}
