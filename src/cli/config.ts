import type { Config } from '../config/config.ts';
import { describedText } from '../config/described-text.ts';
import { type FileState, statedFiles, stateOf } from '../config/files.ts';
import { loadConfig } from '../config/load.ts';

/** What `authwire config` does. */
export type ConfigAction = 'show' | 'path' | 'check';

/** Options of `authwire config`. */
export interface ConfigOptions {
  /** The profile to show or to check. */
  readonly profile?: string;
  /** Writes JSON. */
  readonly json?: boolean;
}

/**
 * Writes what the configuration says to standard output, and what is wrong with it to standard error.
 *
 * @returns Whether it can be used.
 * @throws {@link ConfigurationError} where it cannot be read.
 */
export function config(action: ConfigAction, { profile, json = false }: ConfigOptions): boolean {
  if (action === 'path') return write(paths(), json, (files) => files.map(pathLine).join('\n'));
  const loaded = loadConfig({ ...(profile !== undefined && { profile }), onWarning: () => {} });
  return action === 'check' ? check(loaded, profile, json) : write(loaded.describe(), json, describedText);
}

/** Reads every secret that the profiles refer to. */
function check(loaded: Config, profile: string | undefined, json: boolean): boolean {
  const { warnings } = loaded;
  const profiles = profile === undefined ? loaded.profileNames : [profile];
  const problems = profiles.flatMap((name) => problemOf(() => loaded.profile(name)));
  write(
    { profiles, problems, warnings },
    json,
    () => `${profiles.length - problems.length} of ${profiles.length} profiles can be used`,
  );
  for (const warning of warnings) complain(`warning: ${warning}`);
  problems.forEach(complain);
  return problems.length === 0;
}

function problemOf(action: () => unknown): string[] {
  try {
    action();
    return [];
  } catch (error) {
    return [(error as Error).message];
  }
}

function paths(): FileState[] {
  return statedFiles(process.cwd(), process.env).map(stateOf);
}

function pathLine({ file, layer, exists }: FileState): string {
  return `${layer.padEnd(8)}${file}${exists ? '' : ' (not there)'}`;
}

function write<Value>(value: Value, json: boolean, textOf: (value: Value) => string): true {
  process.stdout.write(`${json ? JSON.stringify(value, null, 2) : textOf(value)}\n`);
  return true;
}

/** Says what is wrong. */
export function complain(message: string): void {
  process.stderr.write(`authwire config: ${message}\n`);
}
