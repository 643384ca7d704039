/**
 * The options of AuthOpenStack out of the credential fields. What has no field of its own stands in `opts`.
 */

import { array } from 'valibot';
import { ConfigurationError } from '../errors.ts';
import type { CredentialFields } from '../fields/credential-fields.ts';
import { parseCredentialFields } from '../fields/parse.ts';
import { choice, flag, someText } from '../fields/values.ts';
import type { KeystoneLoginOptions } from './keystone-login.ts';

/** What stands in `opts`. A function, so that bundles without it hold nothing of it. */
function optsEntries() {
  return {
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
    interface: someText,
    allowEndpoints: array(someText, "must be a list of service types, such as ['compute']"),
  };
}

/** `password` holds the secret of an application credential too, `apikey` a token. */
export function keystoneFields(
  fields: CredentialFields,
): KeystoneLoginOptions & { readonly region?: string; readonly interface?: string } {
  const { username, password, apikey, opts, ...urls } = parseCredentialFields(fields, {
    uses: ['authEndpoint', 'username', 'password', 'apikey', 'timeToNextRequest'],
    opts: optsEntries(),
  });
  const { applicationCredentialId: id, applicationCredentialName: name } = opts;
  const secretName = id === undefined && name === undefined ? 'password' : 'applicationCredentialSecret';
  return {
    ...opts,
    authUrl: authUrl(urls),
    ...(username !== '' && { username }),
    ...(password !== undefined && { [secretName]: password }),
    ...(apikey !== undefined && password === undefined && { token: apikey }),
  };
}

/** `authEndpoint`, relative to `url`; without it `url` itself. */
function authUrl({ authEndpoint, url }: { readonly authEndpoint: string; readonly url: URL | undefined }): URL {
  if ((authEndpoint !== '' || url !== undefined) && URL.canParse(authEndpoint, url)) return new URL(authEndpoint, url);
  throw new ConfigurationError("field 'authEndpoint' (or 'url') must be set to the URL of Keystone.", {
    option: 'authEndpoint',
  });
}
