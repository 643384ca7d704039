import type { Command } from 'commander';
import { authenticatorOf } from '../logins/authenticators.ts';
import { theLogin } from '../logins/login.ts';
import { openStore } from '../logins/stores.ts';
import { say, writeData } from '../output.ts';
import { type Interruption, runCommand } from '../run-command.ts';
import { type LoginOptions, queryOf, url, withLoginOptions } from './login-options.ts';

const HELP = `
Standard output is the access token and a line break. Nobody is asked: run authwire login before.

Exit codes: 0 done; 1 an error; 3 nobody is signed in; 130 interrupted.`;

/** Adds `authwire token`. */
export function addTokenCommand(program: Command): void {
  const command = program
    .command('token')
    .description('print the access token of a login, refreshed if it must be')
    .argument('[url]', 'the issuer; needed where there are several logins', url);
  withLoginOptions(command)
    .addHelpText('after', HELP)
    .action((server: string | undefined, options: LoginOptions) =>
      runCommand('token', (interruption) => print(server, options, interruption)),
    );
}

async function print(
  server: string | undefined,
  options: LoginOptions,
  { signal, onInterrupt }: Interruption,
): Promise<undefined> {
  const store = openStore(options.store, (message) => say('token', message));
  const auth = authenticatorOf(await theLogin(store, queryOf(server, options)), store);
  // A refresh that is cut loses the new refresh token.
  onInterrupt(() => auth.close());
  const { accessToken } = await auth.tokens.get();
  // A rotated refresh token is kept before anybody sees the access token.
  await auth.close();
  signal.throwIfAborted();
  await writeData(`${accessToken}\n`);
  return undefined;
}
