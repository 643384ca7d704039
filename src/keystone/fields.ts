/**
 * The options of AuthOpenStack out of the credential fields. What has no field of its own stands in `opts`.
 */

import { array, nonEmpty, pipe } from 'valibot';
import { ConfigurationError } from '../errors.ts';
import type { CredentialFields } from '../fields/credential-fields.ts';
import { optsField } from '../fields/opts.ts';
import { isSet, secretField, textField, urlField } from '../fields/read.ts';
import { choice, flag, text } from '../fields/values.ts';
import type { KeystoneLoginOptions } from './keystone-login.ts';

/** What stands in `opts`. A function, so that bundles without it hold nothing of it. */
function optsEntries() {
  const someText = pipe(text, nonEmpty('must be text that is not empty'));
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
  const opts = optsField(fields, optsEntries());
  const { applicationCredentialId: id, applicationCredentialName: name } = opts;
  const username = textField(fields, 'username');
  const [password, token] = [secretField(fields, 'password'), secretField(fields, 'apikey')];
  const secretName = id === undefined && name === undefined ? 'password' : 'applicationCredentialSecret';
  return {
    ...opts,
    authUrl: authUrl(fields),
    ...(username !== '' && { username }),
    ...(password !== undefined && { [secretName]: password }),
    ...(token !== undefined && password === undefined && { token }),
  };
}

/** `authEndpoint`, relative to `url`; without it `url` itself. */
function authUrl(fields: CredentialFields): URL {
  const [endpoint, base] = [textField(fields, 'authEndpoint'), urlField(fields, 'url')];
  if ((isSet(fields, 'authEndpoint') || base !== undefined) && URL.canParse(endpoint, base)) {
    return new URL(endpoint, base);
  }
  throw new ConfigurationError("field 'authEndpoint' (or 'url') must be set to the URL of Keystone.", {
    option: 'authEndpoint',
  });
}
