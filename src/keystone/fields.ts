/**
 * The options of AuthOpenStack out of the credential fields. What has no field of its own stands in `opts`.
 */

import { ConfigurationError } from '../errors.ts';
import type { CredentialFields } from '../fields/credential-fields.ts';
import { isSet, secretField, textField, urlField } from '../fields/read.ts';
import type { KeystoneLoginOptions } from './keystone-login.ts';

const TEXTS = [
  ...(['userId', 'userDomainId', 'userDomainName'] as const),
  ...(['projectId', 'projectName', 'projectDomainId', 'projectDomainName'] as const),
  ...(['domainId', 'domainName', 'systemScope', 'trustId'] as const),
  ...(['applicationCredentialId', 'applicationCredentialName', 'region', 'interface'] as const),
];
type Opts = { readonly [Name in (typeof TEXTS)[number]]?: string } & {
  readonly unscoped?: boolean;
  readonly allowEndpoints?: readonly string[];
};

/** `password` holds the secret of an application credential too, `apikey` a token. */
export function keystoneFields(
  fields: CredentialFields,
): KeystoneLoginOptions & { readonly region?: string; readonly interface?: string } {
  const opts = readOpts(fields);
  const { applicationCredentialId: id, applicationCredentialName: name } = opts;
  const username = textField(fields, 'username');
  const [password, token] = [secretField(fields, 'password'), secretField(fields, 'apikey')];
  const secretName = id === undefined && name === undefined ? 'password' : 'applicationCredentialSecret';
  return {
    ...(opts as object),
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

function readOpts(fields: CredentialFields): Opts {
  const given = parse(textField(fields, 'opts'));
  const known: readonly string[] = [...TEXTS, 'unscoped', 'allowEndpoints'];
  for (const [name, value] of Object.entries(given)) {
    if (!known.includes(name)) refuse(`must hold these names only: ${known.join(', ')}`);
    if (!isRight(name, value)) refuse(`has the wrong kind of value for '${name}'`);
  }
  return given;
}

function isRight(name: string, value: unknown): boolean {
  if (name === 'unscoped') return typeof value === 'boolean';
  if (name === 'allowEndpoints') return Array.isArray(value) && value.every((type) => typeof type === 'string');
  return typeof value === 'string' && value !== '';
}

/** Its errors are dropped: they quote the text. */
function parse(text: string): object {
  if (text.trim() === '') return {};
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value;
  } catch {
    // See below.
  }
  return refuse('must be a JSON object, such as {"userDomainName": "Default"}');
}

function refuse(expectation: string): never {
  throw new ConfigurationError(`field 'opts' ${expectation}.`, { option: 'opts' });
}
