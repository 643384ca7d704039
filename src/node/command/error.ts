import { CredentialError } from '../../errors.ts';
import { printableName } from '../../secrets/printable.ts';

/**
 * What went wrong: it could not be started, it ended with another exit code than 0 or by a signal, it took too long, it
 * printed too much, it printed nothing, or what it printed is no token.
 */
export type CommandErrorKind = 'start' | 'exit' | 'signal' | 'timeout' | 'output' | 'empty' | 'answer';

export interface CommandErrorOptions extends ErrorOptions {
  readonly kind: CommandErrorKind;
  /** The first word of the command. */
  readonly command: string;
  /** The directory that it ran in. */
  readonly directory: string;
  readonly exitCode?: number;
  readonly signal?: string;
  readonly stderr?: string;
}

/**
 * A command gave no token. Its arguments stay unsaid, and so does all that it printed to standard output: both may hold
 * secrets.
 */
export class CommandError extends CredentialError {
  readonly kind: CommandErrorKind;
  /** The command's name: its first word, without arguments. */
  readonly command: string;
  /** How the command itself ended, where it did. */
  readonly exitCode: number | undefined;
  /** The signal that ended it, such as `SIGSEGV`. */
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
