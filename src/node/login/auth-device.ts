import { AuthOAuth2, type AuthOAuth2Options } from '../../authenticators/oauth2.ts';
import type { AuthorizationRequestOptions } from '../../oauth/authorization-request.ts';
import type { TokenEndpointOptions } from '../../oauth/token-endpoint.ts';
import { pickOptions, readOptions, type Shape } from '../../options.ts';
import { personShape } from './auth-pkce.ts';
import { BROWSER_LOGIN, type BrowserLoginOptions, without } from './browser-options.ts';
import { DEVICE_LOGIN, type DeviceLoginOptions } from './device-options.ts';
import { personSource } from './person-source.ts';

/** Options of {@link AuthDevice}: the authorization server and the client, both ways to sign in, and the token's cache. */
export type AuthDeviceOptions = TokenEndpointOptions &
  AuthorizationRequestOptions &
  DeviceLoginOptions &
  BrowserLoginOptions &
  Omit<AuthOAuth2Options, 'deadlineMs'>;

const SHAPE: Shape<AuthDeviceOptions> = { ...personShape, ...DEVICE_LOGIN };

/**
 * Signs a person in on another screen (RFC 8628): a terminal shows a code, an address and a QR code, and the person enters
 * the code wherever they have a browser. Where this machine has a browser, that is used as with {@link AuthPkce}, because
 * device codes are phished; also where the server has no device authorization.
 *
 * @example
 * const auth = new AuthDevice({ issuer, clientId, scope: 'openid offline_access', store: keyringTokenStore() });
 * @throws {@link ConfigurationError} naming the option that is wrong. A call throws {@link LoginRequiredError} where no one
 * can read the code; {@link TokenEndpointError} with `error` (`access_denied`, `expired_token`) where the login failed;
 * {@link AuthenticationError} where the server sends people to another host than its own; {@link StoreError} where the
 * login could not be stored, before anyone is asked.
 */
export class AuthDevice extends AuthOAuth2 {
  constructor(given: AuthDeviceOptions) {
    const read = new.target === AuthDevice ? readOptions : pickOptions;
    const options = read<AuthDeviceOptions>('AuthDevice', given, SHAPE);
    const others = without(without(options, BROWSER_LOGIN), DEVICE_LOGIN);
    super(personSource(others, options, options.preferBrowser === false ? 'always' : 'first'), others);
  }

  static override getName(): string {
    return 'AuthDevice';
  }

  /** One line for a list of authenticators. */
  static getDesc(): string {
    return 'Sign-in on another screen';
  }
}
