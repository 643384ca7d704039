import { AuthOAuth2, type AuthOAuth2Options } from '../../authenticators/oauth2.ts';
import { LoginRequiredError } from '../../errors.ts';
import { AuthDevice, type AuthDeviceOptions } from '../../node/login/auth-device.ts';
import { AuthPkce, type AuthPkceOptions } from '../../node/login/auth-pkce.ts';
import type { PersistentTokenStore } from '../../node/stores/persistent-store.ts';
import { refreshToken } from '../../oauth/grants/refresh-token.ts';
import { grantShape } from '../../oauth/option-shapes.ts';
import { resourceShape } from '../../oauth/resource-authenticator.ts';
import type { TokenEndpointOptions } from '../../oauth/token-endpoint.ts';
import { joinOptions, pickOptions } from '../../options.ts';
import type { Token } from '../../tokens/token.ts';

/** Somebody's login, by a URL or by a profile: what it takes to begin, use, renew and end it. */
export interface Account {
  /** Where: the issuer, or the token endpoint. */
  readonly server: string;
  /** What `authwire login` has to be told to sign in. */
  readonly target: string;
  /** Under which the store keeps it. */
  readonly key: string;
  readonly store: PersistentTokenStore;
  /** Starts with a code for another screen where no browser comes back; a profile says so itself. */
  readonly isDevice: boolean;
  /** The authorization server, the client, and how the token is presented. */
  readonly options: AuthPkceOptions | AuthDeviceOptions;
}

/** Uses and renews a login. It asks nobody: where the login has ended, it throws {@link LoginRequiredError}. */
export function authenticatorOf({ options, store, key }: Account, more: AuthOAuth2Options = {}): AuthOAuth2 {
  const source = refreshToken(pickOptions<TokenEndpointOptions>('authwire', options, grantShape));
  const { token: _, ...presented } = pickOptions<AuthOAuth2Options>('authwire', options, resourceShape);
  return new AuthOAuth2(source, joinOptions(joinOptions(presented, more), { store, storeKey: key }));
}

/** How a person is asked. */
export interface AskOptions {
  readonly useCode: boolean;
  readonly timeoutMs: number | undefined;
}

/**
 * Asks the person, whatever login there is: it may be another account's. Nothing is kept.
 *
 * @throws {@link LoginRequiredError} where nobody can sign in, or nobody did in time.
 */
export async function askPerson({ options, isDevice }: Account, { useCode, timeoutMs }: AskOptions): Promise<Token> {
  const { store: _, storeKey: __, ...others } = options;
  const own = { ...others, ...consent(others), ...(timeoutMs !== undefined && { timeoutMs }) };
  const auth = useCode && isDevice ? new AuthDevice(own as AuthDeviceOptions) : new AuthPkce(withoutPreference(own));
  const token = await auth.tokens.login();
  await auth.close();
  return token;
}

/** How long others may renew the former login before it is replaced all the same. */
const LEASE_MS = 60_000;

/** Keeps the login in place of the former one. Programs that renew it all the time wait so long. */
export async function keep(account: Account, token: Token): Promise<void> {
  const auth = authenticatorOf(account);
  const lease = await account.store.lease?.(account.key, AbortSignal.timeout(LEASE_MS)).catch(() => undefined);
  try {
    await auth.tokens.set(token);
  } finally {
    await lease?.release();
    await auth.close();
  }
}

/** @throws {@link LoginRequiredError} where nobody is signed in. */
export async function assertSignedIn({ store, key, server, target }: Account): Promise<void> {
  if ((await store.read(key))?.token !== undefined) return;
  throw new LoginRequiredError(`nobody is signed in at ${server}: run authwire login ${target}.`);
}

/** Without it, many servers give no refresh token for `offline_access` (OpenID Connect Core §11). */
function consent({ scope = [], prompt }: Pick<AuthPkceOptions, 'scope' | 'prompt'>) {
  const names = typeof scope === 'string' ? scope.split(' ') : scope;
  return prompt === undefined && names.includes('offline_access') ? { prompt: 'consent' } : {};
}

function withoutPreference(options: object): AuthPkceOptions {
  const { preferBrowser: _, ...others } = options as AuthDeviceOptions;
  return others;
}
