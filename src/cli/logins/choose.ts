import type { Config } from '../../config/config.ts';
import { ConfigurationError, LoginRequiredError } from '../../errors.ts';
import { isAddress, type LoginOptions, queryOf } from '../commands/login-options.ts';
import { type Account, assertSignedIn } from './account.ts';
import { accountOf, findLogins } from './login.ts';
import { findProfileAccount, hasProfileInUse, keepsLogin, profileAccount, readConfig } from './profiles.ts';
import { openStore } from './stores.ts';

/**
 * The login that is meant, which somebody has signed in for: a profile's, the one at an address, or the only one there is.
 *
 * @throws {@link LoginRequiredError} where there is none, {@link ConfigurationError} where there are several.
 */
export async function theAccount(
  name: string | undefined,
  options: LoginOptions,
  tell: (message: string) => void,
): Promise<Account> {
  if (name !== undefined && !isAddress(name)) {
    const account = profileAccount(readConfig(tell), name, { store: options.store, tell });
    await assertSignedIn(account);
    return account;
  }
  const query = queryOf(name, options);
  const store = openStore(options.store, tell);
  const accounts = (await findLogins(store, query)).map((login) => accountOf(login, store));
  const isNamed = Object.keys(query).length > 0;
  if (!isNamed) accounts.push(...(await accountInUse(options, tell)));
  const [account, ...others] = accounts;
  if (account === undefined) {
    throw new LoginRequiredError(`nobody is signed in${name === undefined ? '' : ` at ${name}`}: run authwire login.`);
  }
  if (others.length === 0) return account;
  const names = accounts.map(({ target }) => target).join('; ');
  throw new ConfigurationError(`several logins match, say which one: ${names}.`);
}

/** That of the profile in use, where somebody has signed in for it. */
async function accountInUse({ store }: LoginOptions, tell: (message: string) => void): Promise<Account[]> {
  const config = readConfig(tell);
  const found = hasProfileInUse(config) ? accountIn(config, config.selected, { store, tell }) : undefined;
  return found !== undefined && (await isSignedIn(found)) ? [found] : [];
}

/** All profiles that somebody has signed in for. */
export async function signedInProfiles(
  config: Config,
  options: { readonly store: LoginOptions['store']; readonly tell: (message: string) => void },
): Promise<{ readonly profile: string; readonly account: Account }[]> {
  const found = config.profileNames.map((profile) => ({ profile, account: accountIn(config, profile, options) }));
  const states = await Promise.all(
    found.map(async ({ account }) => account !== undefined && (await isSignedIn(account))),
  );
  return found.flatMap(({ profile, account }, index) =>
    account !== undefined && states[index] === true ? [{ profile, account }] : [],
  );
}

function accountIn(
  config: Config,
  profile: string,
  options: { readonly store: LoginOptions['store']; readonly tell: (message: string) => void },
): Account | undefined {
  try {
    return keepsLogin(config.profile(profile)) ? findProfileAccount(config, profile, options) : undefined;
  } catch (error) {
    // It is not what was asked for.
    options.tell((error as Error).message);
    return undefined;
  }
}

async function isSignedIn({ store, key }: Account): Promise<boolean> {
  return (await store.read(key))?.token !== undefined;
}
