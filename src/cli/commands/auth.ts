import type { Command } from 'commander';
import { type AuthenticateOptions, authenticate } from '../../node/login/freva/authenticate.ts';
import { inFlags } from '../in-flags.ts';
import { interruptible } from '../interrupt.ts';
import { loudFetch } from '../loud-fetch.ts';
import { say, writeData } from '../output.ts';
import { withSpinner } from '../spinner.ts';
import { seconds } from './login-options.ts';

const HELP = `
Examples:
  authwire auth --host www.freva.example > ~/.mytoken.json
  authwire auth --host login.example.com --client-id my-cli
  authwire auth --token-file ~/.mytoken.json --host www.freva.example | jq -r .access_token

Environment: OIDC_TOKEN_FILE or FREVA_TOKEN_FILE stands for --token-file.

Standard output is the token as JSON and nothing else. Exit codes: 0 done; 1 an error; 150 interrupted by Ctrl-C.`;

/** Options of `authwire auth`, as commander reads them. */
interface AuthOptions {
  readonly host?: string;
  readonly tokenFile?: string;
  readonly force?: boolean;
  /** In seconds. */
  readonly timeout: number;
  readonly clientId?: string;
  readonly scope?: string;
  readonly verbose: number;
}

/** As freva's command does. */
const INTERRUPTED = 150;
const FLAGS = {
  host: '--host',
  tokenFile: '--token-file',
  timeoutMs: '--timeout',
  clientId: '--client-id',
  scope: '--scope',
};

/** Adds `authwire auth`. */
export function addAuthCommand(program: Command): void {
  program
    .command('auth')
    .description('print a token as JSON: the one in the file, a refreshed one, or one that you sign in for')
    .option('--host <host>', 'the server: a name, or an https address')
    .option('--token-file <file>', 'a file with a token as JSON; new tokens are written to it')
    .option('-f, --force', 'sign in, whatever tokens there are')
    .option('--timeout <seconds>', 'how long you may take to sign in; 0: no limit', seconds, 30)
    .option('--client-id <id>', 'the client, where the host is an authorization server and not a freva server')
    .option('--scope <scope>', 'the scope to ask an authorization server for')
    .option('-v, --verbose', 'say on standard error what is done; twice: with the causes of errors', increase, 0)
    .addHelpText('after', HELP)
    .action(run);
}

async function run(given: AuthOptions): Promise<void> {
  const interrupt = interruptible(INTERRUPTED);
  interrupt.signal.addEventListener('abort', () => say('auth', 'interrupted'));
  try {
    const options = optionsOf(given, interrupt.signal);
    const ask = () => authenticate(options);
    const token = await withSpinner(`Waiting for ${given.host ?? 'a token'}`, given.timeout * 1000, ask);
    await writeData(`${JSON.stringify(token, undefined, 3)}\n`);
  } catch (error) {
    process.exitCode = interrupt.isInterrupted() ? INTERRUPTED : 1;
    if (!interrupt.isInterrupted()) complain(error as Error, given.verbose);
  } finally {
    interrupt.release();
  }
}

function optionsOf(
  { host, force, timeout, clientId, scope, verbose, ...given }: AuthOptions,
  signal: AbortSignal,
): AuthenticateOptions {
  const { OIDC_TOKEN_FILE, FREVA_TOKEN_FILE } = process.env;
  const tokenFile = given.tokenFile ?? (OIDC_TOKEN_FILE || FREVA_TOKEN_FILE);
  return {
    ...(host !== undefined && { host }),
    ...(tokenFile && { tokenFile }),
    ...(force && { force }),
    ...(clientId !== undefined && { clientId }),
    ...(scope !== undefined && { scope }),
    ...(verbose > 0 && { fetch: loudFetch((line) => say('auth', line)) }),
    timeoutMs: timeout * 1000,
    signal,
  };
}

function complain(error: Error, verbose: number): void {
  say('auth', inFlags(error.message, FLAGS));
  if (verbose < 2) return;
  for (let { cause } = error; cause instanceof Error; { cause } = cause) say('auth', `cause: ${textOf(cause)}`);
}

/** Messages of others may quote what is secret, as a parser does; those of the system and our own don't. */
function textOf(cause: Error & { readonly code?: unknown }): string {
  return typeof cause.code === 'string' ? `${cause.message} (${cause.code})` : cause.name;
}

function increase(_value: string, before: number): number {
  return before + 1;
}
