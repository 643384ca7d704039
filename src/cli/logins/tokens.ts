import { ConfigurationError } from '../../errors.ts';
import { buildAuthenticator } from '../../node/build-authenticator.ts';
import { TokenAuthenticator } from '../../tokens/token-authenticator.ts';
import { isAddress, type LoginOptions } from '../commands/login-options.ts';
import { assertSignedIn, authenticatorOf } from './account.ts';
import { theAccount } from './choose.ts';
import { findProfileAccount, readConfig } from './profiles.ts';

/**
 * What gives the token of a login, or of a profile whose client needs no person. It asks nobody.
 *
 * @throws {@link LoginRequiredError} where somebody has to sign in first, {@link ConfigurationError} for a profile without token.
 */
export async function tokensOf(
  name: string | undefined,
  options: LoginOptions,
  tell: (message: string) => void,
): Promise<TokenAuthenticator> {
  if (name === undefined || isAddress(name)) return authenticatorOf(await theAccount(name, options, tell));
  const config = readConfig(tell);
  const account = findProfileAccount(config, name, { store: options.store, tell });
  if (account !== undefined) {
    await assertSignedIn(account);
    return authenticatorOf(account);
  }
  const auth = buildAuthenticator(config.profile(name));
  if (auth instanceof TokenAuthenticator) return auth;
  throw new ConfigurationError(`the profile '${name}' has no token: it is ${auth.constructor.name}.`);
}
