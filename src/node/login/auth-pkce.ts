import { AuthOAuth2, type AuthOAuth2Options } from '../../authenticators/oauth2.ts';
import type { AuthorizationRequestOptions } from '../../oauth/authorization-request.ts';
import { authorizationCodeShape } from '../../oauth/grants/authorization-code.ts';
import { resourceShape } from '../../oauth/resource-authenticator.ts';
import type { TokenEndpointOptions } from '../../oauth/token-endpoint.ts';
import { flag, pickOptions, readOptions, type Shape, shapeWithout } from '../../options.ts';
import { BROWSER_LOGIN, type BrowserLoginOptions, without } from './browser-options.ts';
import { CODE_LOGIN, type CodeLoginOptions } from './device-options.ts';
import { personSource } from './person-source.ts';

/** Options of {@link AuthPkce}: the authorization server and the client, the browser, and the token's cache. */
export type AuthPkceOptions = TokenEndpointOptions &
  AuthorizationRequestOptions &
  BrowserLoginOptions &
  CodeLoginOptions & {
    /**
     * Sign in with a code on another screen, as {@link AuthDevice} does. `true`: always, where the server can. `false`: never.
     * Default: where no browser can come back here, no address can be pasted, and somebody can read a code.
     */
    readonly device?: boolean;
  } & Omit<AuthOAuth2Options, 'deadlineMs'>;

// The person's time is `timeoutMs`.
const cacheOptions = shapeWithout(resourceShape, 'deadlineMs');
/** What AuthPkce and AuthDevice have in common. */
export const personShape = { ...cacheOptions, ...authorizationCodeShape, ...BROWSER_LOGIN, ...CODE_LOGIN };
const SHAPE: Shape<AuthPkceOptions> = { ...personShape, device: flag };

/**
 * Signs a person in with the browser (RFC 8252): the authorization code grant with PKCE, on a port of this machine. Where
 * the browser cannot come back, the person pastes the address of the last page; where that cannot be done either, they
 * enter a code on another screen.
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
    const read = new.target === AuthPkce ? readOptions : pickOptions;
    const options = read<AuthPkceOptions>('AuthPkce', given, SHAPE);
    const { device } = options;
    const others = without(options, { ...BROWSER_LOGIN, ...CODE_LOGIN, device });
    super(personSource(others, options, device === undefined ? 'otherwise' : device ? 'always' : 'never'), others);
  }

  static override getName(): string {
    return 'AuthPkce';
  }

  /** One line for a list of authenticators. */
  static getDesc(): string {
    return 'Sign-in with the browser';
  }
}
