import { parse } from 'node:path';
import { secretRegistrar } from '../../oauth/registered-secrets.ts';
import {
  anything,
  func,
  object,
  oneOf,
  positiveMilliseconds,
  readOptions,
  type Shape,
  secretOption,
  text,
  urlLike,
} from '../../options.ts';
import type { Token, TokenSource } from '../../tokens/token.ts';
import { type DirectoryOption, statedDirectory } from '../files/stated-path.ts';
import { type AnswerOptions, answerReader } from './answer.ts';
import { checkedArgv } from './argv.ts';
import { type EnvironmentOptions, environment } from './environment.ts';
import { executable } from './executable.ts';
import { Failures } from './failures.ts';
import { GRACE_MS } from './process-group.ts';
import { type CommandResult, runCommand } from './run.ts';

/** Options of {@link commandSource}. */
export interface CommandOptions extends AnswerOptions, EnvironmentOptions, DirectoryOption {
  /**
   * The program and its arguments, as the system gets them: no shell reads them. The program is an absolute path, a bare
   * name that is looked for in PATH, or a path that begins in `directory`.
   */
  readonly command: readonly string[];
  /** The absolute directory that the command runs in, and that a relative program begins in. Default: the root. */
  readonly directory?: string | URL;
  /** How long the command may take, in milliseconds; then it is ended, with all that it has started. Default: 30,000. */
  readonly deadlineMs?: number;
  /** The wall clock, in milliseconds since the epoch. Default: `Date.now`. */
  readonly now?: () => number;
}

/** The kinds of these options. */
export const commandShape: Shape<CommandOptions> = {
  // What else is wrong with them, their readers say.
  command: anything,
  env: {
    wanted: 'an object whose values are text, a Secret or a function that returns one of them',
    test: (value) => object.test(value) && Object.values(value as object).every(secretOption.test),
  },
  passEnv: anything,
  directory: urlLike,
  deadlineMs: positiveMilliseconds,
  now: func,
  tokenKey: text,
  expiresInKey: text,
  expiry: oneOf('dynamic', 'static'),
  ttlMs: positiveMilliseconds,
};

const DEFAULT_DEADLINE_MS = 30_000;

/**
 * A token from a command: `gcloud auth print-access-token`, a credential helper, a script. It runs when a token is needed,
 * and again when that has expired or was refused; never for each request.
 *
 * @throws {@link ConfigurationError} naming the option that is wrong. The source itself rejects with a
 * {@link CommandError}.
 * @example
 * new AuthBearer(commandSource({ command: ['gcloud', 'auth', 'print-access-token'] }));
 */
export function commandSource(options: CommandOptions): TokenSource {
  return sourceOf(readOptions('commandSource', options, commandShape));
}

function sourceOf(options: CommandOptions): TokenSource {
  const { now = Date.now } = options;
  const { deadlineMs, failures, register, run } = runner(options);
  const readAnswer = answerReader(options);
  return {
    // Time to end the command, before anybody else loses patience with it.
    deadlineMs: deadlineMs + 2 * GRACE_MS,
    async requestToken({ signal }): Promise<Token> {
      const result = await run(signal);
      const answer = readAnswer(result.stdout, now());
      if ('problem' in answer) throw failures.unreadable(answer, result);
      for (const [index, secret] of answer.secrets.entries()) register(`secret.${index}`, secret);
      return answer.token;
    },
  };
}

/**
 * Runs a command, whatever it prints.
 *
 * @throws {@link ConfigurationError} naming the option that is wrong. A run rejects with a {@link CommandError}.
 */
export function runner(options: Pick<CommandOptions, 'command' | 'directory' | 'deadlineMs' | 'env' | 'passEnv'>) {
  const { deadlineMs = DEFAULT_DEADLINE_MS } = options;
  const [program, ...args] = checkedArgv(options.command);
  const given = options.directory === undefined ? undefined : statedDirectory(options.directory);
  const directory = given ?? parse(process.execPath).root;
  const findFile = executable(program, given);
  const register = secretRegistrar();
  const readEnvironment = environment(options, (name, value) => register(`env.${name}`, value));
  const failures = new Failures({ command: program, directory, deadlineMs });

  return {
    deadlineMs,
    failures,
    register,
    /** To a good end. */
    async run(signal: AbortSignal): Promise<CommandResult> {
      signal.throwIfAborted();
      const env = await readEnvironment();
      const found = await findFile(pathIn(env));
      if ('problem' in found) throw failures.notFound(found.problem);
      const result = await runCommand({ file: found.file, args, directory, env, timeoutMs: deadlineMs, signal });
      if (result.ending.kind === 'aborted') signal.throwIfAborted();
      if (result.ending.kind !== 'exit' || result.ending.code !== 0) throw failures.ended(result);
      return result;
    },
  };
}

/** Windows writes its name in any case. */
function pathIn(env: Readonly<Record<string, string>>): string | undefined {
  if (process.platform !== 'win32') return env.PATH;
  return Object.entries(env).find(([name]) => name.toUpperCase() === 'PATH')?.[1];
}
