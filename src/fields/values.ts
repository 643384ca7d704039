/**
 * Values as files and forms write them: numbers and booleans may be text. Each schema's message says what a value must
 * be, and never what it was.
 */

import { array, check, custom, literal, picklist, pipe, strictObject, string, transform, union } from 'valibot';
import { isHeaderName } from '../header-value.ts';
import { isKeyPath } from '../key-path.ts';
import { isSecret, reveal, type SecretOption } from '../secret.ts';
import { jsonObject } from './json-object.ts';

/** Any text. */
export const text = string('must be text');

/** Text that holds something. */
export const someText = pipe(
  text,
  check((value) => value !== '', 'must be text that is not empty'),
);

const FLAGS: readonly unknown[] = [true, false, 'true', 'false'];

/** `true` or `false`, also as text. */
export const flag = pipe(
  custom<boolean | string>((value) => FLAGS.includes(value), 'must be true or false'),
  transform((value) => String(value) === 'true'),
);

/** A number that isn't negative, also as text. */
export const amount = pipe(
  custom<number | string>(isAmount, 'must be a number that is not negative'),
  transform((value) => Number(value)),
);

/** One of the choices, as it is written there. */
export function choice<const Choice extends string>(...choices: readonly Choice[]) {
  return picklist(choices, `must be one of ${choices.join(', ')}`);
}

/** An absolute URL of one http or https origin. */
export const url = pipe(
  text,
  check(isWebUrl, 'must be an absolute URL that begins with https:// or http://'),
  transform((value) => new URL(value)),
);

/** The name of a header. */
export const headerName = pipe(text, check(isHeaderName, "must be the name of a header, such as 'x-api-key'"));

/** How a token is sent: text that holds `{}`. */
export const tokenFormat = pipe(
  text,
  check((value) => value.includes('{}'), "must be text with '{}' where the token belongs, such as 'Bearer {}'"),
);

/** Where a value stands in JSON: names separated by dots. */
export const keyPathText = pipe(text, check(isKeyPath, "must be names separated by dots, such as 'data.token'"));

/** Text, a {@link Secret} or a function; an empty one is `undefined`. */
export const secretValue = pipe(
  custom<SecretOption>(isSecretOption, 'must be text, a secret or a function'),
  transform((value) => (typeof value !== 'function' && reveal(value) === '' ? undefined : value)),
);

/** `Name: value`, split at the first colon. Blank text is `undefined`. */
export const headerLine = pipe(
  text,
  transform(splitHeader),
  check((header) => header === undefined || isHeaderName(header[0]), "must be 'Name: value'"),
);

/** Text, or a list of texts. */
export const textOrTexts = union([string(), array(string())], 'must be text or a list of texts');

/** Where a response holds a value. */
export const responsePlace = union(
  [string(), array(string()), strictObject({ header: headerName }), strictObject({ body: literal('text') })],
  'must be names separated by dots, a list of names, {"header": name} or {"body": "text"}',
);

/** An object, or a JSON object as text. */
export const anyObject = custom<string | Readonly<Record<string, unknown>>>(
  (value) => jsonObject(value) !== undefined,
  'must be a JSON object, such as {"name": "value"}',
);

/** Text by name, in the order given: an object, or a JSON object as text. */
export const texts = pipe(
  custom<string | Readonly<Record<string, string>>>(
    isTexts,
    'must be a JSON object of strings, such as {"name": "value"}',
  ),
  transform((value) => jsonObject(value) as ReadonlyMap<string, string>),
);

/** Headers by name, in the order given. */
export const headers = pipe(
  texts,
  check((value) => [...value.keys()].every(isHeaderName), 'must have names of headers, such as {"x-tenant": "a"}'),
);

function isWebUrl(value: string): boolean {
  const { protocol, hostname } = URL.canParse(value) ? new URL(value) : { protocol: '', hostname: '' };
  // A pattern is a valid host, and nothing would ever match it.
  return /^https?:$/.test(protocol) && !hostname.includes('*');
}

function isAmount(value: unknown): boolean {
  if (typeof value === 'string') return /^\s*\d+(?:\.\d+)?\s*$/.test(value);
  return typeof value === 'number' && value >= 0 && value < Number.POSITIVE_INFINITY;
}

function isSecretOption(value: unknown): boolean {
  return typeof value === 'string' || typeof value === 'function' || isSecret(value);
}

function isTexts(value: unknown): boolean {
  const object = jsonObject(value);
  return object !== undefined && [...object.values()].every((entry) => typeof entry === 'string');
}

function splitHeader(line: string): readonly [name: string, value: string] | undefined {
  if (line.trim() === '') return undefined;
  const colon = line.indexOf(':');
  return [line.slice(0, Math.max(colon, 0)).trim(), line.slice(colon + 1).trim()];
}
