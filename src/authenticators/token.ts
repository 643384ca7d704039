import { ConfigurationError } from '../errors.ts';
import type { CredentialFields } from '../fields/credential-fields.ts';
import { optsField } from '../fields/opts.ts';
import { requiredTextField, secretField, textField, urlField } from '../fields/read.ts';
import { buildWith } from '../lifecycle/build.ts';
import {
  backOffOptions,
  endpointOptions,
  responseOptions,
  type TokenBuildOptions,
  tokenOptions,
} from '../oauth/build-options.ts';
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

  static getDesc(): string {
    return 'Token from a login';
  }

  static build(fields: CredentialFields, options: TokenBuildOptions = {}): AuthToken {
    optsField(fields, {});
    const credentials = {
      tokenEndpoint: loginUrl(fields),
      username: requiredTextField(fields, 'username', 'the user name'),
      password: secretField(fields, 'password') ?? '',
    };
    const own = {
      ...tokenOptions(fields, options, { header: 'authHeader', format: 'tokenFormat' }),
      ...backOffOptions(fields),
      ...responseOptions(fields, 'tokenKey'),
      ...endpointOptions(options),
    };
    return buildWith(fields, options, (common) => new AuthToken({ ...own, ...common, ...credentials }));
  }
}

/** `authEndpoint`, relative to `url`; without it `url` itself. */
function loginUrl(fields: CredentialFields): URL {
  const [endpoint, base] = [textField(fields, 'authEndpoint'), urlField(fields, 'url')];
  if (URL.canParse(endpoint, base)) return new URL(endpoint, base);
  throw new ConfigurationError("field 'authEndpoint' (or 'url') must be set to the URL of the login.", {
    option: 'authEndpoint',
  });
}
