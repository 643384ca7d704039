import { type GenericSchema, nonOptional, object, optional } from 'valibot';
import type { CredentialFields } from './credential-fields.ts';
import { credentialSchema, type FieldName, type FieldValue } from './credential-schema.ts';
import { bareObject } from './json-object.ts';
import { suggestion } from './nearest.ts';
import { type Opts, type OptsEntries, optsSchema } from './opts.ts';
import { assertFields, type Problem, parsed, refuse } from './problems.ts';
import { refuseAddedSecret } from './project-brand.ts';

/** The fields that mean the same to every authenticator. */
export const SHARED = ['url', 'debug', 'httpHeader1', 'httpHeader2', 'httpHeaders'] as const;

/** The fields that an authenticator reads, besides those that all share. */
export interface FieldUse<Uses extends FieldName, Needs extends FieldName, Entries extends OptsEntries> {
  readonly uses?: readonly Uses[];
  /** The fields that must be set, each with what to set it to: `{ username: 'the user name' }`. */
  readonly needs?: { readonly [Name in Needs]?: string };
  /** What `opts` may hold. Default: nothing. */
  readonly opts?: Entries;
  /** What a field must be where this authenticator has another use for it. */
  readonly as?: { readonly [Name in FieldName]?: GenericSchema<unknown, FieldValue<Name>> };
}

/** Checked fields: of their types, with their defaults. */
export type ParsedFields<Uses extends FieldName, Needs extends FieldName, Entries extends OptsEntries> = {
  readonly [Name in Exclude<Uses | (typeof SHARED)[number], Needs>]: FieldValue<Name>;
} & { readonly [Name in Needs]: NonNullable<FieldValue<Name>> } & { readonly opts: Opts<Entries> };

/**
 * Checks the fields that an authenticator reads and those that all share. The others may hold anything: forms keep what
 * was typed for another authenticator. Only own properties count; empty text and `null` are nothing, and a secret that
 * is written down and `undefined` is an error.
 *
 * @throws {@link ConfigurationError} naming every field that is wrong and what it must be, and every field that nobody
 * knows with the nearest known name. It quotes no value.
 */
export function parseCredentialFields<
  const Uses extends FieldName = never,
  const Needs extends FieldName = never,
  const Entries extends OptsEntries = Record<never, never>,
>(fields: CredentialFields, use: FieldUse<Uses, Needs, Entries> = {}): ParsedFields<Uses, Needs, Entries> {
  const { uses = [], needs = {}, opts = {}, as = {} } = use;
  const schemas: Record<string, GenericSchema<unknown>> = { ...pick([...SHARED, ...uses]), ...as };
  for (const [name, what] of Object.entries(needs)) {
    const own = Object.hasOwn(as, name) ? as[name as FieldName] : undefined;
    const schema = own ?? credentialSchema[name as FieldName].wrapped;
    schemas[name] = nonOptional(optional(schema as GenericSchema<unknown>), `must be set to ${String(what)}`);
  }
  schemas.opts = optsSchema(opts);
  return check(fields, schemas, unknownFields(fields)) as ParsedFields<Uses, Needs, Entries>;
}

/** Some fields, and nothing about any other. @throws {@link ConfigurationError} */
export function readFields<const Name extends FieldName>(
  fields: CredentialFields,
  names: readonly Name[],
): { readonly [N in Name]: FieldValue<N> } {
  return check(fields, pick(names), []) as { readonly [N in Name]: FieldValue<N> };
}

/**
 * Refuses fields that nobody knows.
 *
 * @param own - Names that the chosen authenticator knows beside the credential fields.
 * @throws {@link ConfigurationError} with the nearest known name of each.
 */
export function refuseUnknown(fields: CredentialFields, own: readonly string[] = []): void {
  const problems = unknownFields(fields, own);
  if (problems.length > 0) refuse(problems);
}

/** A variable that is not set must not become a login without a password. */
const SECRETS = ['password', 'proxyPasswd', 'apikey', 'oauth2ClientSecret', 'oauth2ResourceOwnerPassword'] as const;
const UNSET = 'is undefined: leave it out, or set the variable that it comes from';

function check(fields: CredentialFields, schemas: Record<string, GenericSchema<unknown>>, problems: Problem[]) {
  assertFields(fields);
  refuseAddedSecret(fields);
  const given = bareObject(Object.keys(schemas).map((name) => [name, own(fields, name)]));
  const result = parsed(object(bareObject(Object.entries(schemas)) as typeof schemas), given);
  const issues = 'issues' in result ? result.issues : [];
  const unset = SECRETS.filter((name) => name in schemas && Object.hasOwn(fields, name) && fields[name] === undefined);
  problems.push(...unset.map((field) => ({ field, says: UNSET })));
  const found = [...problems, ...issues.map(({ path, message }) => ({ field: String(path?.[0]?.key), says: message }))];
  if ('issues' in result || found.length > 0) return refuse(found);
  return bareObject(Object.entries(result.output));
}

function unknownFields(fields: CredentialFields, more: readonly string[] = []): Problem[] {
  assertFields(fields);
  const known = [...Object.keys(credentialSchema), ...more];
  const strange = Object.keys(fields).filter((name) => !known.includes(name));
  return strange.map((name) => ({ field: name, says: `is not known.${suggestion(name, known)}` }));
}

function own(fields: CredentialFields, name: string): unknown {
  const value: unknown = Object.hasOwn(fields, name) ? fields[name as FieldName] : undefined;
  return value === null || value === '' ? undefined : value;
}

function pick(names: readonly FieldName[]): Record<string, GenericSchema<unknown>> {
  return Object.fromEntries(names.map((name) => [name, credentialSchema[name]]));
}
