import { readFileSync } from 'node:fs';
import { ConfigurationError } from '../../errors.ts';
import type { CredentialFields } from '../../fields/credential-fields.ts';
import type { KnownValue, KnownValueOptions } from '../known-values.ts';

type FieldName = keyof CredentialFields;

const SECRETS: readonly string[] = [
  'password',
  'proxyPasswd',
  'apikey',
  'oauth2ClientSecret',
  'oauth2ResourceOwnerPassword',
] satisfies FieldName[];
/** `Name: value`. */
const HEADERS: readonly string[] = ['httpHeader1', 'httpHeader2'] satisfies FieldName[];
/** JSON objects of strings, which may be secret. */
const OBJECTS: readonly string[] = ['httpHeaders', 'oauth2ResourceOwnerAdditionalParams'] satisfies FieldName[];
const SECRET_NAME = /auth|key|token|secret|passw|cookie|signature|assertion/i;
const DEEPEST = 8;

/** The secret fields in files of credential fields: of one credential, or of many in lists and objects. */
export function* credentialFileValues({ credentials = [] }: KnownValueOptions): Generator<KnownValue> {
  for (const file of credentials) yield* valuesIn(parse(read(file), file), file, 0);
}

function* valuesIn(node: unknown, name: string, depth: number): Generator<KnownValue> {
  if (typeof node !== 'object' || node === null || depth > DEEPEST) return;
  for (const [key, value] of Object.entries(node)) {
    const path = `${name}: ${key}`;
    if (typeof value === 'object') yield* valuesIn(value, path, depth + 1);
    else for (const secret of secretsOf(key, String(value ?? ''))) yield { name: path, value: secret };
  }
}

function secretsOf(key: string, value: string): string[] {
  if (value === '') return [];
  if (SECRETS.includes(key)) return [value];
  if (HEADERS.includes(key)) {
    const colon = value.indexOf(':');
    return SECRET_NAME.test(value.slice(0, colon)) ? [value.slice(colon + 1).trim()] : [];
  }
  return OBJECTS.includes(key) ? secretEntries(value) : [];
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

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    throw new ConfigurationError(`${file} cannot be read: ${(cause as NodeJS.ErrnoException).code}.`, { cause });
  }
}

function parse(text: string, file: string): object {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    // Its error is dropped: it quotes the text.
  }
  if (typeof value === 'object' && value !== null) return value;
  throw new ConfigurationError(`${file} must be JSON: an object of credential fields, or several.`);
}
