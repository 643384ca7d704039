import type { Command } from 'commander';
import { AuthDevice } from '../../node/login/auth-device.ts';
import { AuthPkce } from '../../node/login/auth-pkce.ts';
import { authenticatorOf } from '../logins/authenticators.ts';
import { findLogins, keyOf, type Login } from '../logins/login.ts';
import { openStore } from '../logins/stores.ts';
import { userOf } from '../logins/user.ts';
import { say } from '../output.ts';
import { runCommand } from '../run-command.ts';
import { withSpinner } from '../spinner.ts';
import { type LoginOptions, queryOf, seconds, url, withLoginOptions } from './login-options.ts';

const HELP = `
Examples:
  authwire login https://login.example.com --client-id my-cli
  authwire login https://login.example.com --client-id my-cli --account work

Exit codes: 0 signed in; 1 an error; 3 nobody can sign in here, or nobody did in time; 130 interrupted.`;

interface Options extends LoginOptions {
  readonly clientId: string;
  readonly scope: string;
  readonly device: boolean;
  /** In seconds. */
  readonly timeout: number;
}

/** Adds `authwire login`. */
export function addLoginCommand(program: Command): void {
  const command = program
    .command('login')
    .description('sign in at an authorization server, with the browser or with a code on another screen')
    .argument('<url>', 'the issuer of the authorization server', url);
  withLoginOptions(command)
    .option('--scope <scope>', 'the scope to ask for', 'openid offline_access')
    .option('--no-device', 'use no code: show the link where no browser can be opened')
    .option('--timeout <seconds>', 'how long you may take; 0: no limit', seconds, 120)
    .addHelpText('after', HELP)
    .action((server: string, options: Options) => runCommand('login', () => login(server, options)));
  for (const option of command.options) if (option.long === '--client-id') option.makeOptionMandatory();
}

async function login(server: string, { scope, device, timeout, ...options }: Options): Promise<undefined> {
  const store = openStore(options.store, (message) => say('login', message));
  const { clientId, account = '' } = options;
  // The same server may be typed with a slash and without.
  const [former] = await findLogins(store, queryOf(server, { ...options, account }));
  const own: Login = former ?? { server, clientId, account };
  const key = keyOf(own);
  // A login that cannot be kept is better not begun.
  await store.probe(key);
  const timeoutMs = timeout * 1000;
  const given = {
    issuer: own.server,
    clientId,
    scope,
    timeoutMs,
    // Without it, many servers give no refresh token for `offline_access` (OpenID Connect Core §11).
    ...(scope.split(' ').includes('offline_access') && { authorizationParameters: { prompt: 'consent' } }),
  };
  // It knows no store, and so asks the person: the former login may be another account's. That stays until there is a new one.
  const asking = device ? new AuthDevice(given) : new AuthPkce(given);
  const token = await withSpinner(`Waiting for ${new URL(server).host}`, timeoutMs, () => asking.tokens.login());
  const keeping = authenticatorOf(own, store);
  await keeping.tokens.set(token);
  await Promise.all([asking.close(), keeping.close()]);
  const user = userOf(token);
  say('login', `signed in at ${own.server}${user === undefined ? '' : ` as ${user}`}`);
  return undefined;
}
