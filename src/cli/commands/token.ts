import type { Command } from 'commander';
import { tokensOf } from '../logins/tokens.ts';
import { say, writeData } from '../output.ts';
import { type Interruption, runCommand } from '../run-command.ts';
import { type LoginOptions, target, withLoginOptions } from './login-options.ts';

const HELP = `
Examples:
  curl -H "Authorization: Bearer $(authwire token)" https://api.example.com/me
  authwire token prod          # of a profile, of a person or of the client itself

Standard output is the access token and a line break. Nobody is asked: run authwire login before.

Exit codes: 0 done; 1 an error; 3 nobody is signed in; 130 interrupted.`;

/** Adds `authwire token`. */
export function addTokenCommand(program: Command): void {
  const command = program
    .command('token')
    .description('print the access token of a login, refreshed if it must be')
    .argument('[profile|url]', 'a profile, or the issuer; needed where there are several logins', target);
  withLoginOptions(command)
    .addHelpText('after', HELP)
    .action((name: string | undefined, options: LoginOptions) =>
      runCommand('token', (interruption) => print(name, options, interruption)),
    );
}

async function print(
  name: string | undefined,
  options: LoginOptions,
  { signal, onInterrupt }: Interruption,
): Promise<undefined> {
  const auth = await tokensOf(name, options, (message) => say('token', message));
  // A refresh that is cut loses the new refresh token.
  onInterrupt(() => auth.close());
  const { accessToken } = await auth.tokens.get();
  // A rotated refresh token is kept before anybody sees the access token.
  await auth.close();
  signal.throwIfAborted();
  await writeData(`${accessToken}\n`);
  return undefined;
}
