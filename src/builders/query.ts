import { AuthQuery, type AuthQueryOptions } from '../authenticators/query.ts';
import type { CredentialFields } from '../fields/credential-fields.ts';
import { parseCredentialFields } from '../fields/parse.ts';
import { text } from '../fields/values.ts';
import { buildOptions } from './build-options.ts';
import { commonOptions } from './build-with.ts';
import { builder } from './builder.ts';
import type { BuildOptions } from './registry.ts';

/**
 * The options of `AuthQuery` from the fields: the key from `apikey`, the parameter's name from `authHeader`.
 *
 * @throws {@link ConfigurationError} naming the fields that are missing, wrong or unknown.
 */
export function queryOptions(fields: CredentialFields, given?: BuildOptions): AuthQueryOptions {
  const options = buildOptions('queryOptions', given);
  const { apikey: key, authHeader: name } = parseCredentialFields(fields, {
    needs: { apikey: 'the API key', authHeader: 'the name of the query parameter' },
    as: { authHeader: text },
  });
  return { ...commonOptions(fields, options), name, key };
}

export const query = builder(
  AuthQuery,
  'API key in the query',
  (fields, options: BuildOptions) => new AuthQuery(queryOptions(fields, options)),
);
