import { AuthBasic, type AuthBasicOptions } from '../authenticators/basic.ts';
import type { CredentialFields } from '../fields/credential-fields.ts';
import { parseCredentialFields } from '../fields/parse.ts';
import { choice } from '../fields/values.ts';
import { BASIC_ENCODINGS } from '../oauth/basic-credentials.ts';
import { buildOptions } from './build-options.ts';
import { commonOptions } from './build-with.ts';
import { builder } from './builder.ts';
import type { BuildOptions } from './registry.ts';

/**
 * The options of `AuthBasic` from the fields: `username`, `password`, and `encoding` from `opts`.
 *
 * @throws {@link ConfigurationError} naming the fields that are missing, wrong or unknown.
 */
export function basicOptions(fields: CredentialFields, given?: BuildOptions): AuthBasicOptions {
  const options = buildOptions('basicOptions', given);
  const { username, password, opts } = parseCredentialFields(fields, {
    needs: { username: 'the user name' },
    uses: ['password'],
    opts: { encoding: choice(...BASIC_ENCODINGS) },
  });
  return { ...commonOptions(fields, options), ...opts, username, password: password ?? '' };
}

export const basic = builder(
  AuthBasic,
  'Basic: user name and password',
  (fields, options: BuildOptions) => new AuthBasic(basicOptions(fields, options)),
);
