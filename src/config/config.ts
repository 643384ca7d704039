import { ConfigurationError } from '../errors.ts';
import { brandOwnProfile } from '../fields/own-profile.ts';
import { brandProjectFields } from '../fields/project-brand.ts';
import type { SignInFields } from '../fields/sign-in-fields.ts';
import { isSecret, reveal, type Secret } from '../secret.ts';
import { describedText } from './described-text.ts';
import type { ConfigDescription } from './description.ts';
import { type StatedFile, stateOf } from './files.ts';
import type { Entries, Entry, FieldName } from './layer.ts';
import type { Environment } from './places.ts';
import { isEmpty, placeInProject } from './project-rules.ts';
import { isReferenceEntry, resolveReference } from './references.ts';
import { isSecretField } from './secret-fields.ts';
import { type FieldState, saidFields, unsaidSecrets } from './shown.ts';

const INSPECT = Symbol.for('nodejs.util.inspect.custom');

/** What a {@link Config} is made of. */
export interface ConfigParts {
  /** All profiles by name. */
  readonly profiles: ReadonlyMap<string, Entries>;
  /** The profile in use. */
  readonly selected: string;
  /** The files that were looked for. */
  readonly files: readonly StatedFile[];
  /** Problems that do not stop loading. */
  readonly warnings: readonly string[];
  /** The environment that secrets are read from. */
  readonly env: Environment;
  /** Called with every secret that is read from a variable or a file. */
  readonly onSecret: (profile: string, field: FieldName, place: string, value: Secret) => void;
}

/** Profiles, from all layers together. However it is printed, it shows no secret. */
export class Config {
  readonly #parts: ConfigParts;

  constructor(parts: ConfigParts) {
    this.#parts = parts;
  }

  /** The name of the profile in use: `default` where nobody names one. */
  get selected(): string {
    return this.#parts.selected;
  }

  /** The names of all profiles. */
  get profileNames(): readonly string[] {
    return [...this.#parts.profiles.keys()];
  }

  /** What should be done about the files. */
  get warnings(): readonly string[] {
    return this.#parts.warnings;
  }

  /**
   * The credential fields of a profile, for `buildAuthenticator`. Secrets are wrapped, and known to the credential
   * filter. One that a command prints is a function, which runs the command when the secret is needed.
   *
   * @param name - Default: the profile in use.
   * @throws {@link ConfigurationError} for a profile that is not there, {@link CredentialError} for a secret whose
   * variable or file is missing.
   * @example
   * const auth = buildAuthenticator(loadConfig().profile('prod'));
   */
  profile(name: string = this.selected): SignInFields {
    const entries = this.#entriesOf(name);
    const fields: Record<string, unknown> = {};
    for (const [field, entry] of entries) {
      const value = this.#valueOf(name, field, entry);
      if (value !== undefined) fields[field] = value;
    }
    const place = placeInProject(entries);
    if (place === undefined) brandOwnProfile(fields);
    else brandProjectFields(fields, place);
    return hidden(fields, () => saidFields(entries, this.#parts.env));
  }

  /**
   * Where every value of a profile comes from, for tables and JSON; secrets are `set, but not shown`.
   *
   * @throws {@link ConfigurationError} for a profile that is not there.
   */
  describe(name?: string): ConfigDescription {
    const { profiles, selected, files, warnings, env } = this.#parts;
    const entries = name === undefined ? (profiles.get(selected) ?? new Map()) : this.#entriesOf(name);
    return {
      profile: name ?? selected,
      profiles: this.profileNames,
      fields: [...saidFields(entries, env), ...unsaidSecrets(entries)],
      files: files.map(stateOf),
      warnings,
    };
  }

  /** The same as {@link Config.describe}: without secrets. */
  toJSON(): ConfigDescription {
    return this.describe();
  }

  /** The description as text, without secrets. */
  toString(): string {
    return describedText(this.describe());
  }

  [INSPECT](): ConfigDescription {
    return this.describe();
  }

  #entriesOf(name: string): Entries {
    const entries = this.#parts.profiles.get(name);
    return entries ?? refuseUnknownProfile(name, this.profileNames, this.#parts.files);
  }

  #valueOf(profile: string, field: FieldName, entry: Entry): unknown {
    if (isEmpty(entry.value)) return undefined;
    const { env, onSecret } = this.#parts;
    const value = isReferenceEntry(entry) ? resolveReference(entry, env) : entry.value;
    if (!isSecret(value)) return value;
    if (isReferenceEntry(entry)) onSecret(profile, field, entry.place, value);
    return isSecretField(field) ? value : reveal(value);
  }
}

/** @throws {@link ConfigurationError} naming the profiles that there are, or the places where none was found. */
export function refuseUnknownProfile(
  name: string,
  names: readonly string[],
  files: readonly StatedFile[],
  place = '',
): never {
  const start = place === '' ? '' : `${place}: `;
  const shown = /^[\w.-]{1,40}$/.test(name) ? `'${name}'` : 'of such a name';
  if (names.length > 0) {
    const there = `There are: ${names.join(', ')}.`;
    throw new ConfigurationError(`${start}there is no profile ${shown}. ${there}`);
  }
  const looked = files.length === 0 ? 'no file was read' : `looked into ${files.map(({ path }) => path).join(', ')}`;
  throw new ConfigurationError(`${start}there is no profile ${shown}, and no other: ${looked}.`);
}

/** Extra headers are plain text, and may be secret: what prints the fields shows where they come from instead. */
function hidden(fields: Record<string, unknown>, shown: () => FieldState[]): SignInFields {
  const printed = () => Object.fromEntries(shown().map(({ field, value }) => [field, value]));
  Object.defineProperties(fields, { toJSON: { value: printed }, [INSPECT]: { value: printed } });
  return fields;
}
