import type { Command } from 'commander';
import { type ConfigurationError, isAuthError } from '../../errors.ts';
import { authenticatorOf } from '../logins/authenticators.ts';
import { theLogin } from '../logins/login.ts';
import { openStore } from '../logins/stores.ts';
import { say } from '../output.ts';
import { EXIT, runCommand } from '../run-command.ts';
import { type LoginOptions, queryOf, url, withLoginOptions } from './login-options.ts';

const HELP = `
The tokens are forgotten here whatever the server says.

Exit codes: 0 signed out; 1 an error, or the server could not be told; 3 nobody is signed in; 130 interrupted.`;

/** Adds `authwire logout`. */
export function addLogoutCommand(program: Command): void {
  const command = program
    .command('logout')
    .description('revoke the tokens of a login at the server, and forget them')
    .argument('[url]', 'the issuer; needed where there are several logins', url);
  withLoginOptions(command)
    .addHelpText('after', HELP)
    .action((server: string | undefined, options: LoginOptions) => runCommand('logout', () => logout(server, options)));
}

async function logout(server: string | undefined, options: LoginOptions): Promise<number> {
  const store = openStore(options.store, (message) => say('logout', message));
  const login = await theLogin(store, queryOf(server, options));
  const auth = authenticatorOf(login, store);
  try {
    await auth.revoke();
    say('logout', `signed out at ${login.server}`);
    return EXIT.done;
  } catch (error) {
    if (!isAuthError(error) || error.code === 'ERR_AUTH_STORE') throw error;
    const cannotRevoke = (error as ConfigurationError).code === 'ERR_AUTH_CONFIGURATION';
    say('logout', `the tokens are forgotten here, but not revoked at ${login.server}: ${error.message}`);
    return cannotRevoke ? EXIT.done : EXIT.error;
  } finally {
    await auth.close();
  }
}
