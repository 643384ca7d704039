import { ConfigurationError } from '../errors.ts';
import type { SignInFields } from '../fields/sign-in-fields.ts';
import { secretRegistrar } from '../oauth/registered-secrets.ts';
import { func, object, readOptions, type Shape, text, texts } from '../options.ts';
import { checkField, isFieldName, refuseUnknownField } from './check-field.ts';
import { Config, refuseUnknownProfile } from './config.ts';
import { environmentLayer, selectedByEnvironment } from './environment.ts';
import { wrapped } from './file-layer.ts';
import { readLayer, type StatedFile, statedFiles } from './files.ts';
import { knownParts, writtenSecrets } from './known-secrets.ts';
import type { Entry, FieldName, Layer, SelectedProfile } from './layer.ts';
import { mergeLayers } from './merge.ts';
import type { Environment } from './places.ts';
import { DEFAULT_PROFILE } from './profile-name.ts';
import { refuseChoice } from './project-rules.ts';

/** Options of {@link loadConfig}. */
export interface LoadConfigOptions {
  /** Where the search for the project's `.authwire.toml` begins. Default: the working directory. */
  readonly directory?: string;
  /** The environment variables. Default: `process.env`. */
  readonly env?: Environment;
  /**
   * Files to read instead of the system's, the user's and the project's, lowest layer first. They are trusted and must
   * exist. `[]`: none. Default: the three files.
   */
  readonly files?: readonly string[];
  /** The profile to use, whatever the environment and the files select. Default: what they select. */
  readonly profile?: string;
  /** Fields of the profile in use, above all other layers. Default: none. */
  readonly fields?: SignInFields;
  /** Called for each file with secrets that others can read. Default: a process warning for each, once. */
  readonly onWarning?: (message: string) => void;
}

const SHAPE: Shape<LoadConfigOptions> = {
  directory: text,
  env: object,
  files: { wanted: 'a list of paths', test: (value) => Array.isArray(value) && texts.test(value) },
  profile: text,
  fields: object,
  onWarning: func,
};

/** What was read, before it is put together. */
export interface LoadedLayers {
  /** From the lowest to the highest. */
  readonly layers: readonly Layer[];
  readonly selected: SelectedProfile;
  readonly files: readonly StatedFile[];
  readonly warnings: readonly string[];
  readonly env: Environment;
}

/**
 * Reads profiles from files and the environment: the system's file, the user's, the project's, `AUTHWIRE_…` variables,
 * `fields`. The higher layer wins, field by field.
 *
 * All secrets that stand there are registered with the credential filter.
 *
 * @throws {@link ConfigurationError} naming the file, the line or the variable that is wrong, a profile that is not
 * there, and what a project's file may not say.
 * @example
 * const auth = buildAuthenticator(loadConfig().profile());
 */
export function loadConfig(options: LoadConfigOptions = {}): Config {
  const { layers, selected, files, warnings, env } = loadLayers(options);
  const register = secretRegistrar();
  for (const { name, value } of writtenSecrets(layers)) register(name, value);
  const profiles = mergeLayers(layers);
  refuseChoice(selected, layers);
  const names = [...profiles.keys()];
  if (selected.place !== undefined && !profiles.has(selected.name)) {
    refuseUnknownProfile(selected.name, names, files, selected.place);
  }
  return new Config({
    profiles,
    selected: selected.name,
    files,
    warnings,
    env,
    onSecret: (profile, field, place, secret) => {
      for (const { name, value } of knownParts(profile, field, place, secret)) register(name, value);
    },
  });
}

/**
 * Reads all layers and checks each of them.
 *
 * @throws {@link ConfigurationError} as {@link loadConfig} does, but for what concerns several layers.
 */
export function loadLayers(given: LoadConfigOptions): LoadedLayers {
  const options = readOptions('loadConfig', given, SHAPE);
  const { env = process.env, directory = process.cwd(), onWarning = warnProcess } = options;
  const warnings: string[] = [];
  const files = statedFiles(directory, env, options.files);
  const fileLayers = files.flatMap((file) => readLayer(file, env, (message) => warnings.push(message)) ?? []);
  for (const warning of warnings) onWarning(warning);
  const selected = selection(options.profile, env, fileLayers);
  const known = [...new Set(fileLayers.flatMap(({ profiles }) => [...profiles.keys()]))];
  const environment = environmentLayer({ env, selected: selected.name, known, directory });
  const layers = [...fileLayers, environment, argumentsLayer(selected.name, options.fields)];
  return { layers, selected, files, warnings, env };
}

function selection(name: string | undefined, env: Environment, layers: readonly Layer[]): SelectedProfile {
  if (name !== undefined) return { name, place: "option 'profile'", layer: 'arguments' };
  const highest = layers.findLast(({ selected }) => selected !== undefined)?.selected;
  return selectedByEnvironment(env) ?? highest ?? { name: DEFAULT_PROFILE };
}

function argumentsLayer(profile: string, fields: SignInFields = {}): Layer {
  const entries = new Map<FieldName, Entry>();
  const place = "option 'fields'";
  for (const [name, value] of Object.entries(fields)) {
    if (value === undefined) continue;
    if (!isFieldName(name)) refuseUnknownField(name, place);
    checkField(name, value, place);
    entries.set(name, { value: wrapped(name, value), layer: 'arguments', place, isOpen: true });
  }
  return { kind: 'arguments', profiles: entries.size === 0 ? new Map() : new Map([[profile, entries]]) };
}

const warned = new Set<string>();

function warnProcess(message: string): void {
  if (warned.has(message)) return;
  warned.add(message);
  process.emitWarning(`authwire: ${message}`, { code: 'AUTHWIRE_READABLE_SECRET' });
}
