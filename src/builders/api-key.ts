import { AuthApiKey, type AuthApiKeyOptions } from '../authenticators/api-key.ts';
import type { CredentialFields } from '../fields/credential-fields.ts';
import { optsField } from '../fields/opts.ts';
import { parseCredentialFields } from '../fields/parse.ts';
import { choice } from '../fields/values.ts';
import { buildOptions } from './build-options.ts';
import { commonOptions } from './build-with.ts';
import { builder } from './builder.ts';
import type { BuildOptions } from './registry.ts';

/** What the field `opts` may hold. */
const OPTS = { in: choice('header', 'cookie') };

/**
 * The options of `AuthApiKey` from the fields: `apikey`, `authHeader`, `prefix` and `suffix`. With `{"in": "cookie"}` in
 * `opts`, `authHeader` is the cookie's name.
 *
 * @throws {@link ConfigurationError} naming the fields that are missing, wrong or unknown.
 */
export function apiKeyOptions(fields: CredentialFields, given?: BuildOptions): AuthApiKeyOptions {
  const options = buildOptions('apiKeyOptions', given);
  const { in: place } = optsField(fields, OPTS);
  const { apikey, authHeader, prefix, suffix } = parseCredentialFields(fields, {
    // A cookie has no default name: the one of `authHeader` is a header's.
    needs: { apikey: 'the API key', ...(place === 'cookie' && { authHeader: 'the name of the cookie' }) },
    uses: ['authHeader', 'prefix', 'suffix'],
    opts: OPTS,
  });
  const where = place === 'cookie' ? { cookie: authHeader } : { header: authHeader };
  return { ...commonOptions(fields, options), key: apikey, prefix, suffix, ...where };
}

export const apiKey = builder(
  AuthApiKey,
  'API key in a header or cookie',
  (fields, options: BuildOptions) => new AuthApiKey(apiKeyOptions(fields, options)),
);
