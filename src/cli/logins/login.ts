import type { PersistentTokenStore, StoredCredential } from '../../node/stores/persistent-store.ts';
import type { Account } from './account.ts';

/** Somebody's login at one server, as the command line names it. */
export interface Login {
  /** The issuer of the authorization server, as it was typed. */
  readonly server: string;
  readonly clientId: string;
  /** The user's name for one of several accounts; empty: the only one. */
  readonly account: string;
}

/** Which login is meant. What is missing matches all. */
export type LoginQuery = Partial<Login>;

/** What a login by its URL takes. */
export function accountOf(login: Login, store: PersistentTokenStore, scope?: string): Account {
  return {
    server: login.server,
    target: nameOf(login),
    key: keyOf(login),
    store,
    isDevice: true,
    options: { issuer: login.server, clientId: login.clientId, ...(scope !== undefined && { scope }) },
  };
}

/** A login and where it is kept. */
export interface StoredLogin extends Login {
  readonly stored: StoredCredential;
}

/** Other programs keep their logins in the same folder. */
const PREFIX = 'authwire-cli ';

function keyOf({ server, clientId, account }: Login): string {
  return `${PREFIX}${JSON.stringify([server, clientId, account])}`;
}

/** The logins of the command line that have not ended. */
export async function loginsIn(store: PersistentTokenStore): Promise<StoredLogin[]> {
  const found: StoredLogin[] = [];
  for (const stored of await store.list()) {
    const login = loginOf(stored.key);
    if (login !== undefined && stored.ended === undefined) found.push({ ...login, stored });
  }
  return found;
}

/** All that match. */
export async function findLogins(store: PersistentTokenStore, query: LoginQuery): Promise<StoredLogin[]> {
  return (await loginsIn(store)).filter((login) => matches(login, query));
}

/** As the command line takes it: `https://login.example.com --client-id my-cli`. */
export function nameOf({ server, clientId, account }: Login): string {
  return `${server} --client-id ${clientId}${account === '' ? '' : ` --account ${account}`}`;
}

function matches(login: Login, { server, clientId, account }: LoginQuery): boolean {
  return (
    (server === undefined || withoutSlash(login.server) === withoutSlash(server)) &&
    (clientId === undefined || login.clientId === clientId) &&
    (account === undefined || login.account === account)
  );
}

function withoutSlash(server: string): string {
  return URL.canParse(server) ? new URL(server).href.replace(/\/$/, '') : server;
}

function loginOf(key: string): Login | undefined {
  if (!key.startsWith(PREFIX)) return undefined;
  const [server, clientId, account] = JSON.parse(key.slice(PREFIX.length)) as [string, string, string];
  return { server, clientId, account };
}
