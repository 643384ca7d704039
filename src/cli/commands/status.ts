import type { Command } from 'commander';
import type { PersistentTokenStore, StoredCredential, StoreStatus } from '../../node/stores/persistent-store.ts';
import type { Account } from '../logins/account.ts';
import { signedInProfiles } from '../logins/choose.ts';
import { loginsIn, nameOf, type StoredLogin } from '../logins/login.ts';
import { readConfig } from '../logins/profiles.ts';
import { openStore } from '../logins/stores.ts';
import { userOf } from '../logins/user.ts';
import { say, writeData } from '../output.ts';
import { EXIT, runCommand } from '../run-command.ts';
import { type LoginOptions, storeOption } from './login-options.ts';

const HELP = `
Examples:
  authwire status
  authwire status --json | jq -r '.logins[].server'

No value of a token is shown. No server is asked.

Exit codes: 0 somebody is signed in; 1 an error; 3 nobody is signed in; 130 interrupted.`;

interface Options extends Pick<LoginOptions, 'store'> {
  readonly json?: boolean;
}

/** One login, as `authwire status --json` writes it. */
interface LoginStatus {
  /** The profile that it is for, or `null`: it was signed in for by its address. */
  readonly profile: string | null;
  readonly server: string;
  readonly clientId: string;
  readonly account: string;
  readonly user: string | null;
  /** When the access token ends, as ISO 8601. */
  readonly expiresAt: string | null;
  /** Is there a refresh token? */
  readonly renewable: boolean;
  readonly file: string;
}

/** Adds `authwire status`. */
export function addStatusCommand(program: Command): void {
  program
    .command('status')
    .description('show who is signed in where, until when, and what keeps the tokens')
    .addOption(storeOption())
    .option('--json', 'write JSON')
    .addHelpText('after', HELP)
    .action((options: Options) => runCommand('status', () => status(options)));
}

async function status({ store: name, json }: Options): Promise<number> {
  const store = openStore(name, tell);
  const state = await store.status();
  const byAddress = (await loginsIn(store)).map((login) => statusOf(login, store));
  const logins = await Promise.all([...byAddress, ...(await ofProfiles(name))]);
  const text = json ? JSON.stringify({ store: state, logins }, undefined, 2) : asText(logins, state);
  await writeData(`${text}\n`);
  return logins.length === 0 ? EXIT.loginRequired : EXIT.done;
}

async function statusOf({ stored, ...login }: StoredLogin, store: PersistentTokenStore): Promise<LoginStatus> {
  return { profile: null, ...login, ...(await stateOf(stored, store)) };
}

/** A broken configuration hides no other login. */
async function ofProfiles(store: LoginOptions['store']): Promise<Promise<LoginStatus>[]> {
  try {
    const found = await signedInProfiles(readConfig(tell), { store, tell });
    return found.map(({ profile, account }) => statusOfProfile(profile, account));
  } catch (error) {
    tell((error as Error).message);
    return [];
  }
}

async function statusOfProfile(profile: string, { server, options, store, key }: Account): Promise<LoginStatus> {
  const stored = (await store.list()).find((one) => one.key === key);
  const own = { profile, server, clientId: options.clientId, account: options.loginHint ?? '' };
  return { ...own, ...(await stateOf(stored as StoredCredential, store)) };
}

async function stateOf({ key, expiresAt, renewable, file }: StoredCredential, store: PersistentTokenStore) {
  const token = (await store.read(key))?.token;
  return {
    user: (token && userOf(token)) ?? null,
    expiresAt: expiresAt === undefined ? null : new Date(expiresAt).toISOString(),
    renewable,
    file,
  };
}

function asText(logins: readonly LoginStatus[], { kind, path, notes }: StoreStatus): string {
  const lines = logins.map((login) => `${titleOf(login)}\n  ${describe(login)}`);
  if (lines.length === 0) lines.push('Nobody is signed in.');
  lines.push(`Store: ${kind}${path === undefined ? '' : `, ${path}`}`, ...notes.map((note) => `  ${note}`));
  return lines.join('\n');
}

function titleOf(login: LoginStatus): string {
  return login.profile === null ? nameOf(login) : `${login.profile} (${login.server})`;
}

function describe({ user, expiresAt, renewable }: LoginStatus): string {
  const until = expiresAt === null ? 'access token without a known end' : `access token until ${expiresAt}`;
  return `${user ?? 'unknown user'}, ${until}, ${renewable ? 'can be refreshed' : 'cannot be refreshed'}`;
}

function tell(message: string): void {
  say('status', message);
}
