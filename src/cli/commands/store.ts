import type { Command } from 'commander';
import { ConfigurationError } from '../../errors.ts';
import type { StoredCredential } from '../../node/stores/persistent-store.ts';
import { printableName } from '../../secrets/printable.ts';
import { openStore, type StoreName } from '../logins/stores.ts';
import { say, writeData } from '../output.ts';
import { EXIT, runCommand } from '../run-command.ts';
import { storeOption } from './login-options.ts';

const HELP = `
What is removed here is not revoked at a server: authwire logout does that.

Examples:
  authwire store list
  authwire store remove 3f2a9c
  authwire store clear --yes

Exit codes: 0 done; 1 an error; 130 interrupted.`;

interface StoreOptions {
  readonly store?: StoreName;
  readonly json?: boolean;
  readonly yes?: boolean;
}

/** One credential, as `authwire store list --json` writes it. */
interface Listed {
  /** Names it for `authwire store remove`. */
  readonly id: string;
  readonly key: string;
  /** When the access token ends, as ISO 8601. */
  readonly expiresAt: string | null;
  /** Is there a refresh token? */
  readonly renewable: boolean;
  /** Why there is no token: somebody logged out, or the server has ended the login. */
  readonly ended: 'cleared' | 'dead' | null;
  readonly file: string;
}

const ID_LENGTH = 12;

/** Adds `authwire store`. */
export function addStoreCommand(program: Command): void {
  const store = program
    .command('store')
    .description('show and remove what the token store keeps, also for other programs; never a value')
    .addHelpText('after', HELP);
  store
    .command('list')
    .description('show what is kept')
    .addOption(storeOption())
    .option('--json', 'write JSON')
    .action((options: StoreOptions) => runCommand('store list', () => list(options)));
  store
    .command('remove')
    .description('remove one credential, damaged files and former versions included')
    .argument('<id>', 'its id, or the beginning of it')
    .addOption(storeOption())
    .action((id: string, options: StoreOptions) => runCommand('store remove', () => remove(id, options)));
  store
    .command('clear')
    .description('remove all of them')
    .addOption(storeOption())
    .option('--yes', 'do it: nobody is asked')
    .action((options: StoreOptions) => runCommand('store clear', () => clear(options)));
}

async function list({ store: name, json }: StoreOptions): Promise<number> {
  const store = openStore(name, (message) => say('store list', message));
  const credentials = (await store.list()).map(listed);
  const text = json
    ? JSON.stringify({ store: await store.status(), credentials }, undefined, 2)
    : credentials.map(asText).join('\n') || 'Nothing is kept.';
  await writeData(`${text}\n`);
  return EXIT.done;
}

async function remove(id: string, { store: name }: StoreOptions): Promise<number> {
  const store = openStore(name, (message) => say('store remove', message));
  const found = (await store.list()).filter((one) => idOf(one).startsWith(id.toLowerCase()) || one.key === id);
  const [credential, ...others] = found;
  if (credential === undefined) throw new ConfigurationError('nothing with that id is kept: authwire store list');
  if (others.length > 0)
    throw new ConfigurationError(`${found.length} credentials have ids that begin so: give more of it.`);
  await store.delete(credential.key);
  say('store remove', `removed ${printableName(credential.key)}`);
  return EXIT.done;
}

async function clear({ store: name, yes }: StoreOptions): Promise<number> {
  const store = openStore(name, (message) => say('store clear', message));
  if (yes !== true) {
    throw new ConfigurationError(
      `everything in ${store.path} would be removed: add --yes, or remove single ones by their id.`,
    );
  }
  await store.clear();
  say('store clear', `removed everything in ${store.path}`);
  return EXIT.done;
}

function idOf({ file }: StoredCredential): string {
  return (file.match(/([\da-f]{64})\.json$/)?.[1] ?? '').slice(0, ID_LENGTH);
}

function listed(credential: StoredCredential): Listed {
  const { key, expiresAt, renewable, ended, file } = credential;
  return {
    id: idOf(credential),
    key,
    expiresAt: expiresAt === undefined ? null : new Date(expiresAt).toISOString(),
    renewable,
    ended: ended ?? null,
    file,
  };
}

function asText({ id, key, expiresAt, renewable, ended }: Listed): string {
  const state = ended === 'cleared' ? 'signed out' : ended === 'dead' ? 'ended by the server' : undefined;
  const until = expiresAt === null ? 'no known end' : `until ${expiresAt}`;
  const token = `${until}, ${renewable ? 'can be refreshed' : 'cannot be refreshed'}`;
  return `${id}  ${printableName(key)}\n  ${state ?? token}`;
}
