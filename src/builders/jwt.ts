import { AuthJwt, type AuthJwtOptions } from '../authenticators/jwt.ts';
import type { CredentialFields } from '../fields/credential-fields.ts';
import { buildOptions } from './build-options.ts';
import { commonOptions } from './build-with.ts';
import { builder } from './builder.ts';
import { givenToken, type TokenBuildOptions } from './token-options.ts';

/**
 * The options of `AuthJwt` from the fields: the JWT from `apikey`, its header and format from `authHeader` and
 * `tokenFormat`.
 *
 * @throws {@link ConfigurationError} naming the fields that are missing, wrong or unknown.
 */
export function jwtOptions(fields: CredentialFields, given?: TokenBuildOptions): AuthJwtOptions {
  const options = buildOptions('jwtOptions', given);
  const { token, own } = givenToken(fields, options, 'the JWT');
  return { ...own, ...commonOptions(fields, options), token };
}

export const jwt = builder(
  AuthJwt,
  'JSON Web Token',
  (fields, options: TokenBuildOptions) => new AuthJwt(jwtOptions(fields, options)),
);
