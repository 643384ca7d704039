import { referredSecrets, writtenSecrets } from '../../config/known-secrets.ts';
import { loadLayers } from '../../config/load.ts';
import { configurationError } from './configuration-error.ts';
import type { KnownValue, KnownValueOptions } from './known-value.ts';

/** What says where the files are, also where no value is taken from the environment. */
const PLACES: readonly string[] = ['AUTHWIRE_CONFIG', 'HOME', 'USERPROFILE', 'XDG_CONFIG_HOME', 'APPDATA'];

/**
 * The secrets of all profiles: of every file, of `AUTHWIRE_…` variables, and of what they refer to.
 *
 * @throws {@link ConfigurationError} where a configuration is wrong: nobody would notice that less is masked.
 */
export function profileValues({ profiles = true, env = true, warn = () => {} }: KnownValueOptions): KnownValue[] {
  if (!profiles) return [];
  const variables = Object.entries(process.env).filter(([name]) => env || PLACES.includes(name.toUpperCase()));
  try {
    const { layers } = loadLayers({ env: Object.fromEntries(variables), onWarning: () => {} });
    return [...writtenSecrets(layers), ...referredSecrets(layers, process.env, warn)];
  } catch (cause) {
    throw configurationError(cause);
  }
}
