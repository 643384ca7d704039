/**
 * Single fields, for those who need one or two. An authenticator's `build` reads all of its fields at once, with
 * `parseCredentialFields`, and so tells of all problems at once.
 */

import type { SecretOption } from '../secret.ts';
import type { CredentialFields } from './credential-fields.ts';
import type { FieldName, FieldValue } from './credential-schema.ts';
import { readFields } from './parse.ts';
import { refuse } from './problems.ts';

export type { FieldName } from './credential-schema.ts';

/** The fields of one type. */
type FieldOf<Type> = { [Name in FieldName]: FieldValue<Name> extends Type ? Name : never }[FieldName];

/** Does a field hold anything of its own? */
export function isSet(fields: CredentialFields, name: FieldName): boolean {
  const value: unknown = Object.hasOwn(fields, name) ? fields[name] : undefined;
  return value !== undefined && value !== null && value !== '';
}

/** @throws ConfigurationError */
export function textField(fields: CredentialFields, name: FieldOf<string>): string {
  return readFields(fields, [name])[name];
}

/** @throws ConfigurationError also when the field is empty. */
export function requiredTextField(fields: CredentialFields, name: FieldOf<string>, what: string): string {
  if (!isSet(fields, name)) return refuse([{ field: name, says: `must be set to ${what}` }]);
  return textField(fields, name);
}

/** An absolute URL, or `undefined`. @throws ConfigurationError */
export function urlField(fields: CredentialFields, name: FieldOf<URL | undefined>): URL | undefined {
  return readFields(fields, [name])[name];
}

/** A number that isn't negative, also as text. @throws ConfigurationError also when there is none. */
export function numberField(fields: CredentialFields, name: FieldOf<number | undefined>): number {
  return readFields(fields, [name])[name] ?? refuse([{ field: name, says: 'must be a number that is not negative' }]);
}

/** @throws ConfigurationError */
export function booleanField(fields: CredentialFields, name: FieldOf<boolean>): boolean {
  return readFields(fields, [name])[name];
}

/** The secret in a field, or `undefined`. @throws ConfigurationError */
export function secretField(
  fields: CredentialFields,
  name: FieldOf<SecretOption | undefined>,
): SecretOption | undefined {
  return readFields(fields, [name])[name];
}
