import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { COMPILED, MAIN } from './run.ts';

const TERMINAL = fileURLToPath(new URL('./terminal.py', import.meta.url));

export interface SessionOptions {
  readonly env?: Readonly<Record<string, string>>;
  /** In a pseudo-terminal, except for standard output. Default: in pipes. */
  readonly isTerminal?: boolean;
}

/** The command as a process that somebody watches and types to. */
export interface Session {
  /** What it has said on standard error, or what the terminal shows. */
  readonly said: string;
  /** What it said, once that matches. */
  saying(pattern: RegExp): Promise<RegExpExecArray>;
  type(text: string): void;
  interrupt(): void;
  readonly end: Promise<{ readonly stdout: string; readonly stderr: string; readonly code: number | null }>;
}

/** Starts the command, in an environment that holds nothing but what is given. */
export function startAuthwire(args: readonly string[], { env = {}, isTerminal = false }: SessionOptions = {}): Session {
  const clean = { PATH: process.env.PATH ?? '', HOME: '/nonexistent', TERM: 'xterm-256color', ...COMPILED, ...env };
  const command = [process.execPath, MAIN, ...args];
  const [program = '', ...rest] = isTerminal ? ['python3', TERMINAL, ...command] : command;
  const child = spawn(program, rest, { env: clean });
  let [stdout, stderr] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (data: string) => {
    stdout += data;
  });
  child.stderr.setEncoding('utf8').on('data', (data: string) => {
    stderr += data;
  });
  const code = new Promise<number | null>((resolve) => child.on('close', resolve));
  return {
    get said() {
      return stderr;
    },
    saying: (pattern) =>
      new Promise((resolve, reject) => {
        const look = () => {
          const match = pattern.exec(stderr);
          if (match === null) return;
          child.stderr.off('data', look);
          resolve(match);
        };
        child.stderr.on('data', look);
        void code.then((status) => reject(new Error(`it ended (${status}) without saying ${pattern}: ${stderr}`)));
        look();
      }),
    type: (text) => void child.stdin.write(text),
    interrupt: () => void child.kill('SIGINT'),
    end: code.then((status) => ({ stdout, stderr, code: status })),
  };
}
