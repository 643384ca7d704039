import { ConfigurationError } from '../errors.ts';
import type { CredentialFields } from '../fields/credential-fields.ts';
import { looksLikeName } from '../fields/nearest.ts';
import { readFields, refuseUnknown } from '../fields/parse.ts';
import type { Authenticator } from '../lifecycle/contract.ts';
import { buildOptions } from './build-options.ts';
import { BUILT_IN } from './built-in.ts';
import type { ForwardBuildOptions } from './forward.ts';
import { recordReads, refuseUnread } from './reads.ts';
import { type AuthenticatorClass, registeredAuthenticators } from './registry.ts';
import type { TokenBuildOptions } from './token-options.ts';

/** What the build of any authenticator takes. */
export type BuildAuthenticatorOptions = TokenBuildOptions & ForwardBuildOptions;

/** Whatever a configuration can name: the built-in authenticators, then your classes, which win. */
export function knownAuthenticators(): ReadonlyMap<string, AuthenticatorClass> {
  return namedBy(BUILT_IN);
}

function namedBy(builtIn: readonly AuthenticatorClass[]): ReadonlyMap<string, AuthenticatorClass> {
  const named = builtIn.map((target) => [target.getName(), target] as const);
  return new Map([...named, ...registeredAuthenticators()]);
}

/**
 * Makes the authenticator that the fields ask for: `authOverride`, else `authType`, else none.
 *
 * @example
 * const auth = buildAuthenticator({ authType: 'AuthBasic', username: 'ada', password: 'open sesame' });
 * @typeParam Own - The fields that only your own authenticator knows (see `AuthenticatorClass.fields`).
 * @throws {@link ConfigurationError} naming the fields that are missing, wrong or unknown, and those that the chosen
 * authenticator does not honour; for an unknown authenticator it lists the known ones.
 */
export function buildAuthenticator<Own = unknown>(
  fields: CredentialFields & NoInfer<Own>,
  given?: BuildAuthenticatorOptions,
): Authenticator {
  return buildFrom(BUILT_IN, fields, buildOptions('buildAuthenticator', given));
}

/**
 * The same with other authenticators built in.
 *
 * @throws {@link ConfigurationError} as {@link buildAuthenticator} does.
 */
export function buildFrom(
  builtIn: readonly AuthenticatorClass[],
  fields: CredentialFields,
  options: BuildAuthenticatorOptions,
): Authenticator {
  const { authOverride, authType } = readFields(fields, ['authOverride', 'authType']);
  const [field, name] =
    authOverride === '' ? (['authType', authType] as const) : (['authOverride', authOverride] as const);
  const known = namedBy(builtIn);
  const target = known.get(name);
  if (target === undefined) {
    const names = [...known.keys()].join(', ');
    const message = `field '${field}' is ${shown(name)}, which is none of: ${names}.${hint(name)}`;
    throw new ConfigurationError(message, { option: field });
  }
  refuseUnknown(fields, target.fields);
  const { recorded, names } = recordReads(fields);
  const authenticator = target.build(recorded, options);
  refuseUnread(fields, names, target, builtIn.includes(target));
  return authenticator;
}

/** Those of `authwire/node`. */
function hint(name: string): string {
  if (name === 'AuthCommand') return ' To let a configuration run commands, call addAuth(AuthCommand).';
  if (name !== 'AuthPkce' && name !== 'AuthDevice') return '';
  return ` ${name} needs Node: import buildAuthenticator from 'authwire/node'.`;
}

/** A misspelt name is shown. Anything that doesn't look like a name may be a secret in the wrong field. */
function shown(name: string): string {
  return looksLikeName(name) ? `'${name}'` : 'something else';
}
