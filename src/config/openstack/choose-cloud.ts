/**
 * Chooses one cloud and merges its settings, as openstacksdk does.
 */

import { ConfigurationError } from '../../errors.ts';
import type { Environment } from '../places.ts';
import type { CloudFiles } from './files.ts';
import { type Branch, branch, isBranch, isSetting, merge, mergeAuth, type Setting, type Tree } from './settings.ts';

/** The settings of one cloud by name, including those of `auth`. */
export interface Cloud {
  /** The cloud as errors name it. */
  readonly name: string;
  readonly settings: ReadonlyMap<string, Setting>;
  readonly lists: ReadonlyMap<string, readonly Setting[]>;
}

export interface CloudChoice {
  readonly cloud: string | undefined;
  readonly region: string | undefined;
  readonly env: Environment;
}

/** What the environment is called where clouds have names. */
const ENVIRONMENT = 'envvars';

/** @throws {@link ConfigurationError} naming `cloud` or `region`. */
export function chooseCloud(files: CloudFiles, choice: CloudChoice): Cloud {
  const { env } = choice;
  const clouds = merge(branch(files.clouds, 'clouds'), branch(files.secure, 'clouds'));
  const ofEnvironment = env.OS_CLOUD_NAME || ENVIRONMENT;
  const name = choice.cloud ?? (env.OS_CLOUD || undefined) ?? defaultCloud(clouds, env, ofEnvironment, files.places);
  if (name === ofEnvironment && !clouds.has(name)) return cloudOfEnvironment(choice);
  const own = clouds.get(name);
  if (!isBranch(own)) throw refusal(`there is no cloud '${name}'. ${listOf(clouds, files.places)}`, 'cloud');
  return flat(`cloud '${name}' of ${files.file}`, inRegion(name, withProfile(own, files), choice));
}

/** Without a name: what the environment says, if it says where to log in, else the only cloud there is. */
function defaultCloud(clouds: Branch, env: Environment, ofEnvironment: string, places: readonly string[]): string {
  if (env.OS_AUTH_URL) return ofEnvironment;
  const [only, ...others] = clouds.keys();
  if (only !== undefined && others.length === 0) return only;
  throw refusal(`no cloud is selected: set option 'cloud' or variable 'OS_CLOUD'. ${listOf(clouds, places)}`, 'cloud');
}

function listOf(clouds: Branch, places: readonly string[]): string {
  if (clouds.size > 0) return `There are: ${[...clouds.keys()].join(', ')}.`;
  return `No file names one: looked for ${places.join(', ')}; and variable 'OS_AUTH_URL' is not set.`;
}

function cloudOfEnvironment({ env, region }: CloudChoice): Cloud {
  const entries = Object.entries(env).flatMap(([name, value]): [string, Setting][] => {
    if (!name.startsWith('OS_') || !value) return [];
    return [[name.slice(3).toLowerCase(), { value, where: `variable '${name}'` }]];
  });
  const settings = new Map(entries);
  if (region !== undefined) settings.set('region_name', { value: region, where: "option 'region'" });
  const methods = settings.get('auth_methods');
  const list = methods?.value.split(',').map((value) => ({ value: value.trim(), where: methods.where }));
  return { name: 'the environment', settings, lists: new Map(list === undefined ? [] : [['auth_methods', list]]) };
}

/** A profile of `clouds-public.yaml` lies below what the cloud says itself. */
function withProfile(own: Branch, files: CloudFiles): Branch {
  const named = own.get('profile') ?? own.get('cloud');
  if (!isSetting(named)) return own;
  const profile = branch(files.publicClouds, 'public-clouds').get(named.value);
  if (isBranch(profile)) return mergeAuth(profile, own);
  if (branch(own, 'auth').has('auth_url')) return own;
  throw refusal(
    `${named.where} names a profile that no clouds-public.yaml has. authwire has no profiles of its ` +
      "own: set 'auth.auth_url' instead.",
    'profile',
  );
}

/** The chosen region, else the first; what it says itself lies on top. */
function inRegion(name: string, cloud: Branch, { region, env }: CloudChoice): Branch {
  const wanted = region ?? (env.OS_REGION_NAME || undefined);
  const regions = regionsOf(cloud);
  const chosen = wanted === undefined ? regions[0] : regions.find((one) => one.name.value === wanted);
  if (chosen !== undefined) return new Map([...mergeAuth(cloud, chosen.values), ['region_name', chosen.name]]);
  if (wanted === undefined) return cloud;
  if (regions.length > 0) {
    const names = regions.map((one) => one.name.value).join(', ');
    throw refusal(`cloud '${name}' has no region '${wanted}'. It has: ${names}.`, 'region');
  }
  return new Map([...cloud, ['region_name', { value: wanted, where: "option 'region'" }]]);
}

function regionsOf(cloud: Branch): readonly { readonly name: Setting; readonly values: Branch }[] {
  const regions = cloud.get('regions');
  if (!Array.isArray(regions)) return [];
  return (regions as readonly Tree[]).flatMap((region) => {
    const name = isBranch(region) ? region.get('name') : region;
    return isSetting(name) ? [{ name, values: branch(region, 'values') }] : [];
  });
}

/** `auth` wins over settings outside it; dashes are another way to write underscores. */
function flat(name: string, cloud: Branch): Cloud {
  const entries = [...cloud, ...branch(cloud, 'auth')].map(
    ([key, value]) => [key.replaceAll('-', '_'), value] as const,
  );
  const settings = new Map(entries.filter((entry): entry is [string, Setting] => isSetting(entry[1])));
  const lists = new Map<string, readonly Setting[]>();
  for (const [key, value] of entries) if (Array.isArray(value)) lists.set(key, value.filter(isSetting));
  return { name, settings, lists };
}

function refusal(message: string, option: string): ConfigurationError {
  return new ConfigurationError(message, { option });
}
