import { AuthBearer, type AuthBearerOptions } from '../authenticators/bearer.ts';
import type { CredentialFields } from '../fields/credential-fields.ts';
import { assertHeaderValue } from '../header-value.ts';
import type { Secret } from '../secret.ts';
import { perRequest } from '../tokens/per-request.ts';
import type { TokenSource } from '../tokens/token.ts';
import { buildOptions } from './build-options.ts';
import { commonOptions } from './build-with.ts';
import { builder } from './builder.ts';
import { givenToken, type TokenBuildOptions } from './token-options.ts';

/**
 * The arguments of `AuthBearer` from the fields: the token from `apikey`, its header and format from `authHeader` and
 * `tokenFormat`. Where `apikey` is a function, it is asked for every request.
 *
 * @example
 * new AuthTenant(...bearerArguments(fields, options));
 * @throws {@link ConfigurationError} naming the fields that are missing, wrong or unknown.
 */
export function bearerArguments(
  fields: CredentialFields,
  given?: TokenBuildOptions,
): [source: string | Secret | TokenSource, options: AuthBearerOptions] {
  const options = buildOptions('bearerArguments', given);
  const { token, own } = givenToken(fields, options, 'the token');
  const source = typeof token === 'function' ? perRequest(token, 'the token', assertHeaderValue) : token;
  return [source, { ...own, ...commonOptions(fields, options) }];
}

export const bearer = builder(
  AuthBearer,
  'Bearer token',
  (fields, options: TokenBuildOptions) => new AuthBearer(...bearerArguments(fields, options)),
);
