import { ConfigurationError } from '../errors.ts';
import type { CredentialFields } from '../fields/credential-fields.ts';
import { textField } from '../fields/read.ts';
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
 * @throws {@link ConfigurationError} naming the field that is missing or wrong; for an unknown name it lists the known
 * ones.
 */
export function buildAuthenticator(fields: CredentialFields, options: BuildAuthenticatorOptions = {}): Authenticator {
  if (typeof fields !== 'object' || fields === null) {
    throw new ConfigurationError(
      "buildAuthenticator takes an object of credential fields, such as { authType: 'AuthBasic' }.",
    );
  }
  const field = textField(fields, 'authOverride') === '' ? 'authType' : 'authOverride';
  const name = textField(fields, field);
  const known = knownAuthenticators();
  const target = known.get(name);
  if (target === undefined) {
    const names = [...known.keys()].join(', ');
    throw new ConfigurationError(`field '${field}' is ${shown(name)}, which is none of: ${names}.`, { option: field });
  }
  return target.build(fields, options);
}

/** A typing error is worth being repeated. What looks like no name may be a secret that went into the wrong field. */
function shown(name: string): string {
  return /^\w{1,40}$/.test(name) ? `'${name}'` : 'something else';
}
