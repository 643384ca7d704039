import { AuthNone } from '../authenticators/none.ts';
import type { CredentialFields } from '../fields/credential-fields.ts';
import { parseCredentialFields } from '../fields/parse.ts';
import type { AuthenticatorOptions } from '../lifecycle/contract.ts';
import { buildOptions } from './build-options.ts';
import { commonOptions } from './build-with.ts';
import { builder } from './builder.ts';
import type { BuildOptions } from './registry.ts';

/**
 * The options of `AuthNone` from the fields.
 *
 * @throws {@link ConfigurationError} naming the fields that are wrong or unknown.
 */
export function noneOptions(fields: CredentialFields, given?: BuildOptions): AuthenticatorOptions {
  const options = buildOptions('noneOptions', given);
  parseCredentialFields(fields);
  return commonOptions(fields, options);
}

export const none = builder(
  AuthNone,
  'No authentication',
  (fields, options: BuildOptions) => new AuthNone(noneOptions(fields, options)),
);
