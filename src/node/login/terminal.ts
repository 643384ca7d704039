import { createInterface } from 'node:readline';
import { PassThrough, type Readable, type Writable } from 'node:stream';

/** Who reads and types. */
export interface Terminal {
  /** Can a person type here? */
  readonly isInteractive: boolean;
  /** Does it render links (OSC 8 escape sequences)? */
  readonly hasLinks: boolean;
  /** Prints text as it is. */
  write(text: string): void;
  /**
   * Reads one line that a person types or pastes, without echoing it. Rejects with the reason of the signal, and
   * restores the terminal. `undefined`: the input has ended.
   */
  readLine(signal: AbortSignal): Promise<string | undefined>;
}

type Input = Readable & Partial<Pick<NodeJS.ReadStream, 'isTTY'>> & Pick<NodeJS.ReadStream, 'readableFlowing'>;

/** The terminal of this process: standard input and standard error. Standard output belongs to the program. */
export function processTerminal(
  input: Input = process.stdin,
  output: Writable & Partial<Pick<NodeJS.WriteStream, 'isTTY'>> = process.stderr,
  env: Readonly<Record<string, string | undefined>> = process.env,
): Terminal {
  // A program that reads its input itself must get all of it.
  const isFree = () =>
    input.listenerCount('data') + input.listenerCount('readable') + input.listenerCount('keypress') === 0;
  return {
    isInteractive: input.isTTY === true && output.isTTY === true && isFree(),
    hasLinks: output.isTTY === true && env.TERM !== 'dumb' && !env.TMUX && !env.STY,
    write: (text) => void output.write(text),
    readLine: (signal) => readLine(input, signal),
  };
}

/** What is pasted holds a code, and may be longer than a terminal takes in one line: so it is read key by key, unseen. */
function readLine(input: Readable, signal: AbortSignal): Promise<string | undefined> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(signal.reason);
    const reader = createInterface({ input, output: new PassThrough().resume(), terminal: true, historySize: 0 });
    const end = (settle: () => void) => {
      signal.removeEventListener('abort', abort);
      reader.removeAllListeners().close();
      input.pause();
      settle();
    };
    const abort = () => end(() => reject(signal.reason));
    signal.addEventListener('abort', abort, { once: true });
    reader.once('line', (line) => end(() => resolve(line)));
    reader.once('close', () => end(() => resolve(undefined)));
    // In this mode the terminal sends no signal: the program gets it as if it had.
    reader.once('SIGINT', () => {
      end(() => resolve(undefined));
      process.kill(process.pid, 'SIGINT');
    });
  });
}

/** A link that a terminal opens at a click, or the plain address. */
export function link(url: string, { hasLinks }: Terminal): string {
  return hasLinks ? `\u001b]8;;${url}\u001b\\${url}\u001b]8;;\u001b\\` : url;
}
