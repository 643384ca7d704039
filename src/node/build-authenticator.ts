import {
  type BuildAuthenticatorOptions,
  buildAuthenticator as buildWithoutTransport,
} from '../builders/build-authenticator.ts';
import { buildOptions } from '../builders/build-options.ts';
import type { CredentialFields } from '../fields/credential-fields.ts';
import type { Authenticator } from '../lifecycle/contract.ts';
import { joinOptions } from '../options.ts';
import { needsTransport } from './transport/from-fields.ts';
import { transportFor } from './transport/transport-for.ts';

/**
 * Makes the authenticator that the fields ask for, as `buildAuthenticator` of `authwire/fields` does, and honours the fields
 * for proxies and TLS: token requests travel by a transport.
 *
 * The requests of your client are your client's: give it the same transport. Without `transport` (or `fetch`) in the
 * options, one is made for the token requests alone.
 *
 * @example
 * const transport = transportFor(fields);
 * const auth = buildAuthenticator(fields, { transport });
 * const api = got.extend(transport.got, gotAuth(auth));
 * @throws {@link ConfigurationError} naming the field that is missing or wrong.
 */
export function buildAuthenticator(fields: CredentialFields, given?: BuildAuthenticatorOptions): Authenticator {
  const options = buildOptions('buildAuthenticator', given);
  const isGiven = options.transport !== undefined || options.fetch !== undefined;
  if (isGiven || typeof fields !== 'object' || fields === null || !needsTransport(fields)) {
    return buildWithoutTransport(fields, options);
  }
  return buildWithoutTransport(fields, joinOptions(options, { transport: transportFor(fields) }));
}
