import { errorCode, plainCause } from '../../secrets/plain-cause.ts';
import type { Answer } from './answer.ts';
import { CommandError, type CommandErrorKind } from './error.ts';
import type { CommandResult, Ending } from './run.ts';
import { stderrText } from './stderr-text.ts';

export interface FailuresOptions {
  /** The first word of the command. */
  readonly command: string;
  readonly directory: string;
  readonly deadlineMs: number;
}

/** The errors of a command that gave no token. */
export class Failures {
  readonly #options: FailuresOptions;

  constructor(options: FailuresOptions) {
    this.#options = options;
  }

  notFound(problem: string): CommandError {
    return new CommandError(problem, { ...this.#options, kind: 'start' });
  }

  ended(result: CommandResult): CommandError {
    const { ending } = result;
    return new CommandError(reasonOf(ending, this.#options.deadlineMs), {
      ...this.#options,
      kind: ending.kind as CommandErrorKind,
      stderr: shownStderr(result),
      ...(ending.kind === 'exit' && { exitCode: ending.code }),
      ...(ending.kind === 'signal' && { signal: ending.signal }),
      // The system's own error holds all arguments.
      ...(ending.kind === 'start' && { cause: plainCause(ending.cause) }),
    });
  }

  unreadable({ kind, problem }: Extract<Answer, { problem: string }>, result: CommandResult): CommandError {
    return new CommandError(problem, { ...this.#options, kind, exitCode: 0, stderr: shownStderr(result) });
  }
}

function reasonOf(ending: Ending, deadlineMs: number): string {
  switch (ending.kind) {
    case 'exit':
      return `failed with exit code ${ending.code}.`;
    case 'signal':
      return `was ended by ${ending.signal}.`;
    case 'timeout':
      return `did not end within ${deadlineMs} ms (option 'deadlineMs'), and was ended with all that it had started.`;
    case 'output':
      return 'printed more than 1 MiB to standard output, and was ended with all that it had started.';
    case 'aborted':
      return 'was ended.';
    case 'start':
      return `could not be started: ${startProblem(errorCode(ending.cause))}.`;
  }
}

function startProblem(code: string | undefined): string {
  if (code === 'ENOENT') return "there is no such directory (option 'directory'), or no program to interpret its file";
  return `the system refused (${code ?? 'unknown error'})`;
}

function shownStderr({ stdout, stderr }: CommandResult): string {
  return stderrText(stderr, new TextDecoder().decode(stdout));
}
