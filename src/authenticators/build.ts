import { ConfigurationError } from '../errors.ts';
import type { CredentialFields } from '../fields/credential-fields.ts';
import { looksLikeName } from '../fields/nearest.ts';
import { readFields, refuseUnknown } from '../fields/parse.ts';
import type { Authenticator } from '../lifecycle/contract.ts';
import { type AuthenticatorClass, registeredAuthenticators } from '../lifecycle/registry.ts';
import type { TokenBuildOptions } from '../oauth/build-options.ts';
import { AuthApiKey } from './api-key.ts';
import { AuthBasic } from './basic.ts';
import { AuthBearer } from './bearer.ts';
import { AuthDigest } from './digest.ts';
import { AuthForward, type ForwardBuildOptions } from './forward.ts';
import { AuthJwt } from './jwt.ts';
import { AuthNone } from './none.ts';
import { AuthOAuth2 } from './oauth2.ts';
import { AuthOpenStack } from './openstack.ts';
import { AuthQuery } from './query.ts';
import { AuthToken } from './token.ts';

/** Everything that some authenticator's `build` takes. */
export type BuildAuthenticatorOptions = TokenBuildOptions & ForwardBuildOptions;

const BUILT_IN: readonly AuthenticatorClass[] = [
  AuthNone,
  AuthBasic,
  AuthDigest,
  AuthApiKey,
  AuthQuery,
  AuthBearer,
  AuthJwt,
  AuthForward,
  AuthToken,
  AuthOAuth2,
  AuthOpenStack,
];

/** The classes that a configuration can name: the built-in ones, then yours, which win. */
export function knownAuthenticators(): ReadonlyMap<string, AuthenticatorClass> {
  const builtIn = BUILT_IN.map((target) => [target.getName(), target] as const);
  return new Map([...builtIn, ...registeredAuthenticators()]);
}

/**
 * Makes the authenticator that the fields ask for: `authOverride`, else `authType`, else none.
 *
 * @example
 * const auth = buildAuthenticator({ authType: 'AuthBasic', username: 'ada', password: 'open sesame' });
 * @typeParam Own - The fields that only your own authenticator knows (see `AuthenticatorClass.fields`).
 * @throws {@link ConfigurationError} naming the fields that are missing, wrong or unknown; for an unknown authenticator
 * it lists the known ones.
 */
export function buildAuthenticator<Own = unknown>(
  fields: CredentialFields & NoInfer<Own>,
  options: BuildAuthenticatorOptions = {},
): Authenticator {
  const { authOverride, authType } = readFields(fields, ['authOverride', 'authType']);
  const [field, name] =
    authOverride === '' ? (['authType', authType] as const) : (['authOverride', authOverride] as const);
  const known = knownAuthenticators();
  const target = known.get(name);
  if (target === undefined) {
    const names = [...known.keys()].join(', ');
    throw new ConfigurationError(`field '${field}' is ${shown(name)}, which is none of: ${names}.`, { option: field });
  }
  refuseUnknown(fields, target.fields);
  return target.build(fields, options);
}

/** A typing error is worth being repeated. What looks like no name may be a secret that went into the wrong field. */
function shown(name: string): string {
  return looksLikeName(name) ? `'${name}'` : 'something else';
}
