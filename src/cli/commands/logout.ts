import type { Command } from 'commander';
import { type ConfigurationError, isAuthError } from '../../errors.ts';
import { authenticatorOf } from '../logins/account.ts';
import { theAccount } from '../logins/choose.ts';
import { say } from '../output.ts';
import { EXIT, type Interruption, runCommand } from '../run-command.ts';
import { type LoginOptions, target, withLoginOptions } from './login-options.ts';

const HELP = `
Examples:
  authwire logout                              # the only login
  authwire logout prod                         # that of the profile prod
  authwire logout https://login.example.com

The tokens are forgotten here whatever the server says.

Exit codes: 0 signed out; 1 an error, or the server could not be told; 3 nobody is signed in; 130 interrupted.`;

/** Adds `authwire logout`. */
export function addLogoutCommand(program: Command): void {
  const command = program
    .command('logout')
    .description('revoke the tokens of a login at the server, and forget them')
    .argument('[profile|url]', 'a profile, or the issuer; needed where there are several logins', target);
  withLoginOptions(command)
    .addHelpText('after', HELP)
    .action((name: string | undefined, options: LoginOptions) =>
      runCommand('logout', (interruption) => logout(name, options, interruption)),
    );
}

async function logout(name: string | undefined, options: LoginOptions, { onInterrupt }: Interruption): Promise<number> {
  const account = await theAccount(name, options, (message) => say('logout', message));
  const auth = authenticatorOf(account);
  // What may be revoked already must not look alive.
  onInterrupt(() => auth.tokens.clear());
  try {
    await auth.revoke();
    say('logout', `signed out at ${account.server}`);
    return EXIT.done;
  } catch (error) {
    if (!isAuthError(error) || error.code === 'ERR_AUTH_STORE') throw error;
    const cannotRevoke = (error as ConfigurationError).code === 'ERR_AUTH_CONFIGURATION';
    say('logout', `the tokens are forgotten here, but not revoked at ${account.server}: ${error.message}`);
    return cannotRevoke ? EXIT.done : EXIT.error;
  } finally {
    await auth.close();
  }
}
