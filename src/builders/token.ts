import { AuthToken, type AuthTokenOptions } from '../authenticators/token.ts';
import { ConfigurationError } from '../errors.ts';
import type { CredentialFields } from '../fields/credential-fields.ts';
import { namingFields } from '../fields/field-names.ts';
import { parseCredentialFields, readFields } from '../fields/parse.ts';
import { buildOptions } from './build-options.ts';
import { commonOptions } from './build-with.ts';
import { builder } from './builder.ts';
import {
  backOffOptions,
  CACHE_OPTS,
  cacheOptions,
  endpointOptions,
  LIFETIME_FIELDS,
  only,
  RESPONSE_OPTS,
  responseOptions,
  type TokenBuildOptions,
} from './token-options.ts';

/**
 * The options of `AuthToken` from the fields: `username`, `password`, `authEndpoint`, where the answer holds the token,
 * how it is sent, and how long it lives.
 *
 * @throws {@link ConfigurationError} naming the fields that are missing, wrong or unknown.
 */
export function tokenOptions(fields: CredentialFields, options?: TokenBuildOptions): AuthTokenOptions {
  const own = buildOptions('tokenOptions', options);
  const given = parseCredentialFields(fields, {
    needs: { username: 'the user name' },
    uses: ['password', 'authEndpoint', 'authHeader', 'tokenKey', 'tokenFormat', ...LIFETIME_FIELDS],
    opts: { ...CACHE_OPTS, ...RESPONSE_OPTS },
  });
  return {
    header: given.authHeader,
    format: given.tokenFormat,
    ...cacheOptions(own, only(CACHE_OPTS, given.opts)),
    ...backOffOptions(given),
    ...responseOptions(given, given.tokenKey),
    ...only(RESPONSE_OPTS, given.opts),
    ...endpointOptions(own),
    ...loginEndpoint(given),
    username: given.username,
    password: given.password ?? '',
    ...commonOptions(fields, own),
  };
}

export const token = builder(AuthToken, 'Token from a login', (fields, options: TokenBuildOptions) => {
  const own = tokenOptions(fields, options);
  const { authEndpoint } = readFields(fields, ['authEndpoint']);
  const tokenEndpoint = authEndpoint === '' ? 'url' : 'authEndpoint';
  return namingFields({ tokenEndpoint }, () => new AuthToken(own));
});

/** `authEndpoint`, relative to `url`; without it `url` itself. */
function loginEndpoint({ authEndpoint, url }: LoginFields): { readonly tokenEndpoint: URL } {
  if (URL.canParse(authEndpoint, url)) return { tokenEndpoint: new URL(authEndpoint, url) };
  throw new ConfigurationError("field 'authEndpoint' (or 'url') must be set to the URL of the login.", {
    option: 'authEndpoint',
  });
}

interface LoginFields {
  readonly authEndpoint: string;
  readonly url: URL | undefined;
}
