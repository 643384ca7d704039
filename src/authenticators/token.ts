import { ConfigurationError } from '../errors.ts';
import type { CredentialFields } from '../fields/credential-fields.ts';
import { namingFields } from '../fields/field-names.ts';
import { parseCredentialFields } from '../fields/parse.ts';
import { buildWith } from '../lifecycle/build.ts';
import {
  backOffOptions,
  CACHE_OPTS,
  endpointOptions,
  LIFETIME_FIELDS,
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
    const given = parseCredentialFields(fields, {
      needs: { username: 'the user name' },
      uses: ['password', 'authEndpoint', 'authHeader', 'tokenKey', 'tokenFormat', ...LIFETIME_FIELDS],
      opts: CACHE_OPTS,
    });
    const own = {
      ...tokenOptions(options, { ...given.opts, header: given.authHeader, format: given.tokenFormat }),
      ...backOffOptions(given),
      ...responseOptions(given, given.tokenKey),
      ...endpointOptions(options),
      ...loginEndpoint(given),
      username: given.username,
      password: given.password ?? '',
    };
    return buildWith(fields, options, (common) =>
      namingFields({ tokenEndpoint: endpointField(given) }, () => new AuthToken({ ...own, ...common })),
    );
  }
}

/** `authEndpoint`, relative to `url`; without it `url` itself. */
function loginEndpoint({ authEndpoint, url }: LoginFields): { readonly tokenEndpoint: URL } {
  if (URL.canParse(authEndpoint, url)) return { tokenEndpoint: new URL(authEndpoint, url) };
  throw new ConfigurationError("field 'authEndpoint' (or 'url') must be set to the URL of the login.", {
    option: 'authEndpoint',
  });
}

function endpointField({ authEndpoint }: LoginFields): 'authEndpoint' | 'url' {
  return authEndpoint === '' ? 'url' : 'authEndpoint';
}

interface LoginFields {
  readonly authEndpoint: string;
  readonly url: URL | undefined;
}
