import { fetchAuth } from '../../adapters/fetch.ts';
import { ConfigurationError } from '../../errors.ts';
import { urlField } from '../../fields/read.ts';
import { type SignInFields, withoutSignInFields } from '../../fields/sign-in-fields.ts';
import type { Authenticator } from '../../lifecycle/contract.ts';
import { httpUrl, isConfidential } from '../../lifecycle/origins.ts';
import { buildAuthenticator } from '../../node/build-authenticator.ts';
import { needsTransport } from '../../node/transport/from-fields.ts';
import { transportFor } from '../../node/transport/transport-for.ts';
import { TokenAuthenticator } from '../../tokens/token-authenticator.ts';
import type { LoginOptions } from '../commands/login-options.ts';
import { type Account, assertSignedIn, authenticatorOf } from '../logins/account.ts';
import { theAccount } from '../logins/choose.ts';
import { findProfileAccount, hasProfileInUse, readConfig } from '../logins/profiles.ts';

/** Whose credential is used for which address. */
export interface CredentialOptions extends LoginOptions {
  readonly profile?: string;
  readonly issuer?: string;
  /** As typed. */
  readonly address: string;
}

/** An address, and what sends authenticated requests there. */
export interface Sender {
  readonly url: URL;
  readonly send: ReturnType<typeof fetchAuth>;
  /** Waits for a renewal under way. */
  close(): Promise<void>;
}

/**
 * Finds the credential: of the named profile, of the named login, of the profile in use, or of the only login.
 *
 * @throws {@link ConfigurationError} where the address is not one that the credential is for.
 */
export async function senderFor(options: CredentialOptions, tell: (message: string) => void): Promise<Sender> {
  const { profile, issuer, clientId, account: name } = options;
  if (profile !== undefined && issuer !== undefined) {
    throw new ConfigurationError('--profile and --issuer contradict each other: give one of them.');
  }
  const isLogin = issuer !== undefined || clientId !== undefined || name !== undefined;
  const config = isLogin ? undefined : readConfig(tell);
  if (config === undefined || (profile === undefined && !hasProfileInUse(config))) {
    const url = typedUrl(options.address, undefined);
    return sender(url, authenticatorOf(await theAccount(issuer, options, tell)), undefined);
  }
  const chosen = profile ?? config.selected;
  const fields = config.profile(chosen);
  const base = urlField(withoutSignInFields(fields), 'url');
  const url = typedUrl(options.address, base);
  const found = findProfileAccount(config, chosen, { store: options.store, tell });
  const auth = found === undefined ? buildAuthenticator(fields) : await signedIn(found);
  if (base !== undefined && url.origin !== base.origin && auth.learnOrigins === undefined) {
    throw new ConfigurationError(`the profile '${chosen}' is for ${base.origin}, not for ${url.origin}.`);
  }
  return sender(url, auth, fields, base);
}

async function signedIn(account: Account): Promise<Authenticator> {
  await assertSignedIn(account);
  return authenticatorOf(account);
}

/** The origin that somebody typed gets the credential, where none is written down. */
function sender(url: URL, auth: Authenticator, fields: SignInFields | undefined, base?: URL): Sender {
  if (base === undefined && !isConfidential(url.origin)) {
    throw new ConfigurationError(`the credential would travel to ${url.origin} for all to read: use https.`);
  }
  const transport = fields !== undefined && needsTransport(fields) ? transportFor(fields) : undefined;
  const send = fetchAuth(auth, {
    ...(base === undefined && { origins: [url.origin] }),
    ...(transport !== undefined && { fetch: transport.fetch }),
  });
  return {
    url,
    send,
    async close() {
      if (auth instanceof TokenAuthenticator) await auth.close();
      await transport?.close();
    },
  };
}

function typedUrl(address: string, base: URL | undefined): URL {
  const url = httpUrl(address, base?.href);
  if (url === undefined) {
    throw new ConfigurationError(
      base === undefined
        ? 'the URL must begin with https:// or http://, because no profile in use says where it begins.'
        : 'the URL must be one of http or https.',
    );
  }
  if (url.username !== '' || url.password !== '') {
    throw new ConfigurationError(
      'the URL must hold no user and password: other users can read the arguments of a process.',
    );
  }
  return url;
}
