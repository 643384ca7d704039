import { AuthBearer, type AuthBearerOptions } from '../authenticators/bearer.ts';
import type { CredentialFields } from '../fields/credential-fields.ts';
import type { TokenFunction } from '../tokens/sources.ts';
import { commonOptions } from './build-with.ts';
import { builder } from './builder.ts';
import { givenToken, type TokenBuildOptions } from './token-options.ts';

/**
 * The arguments of `AuthBearer` from the fields: the token from `apikey`, its header and format from `authHeader` and
 * `tokenFormat`.
 *
 * @example
 * new AuthTenant(...bearerArguments(fields, options));
 * @throws {@link ConfigurationError} naming the fields that are missing, wrong or unknown.
 */
export function bearerArguments(
  fields: CredentialFields,
  options: TokenBuildOptions = {},
): [source: TokenFunction, options: AuthBearerOptions] {
  const { token, own } = givenToken(fields, options, 'the token');
  const give = typeof token === 'function' ? token : () => token;
  const first = typeof token === 'function' ? {} : { token };
  return [give, { ...own, ...commonOptions(fields, options), ...first }];
}

export const bearer = builder(
  AuthBearer,
  'Bearer token',
  (fields, options: TokenBuildOptions) => new AuthBearer(...bearerArguments(fields, options)),
);
