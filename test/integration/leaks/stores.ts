/** Tokens are kept in a store, or told to a function of the user, and that fails: often by quoting what it was given. */

import type { StoredToken, TokenStore } from '../../../src/tokens/store.ts';
import type { Token } from '../../../src/tokens/token.ts';
import { TokenAuthenticator } from '../../../src/tokens/token-authenticator.ts';
import { tokenStore } from '../../../src/tokens/token-store.ts';
import type { ClientDriver } from '../../helpers/clients.ts';
import { markedSecret } from '../../helpers/leaks-mark.ts';
import { bound, outcome } from '../contract/fixture.ts';
import { type AuthenticatorRow, authenticators } from './authenticators.ts';
import { behave } from './authorities.ts';
import { debugSink } from './logs.ts';
import type { FailureGroup } from './paths.ts';
import type { Stage } from './stage.ts';

interface StoreFailure {
  readonly name: string;
  /** A store that fails in its way. Others will see its keys, as names of files: it notes them down. */
  store(keys: string[]): TokenStore;
}

/** Keeps nothing, and is not to blame for anything. */
function emptyStore(keys: string[]): TokenStore {
  return {
    read: async (key) => {
      keys.push(key);
      return undefined;
    },
    write: async (key) => {
      keys.push(key);
      return { ok: true, version: '1' };
    },
    delete: async (key) => void keys.push(key),
  };
}

const holding = (token: unknown) => async () => ({ token, version: '1' }) as StoredToken;

/** An error as a careless store throws it: what it was given is in its message, its cause, its properties. */
function quoting(token: Token): Error {
  const text = JSON.stringify(token);
  const query = Buffer.from(text).toString('base64');
  const cause = new AggregateError([new Error(`SET token ${query}`)], `ERR syntax near '${text.slice(0, 60)}…'`);
  return Object.assign(new Error(`cannot write ${text}`, { cause }), { command: ['SET', text], token });
}

const storeFailures: readonly StoreFailure[] = [
  {
    name: 'cannot be read',
    store: (keys) => ({ ...emptyStore(keys), read: () => Promise.reject(new Error('EACCES')) }),
  },
  {
    name: 'cannot be written and quotes the token',
    store: (keys) => ({ ...emptyStore(keys), write: (_key, { token }) => Promise.reject(quoting(token as Token)) }),
  },
  {
    name: 'always finds another token there',
    store: (keys) => ({
      ...emptyStore(keys),
      write: async () => ({ ok: false, current: await holding({ accessToken: `${markedSecret('token')}\n` })() }),
    }),
  },
  {
    name: 'holds a token with a line break',
    store: (keys) => ({
      ...emptyStore(keys),
      read: holding({ accessToken: `${markedSecret('token')}\n`, tokenType: 'Bearer' }),
    }),
  },
  {
    name: 'holds text instead of a token',
    store: (keys) => ({ ...emptyStore(keys), read: holding(markedSecret('token')) }),
  },
  {
    name: 'holds a token in a list',
    store: (keys) => ({ ...emptyStore(keys), read: holding({ accessToken: [markedSecret('token')] }) }),
  },
  {
    name: 'cannot be cleared and quotes the token',
    store: (keys) => {
      const token = { accessToken: markedSecret('token'), tokenType: 'Bearer' };
      return { ...emptyStore(keys), read: holding(token), delete: () => Promise.reject(quoting(token)) };
    },
  },
  { name: 'holds a number', store: (keys) => ({ ...emptyStore(keys), read: holding(5) }) },
  {
    name: 'holds rubbish',
    store: (keys) => ({ ...emptyStore(keys), read: async () => markedSecret('token') as never }),
  },
  {
    name: 'gives no lease',
    store: (keys) => ({ ...emptyStore(keys), lease: () => Promise.reject(new Error('locked by another process')) }),
  },
];

/** Every failure of a store × every authenticator that keeps tokens; the clients take turns. */
export function storeGroups(drivers: readonly ClientDriver[]): FailureGroup[] {
  const rows = authenticators.filter(({ keepsTokens }) => keepsTokens);
  return storeFailures.map((failure, turn) => ({
    name: `a store that ${failure.name}`,
    paths: rows.map((row, index) => {
      const driver = drivers[(turn + index) % drivers.length] as ClientDriver;
      return { name: `${row.name} through ${driver.name}`, fail: (stage) => failStore(driver, row, failure, stage) };
    }),
  }));
}

async function failStore(driver: ClientDriver, row: AuthenticatorRow, { store }: StoreFailure, stage: Stage) {
  const { api, pem } = stage;
  const keys: string[] = [];
  const authority = stage.authority + behave('kind');
  const auth = row.create({ authority, pem, debug: true, logger: debugSink, store: tokenStore(store(keys)) });
  const send = driver.create(auth, bound(api));
  const { error } = await outcome(driver, send({ url: api.url('/401') }));
  const direct =
    auth instanceof TokenAuthenticator ? await Promise.allSettled([auth.tokens.get(), auth.tokens.clear()]) : [];
  return [error, auth, keys, ...direct.map((one) => (one.status === 'rejected' ? one.reason : undefined))];
}
