import { type LoginOptions, login, loginShape } from '../oauth/login.ts';
import { pickOptions, readOptions, type Shape } from '../options.ts';
import { TokenAuthenticator, type TokenAuthenticatorOptions } from '../tokens/token-authenticator.ts';
import { tokenShape } from '../tokens/token-shape.ts';

/** Options of {@link AuthToken}. */
export interface AuthTokenOptions extends LoginOptions, TokenAuthenticatorOptions {}

const SHAPE: Shape<AuthTokenOptions> = { ...tokenShape, ...loginShape };

/**
 * Logs in with a POST of user name and password, picks a token from the JSON that comes back, and sends it in a header.
 * When the token has expired or was refused, it logs in again.
 *
 * @example
 * const auth = new AuthToken({
 *   tokenEndpoint: 'https://api.example.com/login',
 *   username: 'ada',
 *   password,
 *   tokenKey: 'data.token',
 * });
 * @throws {@link ConfigurationError} naming the option that is wrong, {@link CredentialError} for a password that
 * cannot be sent.
 */
export class AuthToken extends TokenAuthenticator {
  constructor(given: AuthTokenOptions) {
    const options = (new.target === AuthToken ? readOptions : pickOptions)<AuthTokenOptions>('AuthToken', given, SHAPE);
    super(login(options), options);
  }

  static override getName(): string {
    return 'AuthToken';
  }
}
