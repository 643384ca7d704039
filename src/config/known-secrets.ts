import { isSecret, reveal, type Secret } from '../secret.ts';
import type { Entry, Layer } from './layer.ts';
import type { Environment } from './places.ts';
import { findReferred, isReferenceEntry, whereOf } from './references.ts';
import { secretParts } from './secret-fields.ts';

/** A secret of a profile, and its name: `prod.password (/home/ada/.config/authwire/config.toml:7)`. */
export interface KnownSecret {
  readonly name: string;
  readonly value: string;
}

/** The secrets that stand in the layers themselves, also those that a higher layer replaces. */
export function* writtenSecrets(layers: readonly Layer[]): Generator<KnownSecret> {
  for (const { profile, field, entry } of entriesOf(layers)) {
    if (isSecret(entry.value)) yield* knownParts(profile, field, entry.place, entry.value);
  }
}

/**
 * The secrets in the variables and files that the layers refer to. No command is run.
 *
 * @param onMissing - Told of each that is not there: it may be on another machine.
 * @throws {@link ConfigurationError} for a file that is there and cannot be read.
 */
export function* referredSecrets(
  layers: readonly Layer[],
  env: Environment,
  onMissing: (message: string) => void,
): Generator<KnownSecret> {
  for (const { profile, field, entry } of entriesOf(layers)) {
    if (!isReferenceEntry(entry) || entry.value.from === 'command') continue;
    const found = findReferred(entry.value, env);
    if (found !== undefined) yield* knownParts(profile, field, entry.place, found);
    else onMissing(`${entry.place}: ${whereOf(entry.value)} does not exist or is empty.`);
  }
}

/** What of a field is secret, under the name of the field. */
export function knownParts(profile: string, field: string, place: string, value: Secret): KnownSecret[] {
  return secretParts(field, reveal(value)).map((part) => ({ name: `${profile}.${field} (${place})`, value: part }));
}

function entriesOf(layers: readonly Layer[]): { profile: string; field: string; entry: Entry }[] {
  return layers.flatMap(({ profiles }) =>
    [...profiles].flatMap(([profile, entries]) => [...entries].map(([field, entry]) => ({ profile, field, entry }))),
  );
}
