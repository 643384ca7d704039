import { createHash } from 'node:crypto';
import { AuthOAuth2, type AuthOAuth2Options } from '../../authenticators/oauth2.ts';
import { StoreError } from '../../errors.ts';
import type { AuthorizationRequestOptions } from '../../oauth/authorization-request.ts';
import { authorizationCodeIn, authorizationCodeShape } from '../../oauth/grants/authorization-code.ts';
import type { OAuthSource } from '../../oauth/oauth-source.ts';
import { resourceShape } from '../../oauth/resource-authenticator.ts';
import { storeKey } from '../../oauth/store-key.ts';
import type { TokenEndpointOptions } from '../../oauth/token-endpoint.ts';
import { joinOptions, pickOptions, readOptions, type Shape } from '../../options.ts';
import type { TokenStore } from '../../tokens/store.ts';
import { BROWSER_LOGIN, type BrowserLoginOptions, without } from './browser-options.ts';
import { openBrowserSession } from './browser-session.ts';
import { callbackPlace } from './callback/ports.ts';

/** Options of {@link AuthPkce}: the authorization server and the client, the browser, and the token's cache. */
export type AuthPkceOptions = TokenEndpointOptions &
  AuthorizationRequestOptions &
  BrowserLoginOptions &
  Omit<AuthOAuth2Options, 'deadlineMs'>;

// The person's time is `timeoutMs`.
const { deadlineMs: _, ...cacheOptions } = resourceShape;
export const pkceShape: Shape<AuthPkceOptions> = { ...cacheOptions, ...authorizationCodeShape, ...BROWSER_LOGIN };

const TIMEOUT_MS = 120_000;
/** What a login may take beyond the person: discovery before it, the exchange after it. */
const SERVER_MS = 60_000;
const LONGEST_MS = 2 ** 31 - 1;

/**
 * Signs a person in with the browser (RFC 8252): the authorization code grant with PKCE, on a port of this machine. Where
 * the browser cannot come back, the person pastes the address of the last page.
 *
 * Nobody is asked while there is a token, or a refresh token that the server takes. All calls that wait share one login,
 * also in other processes that use the same file or keyring store.
 *
 * @example
 * const auth = new AuthPkce({ issuer, clientId, scope: 'openid offline_access', store: keyringTokenStore() });
 * const api = ky.create({ baseUrl }).extend(kyAuth(auth));
 * @throws {@link ConfigurationError} naming the option that is wrong. A call throws {@link LoginRequiredError} where nobody
 * can sign in, or nobody did in time; {@link TokenEndpointError} where the server or the person refused;
 * {@link StoreError} where the login could not be kept, before a browser opens.
 */
export class AuthPkce extends AuthOAuth2 {
  constructor(given: AuthPkceOptions) {
    const options = (new.target === AuthPkce ? readOptions : pickOptions)<AuthPkceOptions>(
      'AuthPkce',
      given,
      pkceShape,
    );
    const login = pickOptions<BrowserLoginOptions>('AuthPkce', options, BROWSER_LOGIN);
    const others = without(options, BROWSER_LOGIN);
    super(pkceSource(others, login), others);
  }

  static override getName(): string {
    return 'AuthPkce';
  }

  /** One line for a list of authenticators. */
  static getDesc(): string {
    return 'Sign-in with the browser';
  }
}

/** The grant, with a browser and a listener. */
export function pkceSource(
  options: TokenEndpointOptions & AuthorizationRequestOptions & Pick<AuthOAuth2Options, 'store' | 'storeKey'>,
  login: BrowserLoginOptions,
): OAuthSource {
  callbackPlace(login.redirectUri, login.ports);
  const { timeoutMs = TIMEOUT_MS } = login;
  const deadlineMs = timeoutMs === 0 ? LONGEST_MS : Math.min(timeoutMs + SERVER_MS, LONGEST_MS);
  const grant = pickOptions<TokenEndpointOptions & AuthorizationRequestOptions>(
    'AuthPkce',
    options,
    authorizationCodeShape,
  );
  const source = authorizationCodeIn(joinOptions(grant, { deadlineMs }), async (_request, refusal) => {
    await probe(options.store, key);
    return openBrowserSession(login, options.issuer, refusal);
  });
  const key = options.storeKey ?? source.storeKey ?? personalKey(options);
  return { ...source, storeKey: key };
}

/** One person's account at this machine. Somebody who has several names them by `storeKey` or `loginHint`. */
export function personalKey(options: TokenEndpointOptions & AuthorizationRequestOptions): string {
  const { issuer, clientId, loginHint, audience } = options;
  const server = issuer ?? String(options.tokenEndpoint);
  const scope = typeof options.scope === 'string' ? options.scope.split(' ') : options.scope;
  const { parameters = {}, refreshParameters = {}, authorizationParameters = {} } = options;
  const more = JSON.stringify([options.resource, parameters, refreshParameters, authorizationParameters]);
  const digest = createHash('sha256').update(more).digest('base64url');
  return storeKey('person', server, clientId, loginHint, scope && [...scope].sort(), audience, digest);
}

/** A login that cannot be kept is better not begun. */
export async function probe(
  store: (TokenStore & { probe?(key: string): Promise<void> }) | undefined,
  key: string,
): Promise<void> {
  if (store === undefined) return;
  try {
    await (store.probe === undefined ? store.read(key) : store.probe(key));
  } catch (error) {
    if (error instanceof StoreError) throw error;
    throw new StoreError('the token store does not work, so nobody is asked to sign in. The cause says why.', {
      cause: error,
    });
  }
}
