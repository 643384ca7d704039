/**
 * The field `opts`: a JSON object of further options of the chosen authenticator, those that have no field of their own.
 */

import { type GenericSchema, type InferOutput, object, optional, pipe, rawTransform, unknown } from 'valibot';
import type { CredentialFields } from './credential-fields.ts';
import { bareObject, jsonObject } from './json-object.ts';
import { looksLikeName, suggestion } from './nearest.ts';
import { assertFields, parsed, refuse } from './problems.ts';
import { anyObject } from './values.ts';

/** The options that an authenticator takes in `opts`: a schema for each name. */
export type OptsEntries = Readonly<Record<string, GenericSchema<unknown>>>;

/** What is left of `opts` when it has been checked. Absent options stay absent. */
export type Opts<Entries extends OptsEntries> = {
  readonly [Name in keyof Entries]?: InferOutput<Entries[Name]>;
};

/**
 * The checked options in the field `opts`: JSON text or an object; absent, empty and `null` are nothing.
 *
 * @param entries - What this authenticator takes: a schema for each name, such as `flag`, `amount` and `text` of
 * values.ts or any of valibot's. A message of your own says what the value must be, and begins with `must be`.
 * @example
 * const { strict } = optsField(fields, { strict: flag });
 * @throws {@link ConfigurationError} for what is no JSON object, for unknown names (with the nearest known one) and for
 * values of another kind. It quotes no value.
 */
export function optsField<const Entries extends OptsEntries>(
  fields: CredentialFields,
  entries: Entries,
): Opts<Entries> {
  assertFields(fields);
  const result = readOpts(Object.hasOwn(fields, 'opts') ? fields.opts : undefined, entries);
  if ('output' in result) return result.output;
  return refuse(result.problems.map((says) => ({ field: 'opts', says })));
}

/** A schema of the field `opts` for {@link optsField}'s entries. */
export function optsSchema<const Entries extends OptsEntries>(entries: Entries) {
  return pipe(
    unknown(),
    rawTransform(({ dataset, addIssue, NEVER }): Opts<Entries> => {
      const result = readOpts(dataset.value, entries);
      if ('output' in result) return result.output;
      for (const message of result.problems) addIssue({ message });
      return NEVER;
    }),
  );
}

type Read<Output> = { readonly output: Output } | { readonly problems: readonly string[] };

/** The checked options, or what is wrong: ends of sentences that begin with the field's name. */
function readOpts<const Entries extends OptsEntries>(value: unknown, entries: Entries): Read<Opts<Entries>> {
  const given = jsonObject(value);
  if (given === undefined) return { problems: [anyObject.message as string] };
  const known = Object.keys(entries);
  const strange = [...given.keys()].filter((name) => !known.includes(name));
  const result = parsed(
    object(bareObject(known.map((name) => [name, optional(entries[name] as GenericSchema<unknown>)])) as OptsEntries),
    bareObject([...given].filter(([, entry]) => entry !== undefined && entry !== null)),
  );
  const issues = 'issues' in result ? result.issues : [];
  const problems = [
    ...strange.map((name) => `${has(name)}.${suggestion(name, known) || ' It takes none.'}`),
    ...issues.map(({ path, message }) => `has an option '${String(path?.[0]?.key)}', which ${message}`),
  ];
  if ('issues' in result || problems.length > 0) return { problems };
  return { output: bareObject(Object.entries(result.output)) as Opts<Entries> };
}

function has(name: string): string {
  return looksLikeName(name) ? `has no option '${name}' here` : 'has an option that is not known here';
}
