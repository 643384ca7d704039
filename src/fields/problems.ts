import { type BaseIssue, type Config, type GenericSchema, type InferOutput, safeParse } from 'valibot';
import { ConfigurationError } from '../errors.ts';
import { looksLikeName } from './nearest.ts';

/** What is wrong with one field: the end of a sentence that begins with its name. */
export interface Problem {
  readonly field: string;
  readonly says: string;
}

/**
 * One error for all problems, naming the first field as its `option`.
 *
 * @throws {@link ConfigurationError}
 */
export function refuse(problems: readonly Problem[]): never {
  const sentences = problems.map(({ field, says }) => `${named(field)} ${says}${/[.?]$/.test(says) ? '' : '.'}`);
  const first = problems.find(({ field }) => looksLikeName(field));
  throw new ConfigurationError(sentences.join(' '), first && { option: first.field });
}

function named(field: string): string {
  return looksLikeName(field) ? `field '${field}'` : 'a field whose name looks like none';
}

/** @throws {@link ConfigurationError} for what cannot hold fields. */
export function assertFields(fields: unknown): void {
  if (typeof fields === 'object' && fields !== null) return;
  throw new ConfigurationError("credential fields are an object, such as { authType: 'AuthBasic' }.");
}

/** What a schema makes of a value, or what it has against it. */
export function parsed<const Schema extends GenericSchema>(
  schema: Schema,
  value: unknown,
): { readonly output: InferOutput<Schema> } | { readonly issues: readonly BaseIssue<unknown>[] } {
  const result = safeParse(schema, value, CONFIG);
  return result.success ? { output: result.output } : { issues: result.issues };
}

/** The library's own messages quote the value: all that come without one of ours say only what was expected. */
const CONFIG: Config<BaseIssue<unknown>> = {
  abortEarly: false,
  // Messages that an application has set for its own schemas are not for ours.
  lang: 'authwire',
  message: ({ expected }) => `must be ${(expected && WORDS[expected]) ?? expected ?? 'something else'}`,
};

const WORDS: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'a number',
  boolean: 'true or false',
  Array: 'a list',
  Object: 'an object',
};
