import { array } from 'valibot';
import { AuthOpenStack, type AuthOpenStackOptions } from '../authenticators/openstack.ts';
import { ConfigurationError } from '../errors.ts';
import type { CredentialFields } from '../fields/credential-fields.ts';
import { parseCredentialFields } from '../fields/parse.ts';
import { choice, flag, someText, textOrTexts } from '../fields/values.ts';
import { buildOptions } from './build-options.ts';
import { commonOptions } from './build-with.ts';
import { builder } from './builder.ts';
import { backOffOptions, cacheOptions, endpointOptions, type TokenBuildOptions } from './token-options.ts';

/** What the field `opts` may hold. */
const OPTS = {
  userId: someText,
  userDomainId: someText,
  userDomainName: someText,
  projectId: someText,
  projectName: someText,
  projectDomainId: someText,
  projectDomainName: someText,
  domainId: someText,
  domainName: someText,
  systemScope: choice('all'),
  trustId: someText,
  unscoped: flag,
  applicationCredentialId: someText,
  applicationCredentialName: someText,
  region: someText,
  interface: textOrTexts,
  allowEndpoints: array(someText, "must be a list of service types, such as ['compute']"),
};

/**
 * The options of `AuthOpenStack` from the fields. `password` also holds the secret of an application credential, and
 * `apikey` a token; what has no field of its own is in `opts`.
 *
 * @throws {@link ConfigurationError} naming the fields that are missing, wrong or unknown.
 */
export function keystoneOptions(fields: CredentialFields, given?: TokenBuildOptions): AuthOpenStackOptions {
  const options = buildOptions('keystoneOptions', given);
  const { username, password, apikey, opts, timeToNextRequest, ...urls } = parseCredentialFields(fields, {
    uses: ['authEndpoint', 'username', 'password', 'apikey', 'timeToNextRequest'],
    opts: OPTS,
  });
  const { applicationCredentialId: id, applicationCredentialName: name } = opts;
  const secretName = id === undefined && name === undefined ? 'password' : 'applicationCredentialSecret';
  const { token: _, ...cache } = cacheOptions(options, {});
  return {
    ...cache,
    ...backOffOptions({ timeToNextRequest }),
    ...endpointOptions(options),
    ...commonOptions(fields, options),
    ...opts,
    authUrl: authUrl(urls),
    ...(username !== '' && { username }),
    ...(password !== undefined && { [secretName]: password }),
    ...(apikey !== undefined && password === undefined && { token: apikey }),
  };
}

export const openStack = builder(
  AuthOpenStack,
  'OpenStack Keystone token',
  (fields, options: TokenBuildOptions) => new AuthOpenStack(keystoneOptions(fields, options)),
);

/** `authEndpoint`, relative to `url`; without it `url` itself. */
function authUrl({ authEndpoint, url }: { readonly authEndpoint: string; readonly url: URL | undefined }): URL {
  if ((authEndpoint !== '' || url !== undefined) && URL.canParse(authEndpoint, url)) return new URL(authEndpoint, url);
  throw new ConfigurationError("field 'authEndpoint' (or 'url') must be set to the URL of Keystone.", {
    option: 'authEndpoint',
  });
}
