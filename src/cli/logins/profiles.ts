import type { Config } from '../../config/config.ts';
import { loadConfig } from '../../config/load.ts';
import { ConfigurationError } from '../../errors.ts';
import { readFields } from '../../fields/parse.ts';
import { readSignInFields, type SignInFields } from '../../fields/sign-in-fields.ts';
import { deviceOptions, pkceOptions } from '../../node/login/from-fields.ts';
import { needsTransport } from '../../node/transport/from-fields.ts';
import { transportFor } from '../../node/transport/transport-for.ts';
import type { Account } from './account.ts';
import { openStore, STORES, type StoreName } from './stores.ts';

/** What reading profiles takes. */
export interface ProfileOptions {
  /** What keeps the login, whatever the profile says. */
  readonly store: StoreName | undefined;
  /** Told what should be done about files and stores. */
  readonly tell: (message: string) => void;
}

/** The configuration of this directory and environment. */
export function readConfig(tell: (message: string) => void): Config {
  return loadConfig({ onWarning: tell });
}

/** Is a profile that nobody has named in use? */
export function hasProfileInUse(config: Config): boolean {
  return config.profileNames.includes(config.selected);
}

/**
 * The login of a profile.
 *
 * @throws {@link ConfigurationError} for a profile that signs nobody in, or keeps its login nowhere.
 */
export function profileAccount(config: Config, name: string, options: ProfileOptions): Account {
  const account = findProfileAccount(config, name, options);
  if (account !== undefined) return account;
  const { authOverride, authType } = readFields(config.profile(name), ['authOverride', 'authType']);
  throw new ConfigurationError(
    `the profile '${name}' signs nobody in: it is ${authOverride || authType}, and only AuthPkce and AuthDevice do that.`,
  );
}

/** The same; `undefined`: it signs nobody in. */
export function findProfileAccount(config: Config, name: string, options: ProfileOptions): Account | undefined {
  const fields = config.profile(name);
  const kind = personKind(fields);
  if (kind === undefined) return undefined;
  const { issuer, credentialStore } = readSignInFields(fields);
  const store = openStore(options.store ?? kept(credentialStore, name), options.tell);
  const given = { store, ...(needsTransport(fields) && { transport: transportFor(fields) }) };
  const own = kind === 'AuthDevice' ? deviceOptions(fields, given) : pkceOptions(fields, given);
  return {
    server: issuer || String(own.tokenEndpoint),
    target: name,
    key: own.storeKey as string,
    store,
    isDevice: kind === 'AuthDevice',
    options: own,
  };
}

/** Does it sign a person in, and keep the login for other commands? */
export function keepsLogin(fields: SignInFields): boolean {
  return personKind(fields) !== undefined && readSignInFields(fields).credentialStore !== 'memory';
}

function personKind(fields: SignInFields): 'AuthPkce' | 'AuthDevice' | undefined {
  const { authOverride, authType } = readFields(fields, ['authOverride', 'authType']);
  const name = authOverride === '' ? authType : authOverride;
  return name === 'AuthPkce' || name === 'AuthDevice' ? name : undefined;
}

function kept(store: StoreName | 'memory', name: string): StoreName {
  if (store !== 'memory') return store;
  throw new ConfigurationError(
    `the profile '${name}' keeps its login in memory, which ends with this command: choose --store ${STORES.join(' or --store ')}.`,
    { option: 'credentialStore' },
  );
}
