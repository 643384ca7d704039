import { CredentialError } from '../errors.ts';
import { commandSecret } from '../node/command/secret.ts';
import { type Secret, type SecretOption, secret } from '../secret.ts';
import { type Entry, isReference, type SecretReference } from './layer.ts';
import type { Environment } from './places.ts';
import { readFile } from './read-file.ts';

/** A field whose secret stands elsewhere. */
export interface ReferenceEntry extends Entry {
  readonly value: SecretReference;
}

/** Does the field's secret stand elsewhere? */
export function isReferenceEntry(entry: Entry): entry is ReferenceEntry {
  return isReference(entry.value);
}

/**
 * The secret that a variable or a file holds, or `undefined` where it is not there or empty. One line break at its end
 * is no part of it. What a command would print, nobody knows before it runs.
 *
 * @throws {@link ConfigurationError} for a file that is there and cannot be read.
 */
export function findReferred({ from, name }: SecretReference, env: Environment): Secret | undefined {
  if (from === 'command') return undefined;
  const text = from === 'env' ? env[name] : readFile(name)?.text;
  const value = text?.replace(/\r?\n$/, '');
  return value ? secret(value) : undefined;
}

/** @throws {@link CredentialError} naming the variable or the file that is not there or empty. */
export function resolveReference({ value, place }: ReferenceEntry, env: Environment): SecretOption {
  if (value.from === 'command') return commandSecret({ command: [value.name, ...(value.args ?? [])], passEnv: ['*'] });
  const found = findReferred(value, env);
  if (found !== undefined) return found;
  throw new CredentialError(`${place}: ${whereOf(value)} does not exist or is empty.`);
}

/** `the environment variable API_PASSWORD`, `the file /run/secrets/api`, `the command pass`. */
export function whereOf({ from, name }: SecretReference): string {
  if (from === 'command') return `the command ${name}`;
  return from === 'env' ? `the environment variable ${name}` : `the file ${name}`;
}
