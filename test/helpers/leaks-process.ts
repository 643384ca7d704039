/** What a process shows to everybody who looks: its output, its command line, its title. */

import { readFileSync } from 'node:fs';
import { format } from 'node:util';

type Write = typeof process.stdout.write;

export interface ProcessWatch extends Disposable {
  /** Everything that was written since the start or the last time, and what the process is called now. */
  take(): string;
}

const consoleMethods = ['log', 'info', 'debug', 'warn', 'error', 'trace', 'table', 'dir'] as const;

/** Collects what goes to stdout, stderr and the console instead of letting it out, until it is disposed of. */
export function watchProcess(): ProcessWatch {
  let text = '';
  const write = ((chunk: Uint8Array | string, ...rest: unknown[]) => {
    text += typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString();
    const done = rest.at(-1);
    if (typeof done === 'function') done();
    return true;
  }) as Write;
  const undo = [
    replace(process.stdout, 'write', write),
    replace(process.stderr, 'write', write),
    ...consoleMethods.map((name) =>
      replace(globalThis.console, name, (...parts: unknown[]) => {
        text += `${format(...parts)}\n`;
      }),
    ),
  ];
  return {
    take() {
      const taken = `${text}\n${commandLine()}`;
      text = '';
      return taken;
    },
    [Symbol.dispose]() {
      for (const one of undo) one();
    },
  };
}

function replace<Target extends object, Name extends keyof Target>(target: Target, name: Name, by: Target[Name]) {
  const former = target[name];
  target[name] = by;
  return () => {
    target[name] = former;
  };
}

/** As `ps` shows it to every user of the machine. */
function commandLine(): string {
  const shown = process.platform === 'linux' ? readFileSync('/proc/self/cmdline', 'utf8') : '';
  return [shown, process.title, ...process.argv, ...process.execArgv].join('\n');
}
