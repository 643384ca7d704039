import { AuthOAuth2 } from '../../authenticators/oauth2.ts';
import type { PersistentTokenStore } from '../../node/stores/persistent-store.ts';
import { refreshToken } from '../../oauth/grants/refresh-token.ts';
import { keyOf, type Login } from './login.ts';

/** Uses and renews a login. It asks nobody: where the login has ended, it throws {@link LoginRequiredError}. */
export function authenticatorOf(login: Login, store: PersistentTokenStore): AuthOAuth2 {
  const source = refreshToken({ issuer: login.server, clientId: login.clientId });
  return new AuthOAuth2(source, { store, storeKey: keyOf(login) });
}
