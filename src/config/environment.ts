import { ConfigurationError } from '../errors.ts';
import { suggestion } from '../fields/nearest.ts';
import { checkField, FIELD_NAMES } from './check-field.ts';
import { wrapped } from './file-layer.ts';
import { type Entry, type FieldName, type Layer, SecretReference, type SelectedProfile } from './layer.ts';
import { type Environment, pathFrom } from './places.ts';
import { variableForm } from './profile-name.ts';
import { mayHoldSecret } from './secret-fields.ts';

const PREFIX = 'AUTHWIRE_';
const PROFILE = 'AUTHWIRE_PROFILE';
const CONFIG = 'AUTHWIRE_CONFIG';
/** Of the command line. */
const STORE = 'AUTHWIRE_STORE';
const FORM = 'AUTHWIRE__<FIELD> for the profile in use, AUTHWIRE_<PROFILE>__<FIELD> for another';

/** What the environment is read with. */
export interface EnvironmentOptions {
  readonly env: Environment;
  /** The profile that variables without a profile's name are for. */
  readonly selected: string;
  /** The profiles of the files. Where there are some, no variable makes another by a typing error. */
  readonly known: readonly string[];
  /** Where relative paths begin. */
  readonly directory: string;
  readonly platform?: NodeJS.Platform;
}

/** The profile that the environment selects. */
export function selectedByEnvironment(env: Environment): SelectedProfile | undefined {
  const name = env[PROFILE];
  return name ? { name, place: PROFILE, layer: 'environment' } : undefined;
}

/** The file that the environment names instead of the user's. */
export function fileOfEnvironment(env: Environment): string | undefined {
  return env[CONFIG] || undefined;
}

/**
 * What `AUTHWIRE_…` variables say.
 *
 * @throws {@link ConfigurationError} naming a variable that means nothing, that means what another one means already, or
 * that holds what its field cannot.
 */
export function environmentLayer(options: EnvironmentOptions): Layer {
  const profiles = new Map<string, Map<FieldName, Entry>>();
  for (const [variable, text] of ourVariables(options)) {
    const { profile, field, isFile, isOpen } = meaningOf(variable, options);
    const entries = profiles.get(profile) ?? new Map<FieldName, Entry>();
    const former = entries.get(field);
    if (former !== undefined)
      throw new ConfigurationError(`${former.place} and ${variable} set the same field: unset one.`);
    if (!isFile) checkField(field, text, variable);
    const value = isFile
      ? new SecretReference('file', pathFrom(options.directory, text, options.env))
      : wrapped(field, text);
    profiles.set(profile, entries.set(field, { value, layer: 'environment', place: variable, isOpen }));
  }
  return { kind: 'environment', profiles };
}

function ourVariables({ env, platform = process.platform }: EnvironmentOptions): [string, string][] {
  return Object.entries(env).flatMap(([variable, text]): [string, string][] => {
    // On Windows, the case of a variable's name means nothing.
    const name = platform === 'win32' ? variable.toUpperCase() : variable;
    const isOurs = name.startsWith(PREFIX) && ![PROFILE, CONFIG, STORE].includes(name);
    return isOurs && text !== undefined ? [[variable, text]] : [];
  });
}

function meaningOf(variable: string, options: EnvironmentOptions) {
  const [head = '', written = '', reference, ...more] = variable.split('__');
  const isFile = reference?.toUpperCase() === 'FILE';
  if (written === '' || more.length > 0 || (reference !== undefined && !isFile)) refuse(variable, `write ${FORM}.`);
  const field = FIELDS.get(fieldForm(written));
  if (field === undefined) refuse(variable, `there is no such field.${suggestion(written, FIELD_NAMES)}`);
  if (isFile && !mayHoldSecret(field)) refuse(variable, 'only secrets are read from files.');
  return { profile: profileOf(head, variable, options), field, isFile, isOpen: head.length < PREFIX.length };
}

function profileOf(head: string, variable: string, { selected, known }: EnvironmentOptions): string {
  const form = head.slice(PREFIX.length).toUpperCase();
  if (form === '') return selected;
  const meant = [...new Set([selected, ...known])].filter((name) => variableForm(name) === form);
  if (meant.length > 1) refuse(variable, `it may mean the profiles ${meant.join(' and ')}.`);
  if (meant.length === 0 && known.length > 0) {
    refuse(variable, `there is no such profile. There are: ${known.join(', ')}.`);
  }
  return meant[0] ?? form.toLowerCase();
}

/** As variables name fields: neither case nor underscores matter, so that `CA_PATH` and `CLIENT_ID` can be written. */
function fieldForm(name: string): string {
  return name.replaceAll('_', '').toLowerCase();
}

const FIELDS: ReadonlyMap<string, FieldName> = new Map(FIELD_NAMES.map((name) => [fieldForm(name), name]));

function refuse(variable: string, why: string): never {
  throw new ConfigurationError(`the environment variable ${variable} cannot be understood: ${why}`);
}
