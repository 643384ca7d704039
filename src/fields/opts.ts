/**
 * The field `opts`: a JSON object of further options of the chosen authenticator, those that have no field of their own.
 */

import { type GenericSchema, type InferOutput, object, optional } from 'valibot';
import type { CredentialFields } from './credential-fields.ts';
import { shownName, suggestion } from './nearest.ts';
import { parsed, refuse } from './problems.ts';

/** The options that an authenticator takes in `opts`: a schema for each name. */
export type OptsEntries = Readonly<Record<string, GenericSchema>>;

/** What is left of `opts` when it has been checked. Absent options stay absent. */
export type Opts<Entries extends OptsEntries> = {
  readonly [Name in keyof Entries]?: InferOutput<Entries[Name]>;
};

/**
 * The checked options in the field `opts`: JSON text or an object; absent, empty and `null` are nothing.
 *
 * @param entries - What this authenticator takes: a schema for each name, such as `flag`, `amount` and `text` of
 * values.ts or any of valibot's. A message of your own says what the value must be and begins with `must be`.
 * @example
 * const { strict } = optsField(fields, { strict: flag });
 * @throws {@link ConfigurationError} for what is no JSON object, for unknown names (with the nearest known one) and for
 * values of another kind. It quotes no value.
 */
export function optsField<const Entries extends OptsEntries>(
  fields: CredentialFields,
  entries: Entries,
): Opts<Entries> {
  const result = readOpts(Object.hasOwn(fields, 'opts') ? fields.opts : undefined, entries);
  if ('output' in result) return result.output;
  return refuse(result.problems.map((says) => ({ field: 'opts', says })));
}

/** The checked options, or what is wrong: ends of sentences that begin with the field's name. */
export function readOpts<const Entries extends OptsEntries>(
  value: unknown,
  entries: Entries,
): { readonly output: Opts<Entries> } | { readonly problems: readonly string[] } {
  const given = toObject(value);
  if (given === undefined) return { problems: ['must be a JSON object, such as {"name": "value"}'] };
  const known = Object.keys(entries);
  const unknown = [...given.keys()].filter((name) => !known.includes(name));
  const result = parsed(toSchema(entries), bare(given));
  const issues = 'issues' in result ? result.issues : [];
  const problems = [
    ...unknown.map((name) => `has no option ${shownName(name)} here.${suggestion(name, known) || ' It takes none.'}`),
    ...issues.map(({ path, message }) => `has an option '${String(path?.[0]?.key)}', which ${message}`),
  ];
  if ('issues' in result || problems.length > 0) return { problems };
  return { output: bare(Object.entries(result.output)) as Opts<Entries> };
}

function toSchema(entries: OptsEntries) {
  return object(Object.fromEntries(Object.entries(entries).map(([name, schema]) => [name, optional(schema)])));
}

function toObject(value: unknown): Map<string, unknown> | undefined {
  const given = isBlank(value) ? {} : typeof value === 'string' ? parse(value) : value;
  if (typeof given !== 'object' || given === null || Array.isArray(given)) return undefined;
  return new Map(Object.entries(given).filter(([, entry]) => entry !== undefined && entry !== null));
}

function isBlank(value: unknown): boolean {
  return value === undefined || value === null || (typeof value === 'string' && value.trim() === '');
}

/** Without a prototype: nothing is found there but what was given. */
function bare(entries: Iterable<readonly [string, unknown]>): object {
  const object: Record<string, unknown> = Object.create(null);
  for (const [name, value] of entries) object[name] = value;
  return object;
}

/** Its errors are dropped: they quote the text. */
function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
