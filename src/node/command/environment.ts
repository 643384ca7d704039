/**
 * What a command sees of the environment: a short list that nearly every program needs, and what the user names.
 */

import { askSecret } from '../../ask-secret.ts';
import { ConfigurationError, CredentialError } from '../../errors.ts';
import type { SecretOption } from '../../secret.ts';
import { isSecretName } from '../../secrets/named-secret.ts';

/** The environment of a command, beyond what every command gets. */
export interface EnvironmentOptions {
  /**
   * Variables to set for the command; they replace others of the same name. Values that are a {@link Secret} or come
   * from a function are masked in logs and errors; functions are called on each run. Default: none.
   */
  readonly env?: Readonly<Record<string, SecretOption>>;
  /**
   * Names of variables of this process that the command inherits as well. A `*` at the end matches any rest: `AWS_*`.
   * Default: none.
   */
  readonly passEnv?: readonly string[];
}

/** Where programs, homes and caches are, which language is spoken, and how the network is reached. */
const EVERYWHERE = ['PATH', 'LANG', 'LANGUAGE', 'LC_*', 'TZ', 'SSL_CERT_FILE', 'SSL_CERT_DIR'];
const PROXIES = ['HTTP_PROXY', 'HTTPS_PROXY', 'ALL_PROXY', 'NO_PROXY'];
const POSIX = ['HOME', 'USER', 'LOGNAME', 'TMPDIR', 'XDG_*', ...PROXIES.map((name) => name.toLowerCase())];
const WINDOWS = [
  ...['USERPROFILE', 'USERNAME', 'USERDOMAIN', 'HOMEDRIVE', 'HOMEPATH', 'APPDATA', 'LOCALAPPDATA', 'TEMP', 'TMP'],
  ...['SystemRoot', 'SystemDrive', 'windir', 'ComSpec', 'PATHEXT', 'ProgramData', 'ProgramFiles', 'ProgramFiles(x86)'],
  ...['ProgramW6432', 'COMPUTERNAME', 'OS', 'PROCESSOR_ARCHITECTURE', 'NUMBER_OF_PROCESSORS'],
];

/** Makes the environment of one run. */
export type ReadEnvironment = () => Promise<Record<string, string>>;

/**
 * @param register - Registers what is secret with the credential filter, by name.
 * @throws {@link ConfigurationError} for what can be no name or value. The reader itself throws {@link CredentialError}
 * when a function fails.
 */
export function environment(
  { env = {}, passEnv = [] }: EnvironmentOptions,
  register: (name: string, value: string) => void,
  platform: NodeJS.Platform = process.platform,
): ReadEnvironment {
  const own = Object.entries(env);
  checkNames(own, passEnv);
  const isAllowed = matcher([...EVERYWHERE, ...PROXIES, ...(platform === 'win32' ? WINDOWS : POSIX)], platform);
  const isPassed = matcher(passEnv, platform);
  return async () => {
    const result = new Map<string, readonly [name: string, value: string]>();
    const set = (name: string, value: string) =>
      result.set(platform === 'win32' ? name.toUpperCase() : name, [name, value]);
    for (const [name, value = ''] of Object.entries(process.env)) {
      if (!isAllowed(name) && !isPassed(name)) continue;
      if (isSecretName(name) && value.length >= SHORTEST_SECRET) register(name, value);
      set(name, value);
    }
    for (const [name, option] of own) set(name, await ownValue(name, option, register));
    return Object.fromEntries(result.values());
  };
}

/** Shorter values stand in ordinary text. */
const SHORTEST_SECRET = 6;

async function ownValue(name: string, option: SecretOption, register: (name: string, value: string) => void) {
  const value = await askSecret(option, `variable '${name}' of option 'env'`, assertValue);
  const isSecret = typeof option !== 'string' || (isSecretName(name) && value.length >= SHORTEST_SECRET);
  if (isSecret && value !== '') register(name, value);
  return value;
}

/** Node's own error would quote it. */
function assertValue(value: string, what: string): void {
  if (value.includes('\0')) throw new CredentialError(`${what} must not hold a NUL character.`);
}

/** Names of Windows have no case. */
function matcher(patterns: readonly string[], platform: NodeJS.Platform): (name: string) => boolean {
  const same = (name: string) => (platform === 'win32' ? name.toUpperCase() : name);
  const names = new Set(patterns.map(same));
  const prefixes = [...names].filter((name) => name.endsWith('*')).map((name) => name.slice(0, -1));
  return (name) => names.has(same(name)) || prefixes.some((prefix) => same(name).startsWith(prefix));
}

function checkNames(own: readonly (readonly [string, unknown])[], patterns: readonly string[]): void {
  if (own.some(([name]) => !/^[^=\0]+$/.test(name))) {
    throw new ConfigurationError("option 'env' takes an object of names and values.", { option: 'env' });
  }
  if (Array.isArray(patterns) && patterns.every((name) => typeof name === 'string' && /^[^=*\0]*\*?$/.test(name)))
    return;
  throw new ConfigurationError("option 'passEnv' takes a list of names, such as ['AWS_PROFILE', 'CLOUDSDK_*'].", {
    option: 'passEnv',
  });
}
