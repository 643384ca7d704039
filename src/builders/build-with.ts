/**
 * What every builder does with the fields that belong to no scheme.
 */

import type { CredentialFields } from '../fields/credential-fields.ts';
import { extraHeaders } from '../fields/extra-headers.ts';
import { readFields } from '../fields/parse.ts';
import { refuseUnsupported } from '../fields/refuse-unsupported.ts';
import { authenticatorShape } from '../lifecycle/authenticator-shape.ts';
import type { Authenticator, AuthenticatorOptions } from '../lifecycle/contract.ts';
import { joinOptions, pickOptions } from '../options.ts';
import { isNamedSecret } from '../secrets/named-secret.ts';
import { registerSecret } from '../secrets/registry.ts';
import { buildOptions } from './build-options.ts';
import type { BuildOptions } from './registry.ts';

/**
 * Makes an authenticator and honours the fields that all schemes share: `debug`, `url` (the credential is bound to its
 * origin unless `origins` says otherwise), those for proxies and TLS, and the extra headers, which are set before the
 * credential's.
 *
 * @param make - Gets the options that all authenticators take. The readers of built-in schemes, such as `basicOptions`,
 * return them too.
 * @example
 * class AuthTenant extends AuthBasic {
 *   static build(fields: CredentialFields, options: BuildOptions = {}) {
 *     return buildWith(fields, options, () => new AuthTenant(basicOptions(fields, options)));
 *   }
 * }
 * @throws {@link ConfigurationError} for a field that cannot be honoured: nothing is silently left out.
 */
export function buildWith<A extends Authenticator>(
  fields: CredentialFields,
  given: BuildOptions,
  make: (common: AuthenticatorOptions) => A,
): A {
  const options = buildOptions('buildWith', given);
  refuseUnsupported(fields, options.transport !== undefined || options.fetch !== undefined);
  const headers = extraHeaders(fields);
  const authenticator = make(commonOptions(fields, options));
  registerSecrets(authenticator, headers);
  if (headers.length > 0) setBefore(authenticator, headers);
  return authenticator;
}

/** The options that all authenticators take, from the fields and from `build`'s options, which win. */
export function commonOptions(fields: CredentialFields, options: BuildOptions): AuthenticatorOptions {
  const { url, debug } = readFields(fields, ['url', 'debug']);
  const bound = url === undefined ? {} : { origins: [url.origin] };
  return joinOptions({ debug, ...bound }, pickOptions<AuthenticatorOptions>('build', options, authenticatorShape));
}

/** Keys and tokens are sent in extra headers, too. */
function registerSecrets(owner: Authenticator, headers: readonly (readonly [string, string])[]): void {
  for (const [index, [name, value]] of headers.entries()) {
    if (isNamedSecret(name, value)) registerSecret(owner, `header.${index}.${name}`, value);
  }
}

function setBefore(authenticator: Authenticator, headers: readonly (readonly [string, string])[]): void {
  const modifyRequest = authenticator.modifyRequest.bind(authenticator);
  authenticator.modifyRequest = (request, credential) => {
    for (const [name, value] of headers) request.headers.set(name, value);
    return modifyRequest(request, credential);
  };
}
