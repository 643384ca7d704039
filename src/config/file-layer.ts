import { dirname } from 'node:path';
import { ConfigurationError } from '../errors.ts';
import { suggestion } from '../fields/nearest.ts';
import { secret } from '../secret.ts';
import { checkField, isFieldName, refuseUnknownField, shownName } from './check-field.ts';
import { type Entries, type Entry, type FieldName, type Layer, type LayerKind, SecretReference } from './layer.ts';
import { type Environment, pathFrom } from './places.ts';
import { isProfileName, PROFILE_NAMES } from './profile-name.ts';
import { isObjectField, isSecretField, mayHoldSecret } from './secret-fields.ts';
import { isTable, parseToml, type TomlDocument } from './toml.ts';

/** The short form of a profile that is a JSON Web Token and nothing else. */
const JWT = 'jwt';
const TOP = ['profile', 'profiles'] as const;
const REFERENCES = "{ env = 'NAME' }, { file = 'path' } or { command = ['program', 'argument'] }";

/** A file's text, and what it is. */
export interface LayerFile {
  readonly kind: LayerKind;
  readonly path: string;
  readonly text: string;
}

/**
 * What a file says: which profile is used, and the fields of each.
 *
 * @throws {@link ConfigurationError} naming the file, the line and the key that is wrong, and what it must be.
 */
export function fileLayer(file: LayerFile, env: Environment): Layer {
  const document = parseToml(file.text, file.path);
  const { profile, profiles = Object.create(null), ...others } = document.table;
  for (const key of Object.keys(others)) {
    const name = `${document.placeOf(key)}: there is no key ${shownName(key)} at the top.`;
    throw new ConfigurationError(`${name}${suggestion(key, TOP)} Fields belong in a table [profiles.<name>].`);
  }
  if (!isTable(profiles)) refuse(document.placeOf('profiles'), 'profiles', 'tables, such as [profiles.prod]');
  const entries = Object.entries(profiles).map(
    ([name, table]) => [name, profileEntries(name, table, document, file, env)] as const,
  );
  return { kind: file.kind, profiles: new Map(entries), ...selection(profile, document, file.kind) };
}

function selection(profile: unknown, { placeOf }: TomlDocument, layer: LayerKind): Pick<Layer, 'selected'> {
  if (profile === undefined || profile === '') return {};
  if (typeof profile !== 'string') refuse(placeOf('profile'), 'profile', "the name of a profile, such as 'prod'");
  return { selected: { name: profile, place: placeOf('profile'), layer } };
}

function profileEntries(
  profile: string,
  table: unknown,
  document: TomlDocument,
  { kind, path }: LayerFile,
  env: Environment,
): Entries {
  const place = document.placeOf('profiles', profile);
  if (!isProfileName(profile)) throw new ConfigurationError(`${place}: ${PROFILE_NAMES}`);
  if (!isTable(table)) refuse(place, `profiles.${profile}`, 'a table of credential fields');
  const entries = new Map<FieldName, Entry>();
  for (const [key, raw] of Object.entries(table)) {
    const where = document.placeOf('profiles', profile, key);
    const name = key === JWT ? 'apikey' : key;
    if (key === JWT) refuseSpelledOut(table, where);
    if (!isFieldName(name)) refuseUnknownField(name, where);
    entries.set(name, { value: readValue(name, raw, where, dirname(path), env), layer: kind, place: where });
    if (key === JWT) entries.set('authType', { value: 'AuthJwt', layer: kind, place: where });
  }
  return entries;
}

/** `jwt = "…"` is `authType = "AuthJwt"` and `apikey = "…"`. @throws {@link ConfigurationError} where these are said as well. */
function refuseSpelledOut(table: Readonly<Record<string, unknown>>, place: string): void {
  const [other] = ['authType', 'apikey'].filter((name) => Object.hasOwn(table, name));
  if (other === undefined) return;
  throw new ConfigurationError(`${place}: 'jwt' stands for 'authType' and 'apikey': leave out '${other}', or 'jwt'.`, {
    option: other,
  });
}

function readValue(name: FieldName, raw: unknown, place: string, directory: string, env: Environment): Entry['value'] {
  if (isTable(raw) && mayHoldSecret(name) && !isObjectField(name)) return referenceOf(name, raw, place, directory, env);
  // Objects may also be JSON, which is all that the fields take.
  const value = isTable(raw) && isObjectField(name) ? JSON.stringify(raw) : raw;
  checkField(name, value, place);
  // The working directory may belong to another user, and hold a CA of theirs.
  if (name === 'ca_path' && value !== '') return pathFrom(directory, value as string, env);
  return wrapped(name, value as string | number | boolean);
}

/** Text that may be secret never lies open. */
export function wrapped(name: FieldName, value: string | number | boolean): Entry['value'] {
  return typeof value === 'string' && mayHoldSecret(name) ? secret(value) : value;
}

function referenceOf(
  name: FieldName,
  table: Readonly<Record<string, unknown>>,
  place: string,
  directory: string,
  env: Environment,
): Entry['value'] {
  const [[from, target] = [], ...more] = Object.entries(table);
  if (from === 'command' && more.length === 0 && isSecretField(name) && isArgv(target)) {
    const [program, ...args] = target;
    // A bare name is looked for in PATH.
    return new SecretReference('command', program.includes('/') ? pathFrom(directory, program, env) : program, args);
  }
  const isKnown = from === 'env' || from === 'file';
  if (!isKnown || more.length > 0 || typeof target !== 'string' || target.trim() === '' || target.includes('\0')) {
    throw new ConfigurationError(`${place}: field '${name}' must be text, ${REFERENCES}.`, { option: name });
  }
  return new SecretReference(from, from === 'file' ? pathFrom(directory, target, env) : target);
}

function isArgv(value: unknown): value is [string, ...string[]] {
  if (!Array.isArray(value) || value.length === 0) return false;
  return value.every((one) => typeof one === 'string' && !one.includes('\0')) && value[0].trim() !== '';
}

function refuse(place: string, option: string, expectation: string): never {
  throw new ConfigurationError(`${place}: '${option}' must be ${expectation}.`, { option });
}
