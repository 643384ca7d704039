import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Readable } from 'node:stream';
import { setTimeout as sleep, setImmediate as turn } from 'node:timers/promises';
import { MAX_TIMER_MS } from '../../tokens/deadline.ts';
import { collectAll, collectTail } from './output.ts';
import { endProcessGroup, endWithProcess, forget } from './process-group.ts';

/** A command that is ready to run. */
export interface CommandRun {
  /** An absolute path. */
  readonly file: string;
  readonly args: readonly string[];
  readonly directory: string;
  readonly env: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

/** How a command ended: by itself, by a signal that was not ours, not at all before we ended it, or it never began. */
export type Ending =
  | { readonly kind: 'exit'; readonly code: number }
  | { readonly kind: 'signal'; readonly signal: string }
  | { readonly kind: 'timeout' | 'output' | 'aborted' }
  | { readonly kind: 'start'; readonly cause: unknown };

export interface CommandResult {
  readonly ending: Ending;
  readonly stdout: Buffer;
  /** The end of it. */
  readonly stderr: string;
}

type Child = ChildProcessByStdio<null, Readable, Readable>;

/** Something that the command has started may hold its output open for ever: so long a silence after its end is the end. */
const SILENCE_MS = 100;

/**
 * Runs a command to its end, without a shell and without standard input, in a process group of its own, and ends the
 * whole group at the time limit, at the abort or when it has printed more than 1 MiB. When the promise is fulfilled, the
 * command has ended; it is never rejected.
 */
export async function runCommand(run: CommandRun): Promise<CommandResult> {
  const child = start(run);
  if ('cause' in child) return { ending: child, stdout: Buffer.alloc(0), stderr: '' };
  // Also where nobody waits for it any more.
  child.on('error', () => undefined);
  endWithProcess(child);
  const limits = new Limits(run);
  const stdout = collectAll(child.stdout, () => limits.exceed('output'));
  const stderr = collectTail(child.stderr);
  const ending = await Promise.race([ended(child), limits.exceeded]);
  limits.end();
  if (isForced(ending)) await endProcessGroup(child);
  forget(child);
  child.stdout.destroy();
  child.stderr.destroy();
  return { ending, stdout: stdout(), stderr: stderr() };
}

function isForced({ kind }: Ending): boolean {
  return kind === 'timeout' || kind === 'output' || kind === 'aborted';
}

/** Node throws some failures, such as too long a list of arguments, and emits others. */
function start({ file, args, directory, env }: CommandRun): Child | (Ending & { kind: 'start' }) {
  try {
    return spawn(file, args, {
      cwd: directory,
      env: { ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
      shell: false,
      detached: process.platform !== 'win32',
      windowsHide: true,
    });
  } catch (cause) {
    return { kind: 'start', cause };
  }
}

async function ended(child: Child): Promise<Ending> {
  try {
    const closed = new Promise((resolve) => child.once('close', resolve));
    const [code, signal] = (await once(child, 'exit')) as [number | null, string | null];
    await Promise.race([closed, silence([child.stdout, child.stderr])]);
    return signal === null ? { kind: 'exit', code: code ?? 0 } : { kind: 'signal', signal };
  } catch (cause) {
    return { kind: 'start', cause };
  }
}

/** Waits until nothing has come for a while, and not only because nobody was there to read it. */
async function silence(streams: readonly Readable[]): Promise<void> {
  let heard = 0;
  const hear = () => {
    heard += 1;
  };
  for (const stream of streams) stream.on('data', hear);
  for (let before = -1; before !== heard; ) {
    before = heard;
    await sleep(SILENCE_MS, undefined, { ref: false });
    await turn();
  }
}

type Limit = 'timeout' | 'output' | 'aborted';

/** What ends a command before its time. The first one counts. */
class Limits {
  readonly exceeded: Promise<Ending>;
  exceed!: (kind: Limit) => void;
  readonly #signal: AbortSignal;
  readonly #timer: NodeJS.Timeout;
  readonly #aborted = () => this.exceed('aborted');

  constructor({ timeoutMs, signal }: CommandRun) {
    this.exceeded = new Promise((resolve) => {
      this.exceed = (kind) => resolve({ kind });
    });
    this.#timer = setTimeout(() => this.exceed('timeout'), Math.min(timeoutMs, MAX_TIMER_MS));
    this.#signal = signal;
    signal.addEventListener('abort', this.#aborted);
    if (signal.aborted) this.#aborted();
  }

  end(): void {
    clearTimeout(this.#timer);
    this.#signal.removeEventListener('abort', this.#aborted);
  }
}
