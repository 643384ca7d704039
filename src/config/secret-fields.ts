/** Which credential fields hold secrets, and which part of them is secret. */

import type { FieldName } from './layer.ts';

const SECRETS: readonly string[] = [
  'password',
  'proxyPasswd',
  'apikey',
  'oauth2ClientSecret',
  'oauth2ResourceOwnerPassword',
] satisfies FieldName[];
/** `Name: value`. */
const HEADERS: readonly string[] = ['httpHeader1', 'httpHeader2'] satisfies FieldName[];
/** JSON objects, whose values may be secret. */
const OBJECTS: readonly string[] = ['httpHeaders', 'oauth2ResourceOwnerAdditionalParams', 'opts'] satisfies FieldName[];

const SECRET_NAME = /auth|key|token|secret|passw|cookie|signature|assertion/i;

/** Where something is. People write users and passwords into addresses. */
const ADDRESSES: readonly string[] = [
  'url',
  'authEndpoint',
  'oauth2TokenURL',
  'proxyHost',
  'issuer',
] satisfies FieldName[];

/** Is the field a URL, or the address of a proxy? */
export function isAddressField(name: string): boolean {
  return ADDRESSES.includes(name);
}

/** The fields that are secret as a whole. */
export const SECRET_FIELDS = SECRETS as readonly FieldName[];

/** Is the field a JSON object? Then a table is what it holds, and no reference to a secret. */
export function isObjectField(name: string): boolean {
  return OBJECTS.includes(name);
}

/** Is the field secret as a whole? */
export function isSecretField(name: string): boolean {
  return SECRETS.includes(name);
}

/** May a secret be somewhere in the field? Then its value is never shown. */
export function mayHoldSecret(name: string): boolean {
  return [SECRETS, HEADERS, OBJECTS].some((names) => names.includes(name));
}

/** What of a field's text is secret: all of it, the values of some headers or parameters, or nothing. */
export function secretParts(name: string, text: string): string[] {
  if (text === '') return [];
  if (SECRETS.includes(name)) return [text];
  if (HEADERS.includes(name)) {
    const colon = text.indexOf(':');
    return SECRET_NAME.test(text.slice(0, colon)) ? [text.slice(colon + 1).trim()] : [];
  }
  return OBJECTS.includes(name) ? secretEntries(text) : [];
}

function secretEntries(json: string): string[] {
  try {
    const entries = Object.entries(JSON.parse(json) as Record<string, unknown>);
    return entries.flatMap(([name, value]) => (SECRET_NAME.test(name) && value ? [String(value)] : []));
  } catch {
    // The field is broken, and so is the credential: there is nothing that was ever sent.
    return [];
  }
}
