import { AuthDigest, type AuthDigestOptions } from '../authenticators/digest.ts';
import type { CredentialFields } from '../fields/credential-fields.ts';
import { parseCredentialFields } from '../fields/parse.ts';
import { choice, flag } from '../fields/values.ts';
import { buildOptions } from './build-options.ts';
import { commonOptions } from './build-with.ts';
import { builder } from './builder.ts';
import type { BuildOptions } from './registry.ts';

/**
 * The options of `AuthDigest` from the fields: `username`, `password`, and `strict`, `allowMd5` and `qop` from `opts`.
 *
 * @throws {@link ConfigurationError} naming the fields that are missing, wrong or unknown.
 */
export function digestOptions(fields: CredentialFields, given?: BuildOptions): AuthDigestOptions {
  const options = buildOptions('digestOptions', given);
  const { username, password, opts } = parseCredentialFields(fields, {
    needs: { username: 'the user name' },
    uses: ['password'],
    opts: { strict: flag, allowMd5: flag, qop: choice('auth', 'auth-int') },
  });
  const { random } = options;
  return {
    ...commonOptions(fields, options),
    ...opts,
    ...(random !== undefined && { random }),
    username,
    password: password ?? '',
  };
}

export const digest = builder(
  AuthDigest,
  'Digest: user name and password, proven but not sent',
  (fields, options: BuildOptions) => new AuthDigest(digestOptions(fields, options)),
);
