import type { Command } from 'commander';
import { ConfigurationError } from '../../errors.ts';
import { type Account, askPerson, keep } from '../logins/account.ts';
import { accountOf, findLogins } from '../logins/login.ts';
import { hasProfileInUse, profileAccount, readConfig } from '../logins/profiles.ts';
import { openStore } from '../logins/stores.ts';
import { userOf } from '../logins/user.ts';
import { say } from '../output.ts';
import { runCommand } from '../run-command.ts';
import { withSpinner } from '../spinner.ts';
import { isAddress, type LoginOptions, queryOf, seconds, target, withLoginOptions } from './login-options.ts';

const HELP = `
Examples:
  authwire login https://login.example.com --client-id my-cli
  authwire login https://login.example.com --client-id my-cli --account work
  authwire login prod          # the profile prod; see authwire config
  authwire login               # the profile in use

Exit codes: 0 signed in; 1 an error; 3 nobody can sign in here, or nobody did in time; 130 interrupted.`;

interface Options extends LoginOptions {
  readonly scope?: string;
  readonly device: boolean;
  /** In seconds. */
  readonly timeout?: number;
}

const SCOPE = 'openid offline_access';
const TIMEOUT_MS = 120_000;

/** Adds `authwire login`. */
export function addLoginCommand(program: Command): void {
  const command = program
    .command('login')
    .description('sign in at an authorization server, with the browser or with a code on another screen')
    .argument('[profile|url]', 'a profile, or the issuer of the authorization server', target);
  withLoginOptions(command)
    .option('--scope <scope>', `with an address: the scope to ask for (default: ${SCOPE})`)
    .option('--no-device', 'use no code: show the link where no browser can be opened')
    .option('--timeout <seconds>', 'how long you may take; 0: no limit (default: 120)', seconds)
    .addHelpText('after', HELP)
    .action((name: string | undefined, options: Options) => runCommand('login', () => login(name, options)));
}

async function login(name: string | undefined, options: Options): Promise<undefined> {
  const account = await (name !== undefined && isAddress(name) ? byAddress(name, options) : byProfile(name, options));
  // A login that cannot be kept is better not begun.
  await account.store.probe(account.key);
  const timeoutMs = options.timeout === undefined ? undefined : options.timeout * 1000;
  const limitMs = timeoutMs ?? account.options.timeoutMs ?? TIMEOUT_MS;
  const ask = () => askPerson(account, { useCode: options.device, timeoutMs: limitMs });
  const token = await withSpinner(`Waiting for ${new URL(account.server).host}`, limitMs, ask);
  // The former login stays until now.
  await keep(account, token);
  const user = userOf(token);
  say('login', `signed in at ${account.server}${user === undefined ? '' : ` as ${user}`}`);
  return undefined;
}

async function byAddress(server: string, options: Options): Promise<Account> {
  const { clientId, account = '', scope = SCOPE } = options;
  if (clientId === undefined) {
    throw new ConfigurationError("option 'clientId' is missing: the client at the authorization server.", {
      option: 'clientId',
    });
  }
  const store = openStore(options.store, tell);
  // The same server may be typed with a slash and without.
  const [former] = await findLogins(store, queryOf(server, { ...options, account }));
  return accountOf(former ?? { server, clientId, account }, store, scope);
}

function byProfile(name: string | undefined, { store, clientId, account, scope }: Options): Account {
  const config = readConfig(tell);
  if (name === undefined && !hasProfileInUse(config)) {
    throw new ConfigurationError('no profile is in use: name one, or the address of an authorization server.');
  }
  const [flag] = Object.entries({ clientId, account, scope }).find(([, value]) => value !== undefined) ?? [];
  if (flag !== undefined) {
    throw new ConfigurationError(`option '${flag}' is for an address: a profile says that itself.`, { option: flag });
  }
  return profileAccount(config, name ?? config.selected, { store, tell });
}

function tell(message: string): void {
  say('login', message);
}
