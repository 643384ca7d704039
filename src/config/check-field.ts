import { ConfigurationError } from '../errors.ts';
import type { CredentialFields } from '../fields/credential-fields.ts';
import { FIELD_DEFAULTS } from '../fields/credential-fields.ts';
import { suggestion } from '../fields/nearest.ts';
import { booleanField, choiceField, type FieldName, numberField, secretField, textField } from '../fields/read.ts';
import { isSecretField } from './secret-fields.ts';

const CHOICES: { readonly [Name in FieldName]?: readonly string[] } = {
  tokenAuthRefresh: ['', 'tokenAuthRefreshDynamic', 'tokenAuthRefreshStatic'],
  oauth2Type: ['', 'None', 'ClientCredentials', 'ResourceOwner'],
  oauth2AuthType: ['', 'basic_auth', 'post_body'],
};

const URLS: readonly FieldName[] = ['url', 'authEndpoint', 'oauth2TokenURL'];
const USERINFO = /\/\/[^/?#]*@/;

/** The names of all credential fields. */
export const FIELD_NAMES = Object.keys(FIELD_DEFAULTS) as FieldName[];

/** Is there a credential field of this name? */
export function isFieldName(name: string): name is FieldName {
  return Object.hasOwn(FIELD_DEFAULTS, name);
}

/**
 * Refuses what a field cannot hold, wherever it is written.
 *
 * @throws {@link ConfigurationError} naming the place, the field and what it must be; never the value.
 */
export function checkField(name: FieldName, value: unknown, place: string): void {
  try {
    readerOf(name)({ [name]: value }, name);
  } catch (cause) {
    throw new ConfigurationError(`${place}: ${(cause as Error).message}`, { option: name, cause });
  }
  if (URLS.includes(name) && USERINFO.test(String(value))) {
    const message = `${place}: field '${name}' must hold no user and password: there are fields for them.`;
    throw new ConfigurationError(message, { option: name });
  }
}

/** @throws {@link ConfigurationError} naming the field that comes nearest. */
export function refuseUnknownField(name: string, place: string): never {
  const message = `${place}: there is no field ${shownName(name)}.${suggestion(name, FIELD_NAMES)}`;
  throw new ConfigurationError(message);
}

/** A typing error is worth being repeated. What looks like no name may be a secret in the wrong place. */
export function shownName(name: string): string {
  return /^[\w.-]{1,40}$/.test(name) ? `'${name}'` : 'of such a name';
}

function readerOf(name: FieldName): (fields: CredentialFields, name: FieldName) => unknown {
  const choices = CHOICES[name];
  if (choices !== undefined) return (fields) => fields[name] === '' || choiceField(fields, name, choices);
  if (isSecretField(name)) return secretField;
  if (name === 'proxyPort' || typeof FIELD_DEFAULTS[name] === 'number') return numberOrNothing;
  return typeof FIELD_DEFAULTS[name] === 'boolean' ? booleanField : textField;
}

function numberOrNothing(fields: CredentialFields, name: FieldName): unknown {
  return fields[name] === '' || numberField(fields, name);
}
