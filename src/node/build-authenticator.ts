import { type BuildAuthenticatorOptions, buildFrom } from '../builders/build-authenticator.ts';
import { buildOptions } from '../builders/build-options.ts';
import { BUILT_IN } from '../builders/built-in.ts';
import type { AuthenticatorClass } from '../builders/registry.ts';
import { isOwnProfile } from '../fields/own-profile.ts';
import type { SignInFields } from '../fields/sign-in-fields.ts';
import type { Authenticator } from '../lifecycle/contract.ts';
import { joinOptions } from '../options.ts';
import { AuthCommand } from './command/auth-command.ts';
import { device, pkce } from './login/from-fields.ts';
import { needsTransport } from './transport/from-fields.ts';
import { transportFor } from './transport/transport-for.ts';

const ON_NODE: readonly AuthenticatorClass[] = [...BUILT_IN, pkce, device];
/** What a person's own profile may name, too. */
const IN_PROFILES: readonly AuthenticatorClass[] = [...ON_NODE, AuthCommand];

/**
 * Makes the authenticator that the fields ask for, as `buildAuthenticator` of `authwire/fields` does, and honours the fields
 * for proxies and TLS: token requests travel by a transport. It also knows `AuthPkce` and `AuthDevice`, and in profiles of
 * `loadConfig` that no project's file has defined, `AuthCommand`.
 *
 * The requests of your client are your client's: give it the same transport. Without `transport` (or `fetch`) in the
 * options, one is made for the token requests alone.
 *
 * @typeParam Own - The fields that only your own authenticator knows (see `AuthenticatorClass.fields`).
 * @example
 * const transport = transportFor(fields);
 * const auth = buildAuthenticator(fields, { transport });
 * const api = got.extend(transport.got, gotAuth(auth));
 * @throws {@link ConfigurationError} naming the field that is missing or wrong.
 */
export function buildAuthenticator<Own = unknown>(
  fields: SignInFields & NoInfer<Own>,
  given?: BuildAuthenticatorOptions,
): Authenticator {
  const options = buildOptions('buildAuthenticator', given);
  const builtIn = isOwnProfile(fields) ? IN_PROFILES : ON_NODE;
  const isGiven = options.transport !== undefined || options.fetch !== undefined;
  if (isGiven || typeof fields !== 'object' || fields === null || !needsTransport(fields)) {
    return buildFrom(builtIn, fields, options);
  }
  return buildFrom(builtIn, fields, joinOptions(options, { transport: transportFor(fields) }));
}
