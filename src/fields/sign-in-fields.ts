/**
 * The fields of a person's sign-in, which only AuthPkce and AuthDevice of `authwire/node` read, beside the credential fields.
 */

import { type InferOutput, object, optional } from 'valibot';
import type { CredentialFields } from './credential-fields.ts';
import { bareObject } from './json-object.ts';
import { parsed, refuse } from './problems.ts';
import { choice, text } from './values.ts';

/** Everything that a profile can say: the credential fields, and those of a person's sign-in. */
export interface SignInFields extends CredentialFields {
  /** The issuer of the authorization server, whose endpoints are discovered. Default: the endpoints are in `opts`. */
  readonly issuer?: string;
  /** The scope to ask for, separated by spaces. Default: what the server gives by itself. */
  readonly scope?: string;
  /** What keeps the login. Default: `auto`, the keyring, and files where there is none. */
  readonly credentialStore?: 'auto' | 'keyring' | 'file' | 'memory' | '';
}

/** What each of them must be, and what it means when it is absent or empty. */
export const signInSchema = {
  issuer: optional(text, ''),
  scope: optional(text, ''),
  credentialStore: optional(choice('auto', 'keyring', 'file', 'memory'), 'auto'),
};

/** The name of one of these fields. */
export type SignInFieldName = keyof typeof signInSchema;

/** Their names. */
export const SIGN_IN_FIELDS = Object.keys(signInSchema) as readonly SignInFieldName[];

const schema = object(signInSchema);

/** @throws {@link ConfigurationError} naming each field that is wrong. */
export function readSignInFields(fields: SignInFields): InferOutput<typeof schema> {
  const given = SIGN_IN_FIELDS.flatMap((name): [string, unknown][] => {
    const value: unknown = Object.hasOwn(fields, name) ? fields[name] : undefined;
    return value === undefined || value === null || value === '' ? [] : [[name, value]];
  });
  const result = parsed(schema, bareObject(given));
  if ('output' in result) return result.output;
  return refuse(result.issues.map(({ path, message }) => ({ field: String(path?.[0]?.key), says: message })));
}

/** The credential fields alone, as `parseCredentialFields` takes them. */
export function withoutSignInFields(fields: SignInFields): CredentialFields {
  const others: { -readonly [Name in keyof SignInFields]: SignInFields[Name] } = { ...fields };
  for (const name of SIGN_IN_FIELDS) delete others[name];
  return others;
}
