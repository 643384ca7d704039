import { type LoginOptions, login } from '../oauth/login.ts';
import { TokenAuthenticator, type TokenAuthenticatorOptions } from '../tokens/token-authenticator.ts';

export interface AuthTokenOptions extends LoginOptions, TokenAuthenticatorOptions {}

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
  constructor(options: AuthTokenOptions) {
    super(login(options), options);
  }

  static override getName(): string {
    return 'AuthToken';
  }
}
