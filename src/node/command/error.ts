import { CredentialError } from '../../errors.ts';
import { printableName } from '../../secrets/printable.ts';

/**
 * What went wrong: the command cannot be started (`start`), ended with an exit code other than 0 (`exit`) or by a
 * signal (`signal`), took too long (`timeout`), printed too much (`output`) or nothing (`empty`), or printed something
 * other than a token (`answer`).
 */
export type CommandErrorKind = 'start' | 'exit' | 'signal' | 'timeout' | 'output' | 'empty' | 'answer';

/** Options of {@link CommandError}. */
export interface CommandErrorOptions extends ErrorOptions {
  /** What went wrong. */
  readonly kind: CommandErrorKind;
  /** The first word of the command. */
  readonly command: string;
  /** The directory that it ran in. */
  readonly directory: string;
  /** The exit code. Default: `undefined`. */
  readonly exitCode?: number;
  /** The signal that ended it. Default: `undefined`. */
  readonly signal?: string;
  /** What it printed to standard error. Default: empty. */
  readonly stderr?: string;
}

/** A command gave no token. The error holds neither its arguments nor its standard output: both may contain secrets. */
export class CommandError extends CredentialError {
  /** What went wrong. */
  readonly kind: CommandErrorKind;
  /** The command's name: its first word, without arguments. */
  readonly command: string;
  /** The exit code; `undefined` where the command did not end by itself. */
  readonly exitCode: number | undefined;
  /** The signal that ended it, such as `SIGSEGV`; `undefined` where there was none. */
  readonly signal: string | undefined;
  /** The end of what it printed to standard error: masked, without control characters, at most 4,000 bytes. */
  readonly stderr: string;

  constructor(reason: string, { kind, directory, exitCode, signal, stderr = '', ...options }: CommandErrorOptions) {
    const command = printableName(options.command);
    super(`The command ${command} ${reason} ${advice(kind, directory)}${quoted(stderr)}`, {
      cause: options.cause,
      code: kind === 'timeout' ? 'ERR_AUTH_TIMEOUT' : 'ERR_AUTH_CREDENTIAL',
    });
    this.kind = kind;
    this.command = command;
    this.exitCode = exitCode;
    this.signal = signal;
    this.stderr = stderr;
  }
}

/** What differs from the shell in which it works is mostly the reason. */
function advice(kind: CommandErrorKind, directory: string): string {
  const run = 'Run it yourself to see.';
  if (kind === 'start') return run;
  return `${run} Here it ran in ${printableName(directory)}, with a short environment to which options 'env' and 'passEnv' add.`;
}

/** Indented, so that no line of a command passes for a line of somebody else. */
function quoted(stderr: string): string {
  return stderr === '' ? '' : ` It said:\n${stderr.replace(/^/gm, '  ')}`;
}
