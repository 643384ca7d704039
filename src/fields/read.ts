/**
 * Readers of credential fields. They read own properties only, put defaults where nothing stands, and name the field
 * and what it must be when it is something else.
 */

import { ConfigurationError } from '../errors.ts';
import { isHeaderName } from '../header-value.ts';
import { isSecret, reveal, type SecretOption } from '../secret.ts';
import { type CredentialFields, FIELD_DEFAULTS } from './credential-fields.ts';

export type FieldName = keyof CredentialFields;

/** Does a field hold anything of its own? */
export function isSet(fields: CredentialFields, name: FieldName): boolean {
  const value: unknown = Object.hasOwn(fields, name) ? fields[name] : undefined;
  return value !== undefined && value !== null && value !== '';
}

function read(fields: CredentialFields, name: FieldName): unknown {
  return isSet(fields, name) ? fields[name] : FIELD_DEFAULTS[name];
}

/** @throws ConfigurationError */
export function textField(fields: CredentialFields, name: FieldName): string {
  const value = read(fields, name);
  if (typeof value === 'string') return value;
  return refuse(name, 'text');
}

/** @throws ConfigurationError also when the field is empty. */
export function requiredTextField(fields: CredentialFields, name: FieldName, what: string): string {
  const value = textField(fields, name);
  return value === '' ? refuse(name, `set to ${what}`) : value;
}

/** An absolute URL, or `undefined`. @throws ConfigurationError */
export function urlField(fields: CredentialFields, name: FieldName): URL | undefined {
  const url = textField(fields, name);
  if (url === '') return undefined;
  return URL.canParse(url) ? new URL(url) : refuse(name, 'an absolute URL');
}

/** The name of a header. @throws ConfigurationError also when it cannot be one. */
export function headerField(fields: CredentialFields, name: FieldName): string {
  const header = textField(fields, name);
  return isHeaderName(header) ? header : refuse(name, "the name of a header, such as 'x-api-key'");
}

/** How a token is sent. @throws ConfigurationError also when there is no `{}` to put it. */
export function formatField(fields: CredentialFields, name: FieldName): string {
  const format = textField(fields, name);
  return format.includes('{}') ? format : refuse(name, "text with '{}' where the token belongs, such as 'Bearer {}'");
}

/** @throws ConfigurationError also when the field is none of the choices. */
export function choiceField<const Choice extends string>(
  fields: CredentialFields,
  name: FieldName,
  choices: readonly Choice[],
): Choice {
  const value = textField(fields, name);
  return choices.find((choice) => choice === value) ?? refuse(name, `one of ${choices.join(', ')}`);
}

/** A number that isn't negative, also as text. @throws ConfigurationError */
export function numberField(fields: CredentialFields, name: FieldName): number {
  const value = read(fields, name);
  const number = typeof value === 'string' && /^\s*\d+(?:\.\d+)?\s*$/.test(value) ? Number(value) : value;
  if (typeof number === 'number' && number >= 0 && number < Number.POSITIVE_INFINITY) return number;
  return refuse(name, 'a number that is not negative');
}

/** @throws ConfigurationError */
export function booleanField(fields: CredentialFields, name: FieldName): boolean {
  const value = read(fields, name);
  if (value === true || value === 'true') return true;
  if (value === false || value === 'false') return false;
  return refuse(name, 'true or false');
}

/** The secret in a field, or `undefined`. @throws ConfigurationError */
export function secretField(fields: CredentialFields, name: FieldName): SecretOption | undefined {
  const value = read(fields, name);
  if (typeof value === 'function') return value as () => string;
  if (typeof value !== 'string' && !isSecret(value)) return refuse(name, 'text, a secret or a function');
  return reveal(value) === '' ? undefined : value;
}

/** @throws ConfigurationError also when the field is empty. */
export function requiredSecretField(fields: CredentialFields, name: FieldName, what: string): SecretOption {
  return secretField(fields, name) ?? refuse(name, `set to ${what}`);
}

/** The strings of a field that holds a JSON object, in their order. @throws ConfigurationError */
export function jsonField(fields: CredentialFields, name: FieldName): Readonly<Record<string, string>> {
  const text = textField(fields, name);
  if (text.trim() === '') return {};
  const value = parse(text);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return refuse(name, JSON_OBJECT);
  const entries = Object.entries(value);
  if (entries.some(([, entry]) => typeof entry !== 'string')) return refuse(name, JSON_OBJECT);
  return Object.fromEntries(entries) as Record<string, string>;
}

const JSON_OBJECT = 'a JSON object of strings, such as {"name": "value"}';

/** Its errors are dropped: they quote the text. */
function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function refuse(option: FieldName, expectation: string): never {
  throw new ConfigurationError(`field '${option}' must be ${expectation}.`, { option });
}
