/**
 * What a project's file may say. It comes with whatever repository somebody has cloned, so it can neither send a secret
 * of the user to another place or in another way, nor pick one up from the environment or a file, nor run anything.
 */

import { ConfigurationError } from '../errors.ts';
import { SIGN_IN_FIELDS } from '../fields/sign-in-fields.ts';
import { isSecret, reveal } from '../secret.ts';
import { type Entries, type Entry, type FieldName, isReference, type Layer, type SelectedProfile } from './layer.ts';
import { mayHoldSecret } from './secret-fields.ts';

/** Say nothing of where a secret goes, and how. */
const HARMLESS: readonly FieldName[] = [
  'debug',
  'timeToNextRequest',
  'tokenAuthRefresh',
  'tokenRefreshTTL',
  'tokenExpiresInSelector',
];
const FORBIDDEN: readonly FieldName[] = [
  'proxy',
  'proxyHost',
  'proxyPort',
  'proxyUser',
  'proxyPasswd',
  'sslverifypeer',
  'ca_path',
  'opts',
];
/** A person would sign in wherever the project likes. */
const SIGN_IN: readonly string[] = SIGN_IN_FIELDS;
/** They send what the profile holds, and do nothing else. */
const AUTHENTICATORS: readonly string[] = [
  '',
  'AuthNone',
  'AuthBasic',
  'AuthApiKey',
  'AuthQuery',
  'AuthBearer',
  'AuthJwt',
  'AuthToken',
  'AuthOAuth2',
  'AuthDigest',
  'AuthOpenStack',
];
const TRUST =
  'Move it to your own file, look this one through and run authwire config trust, or name it in ' +
  "option 'files' or AUTHWIRE_CONFIG, which trusts it.";

/**
 * Refuses what no project's file may set, whichever other layers set the profile.
 *
 * @throws {@link ConfigurationError} naming the place and the field.
 */
export function refuseForbidden({ profiles }: Layer): void {
  for (const entries of profiles.values()) {
    for (const [name, { value, place }] of entries) {
      if (FORBIDDEN.includes(name)) refuse(place, name, 'configures connections');
      if (SIGN_IN.includes(name)) refuse(place, name, 'says where a person signs in');
      if (isReference(value)) refuse(place, name, 'takes a secret from the environment, a file or a command');
      const isSelector = name === 'authType' || name === 'authOverride';
      if (isSelector && !AUTHENTICATORS.includes(String(value))) refuse(place, name, 'may run code or open a browser');
    }
  }
}

/**
 * Refuses a project's file that would say where or how somebody else's secret is sent.
 *
 * @param entries - The profile as all layers together make it.
 * @param isUsers - Whether a file of the user or the system names the profile, too: then it is theirs.
 * @throws {@link ConfigurationError} naming the place, the field, and where the secret comes from.
 */
export function refuseRedirection(profile: string, entries: Entries, isUsers: boolean): void {
  const foreign = [...entries].find(([name, { value, layer }]) => {
    return layer !== 'project' && (mayHoldSecret(name) || hasOwnSecrets(name, value)) && !isEmpty(value);
  });
  if (foreign === undefined && !isUsers) return;
  for (const [name, { layer, place }] of entries) {
    if (layer !== 'project' || HARMLESS.includes(name)) continue;
    const whose = foreign ? `whose secret comes from ${foreign[1].place}` : 'which is defined in your own files';
    refuse(place, name, `would change the profile '${profile}', ${whose}`);
  }
}

/** Does it name an authenticator whose secret is in no field, such as a login? */
function hasOwnSecrets(name: FieldName, value: Entry['value']): boolean {
  return (name === 'authType' || name === 'authOverride') && !AUTHENTICATORS.includes(String(value));
}

/**
 * Refuses a project's choice of the profile where a secret is meant for whichever profile is chosen.
 *
 * @throws {@link ConfigurationError} naming the place of the choice, and the secret.
 */
export function refuseChoice({ name, place, layer }: SelectedProfile, layers: readonly Layer[]): void {
  if (layer !== 'project') return;
  const stated = layers.flatMap(({ profiles }) => [...(profiles.get(name) ?? [])]);
  const open = stated.find(([field, { value, isOpen }]) => isOpen && mayHoldSecret(field) && !isEmpty(value));
  if (open === undefined) return;
  throw new ConfigurationError(
    `${place}: a project's file may not choose the profile that the secret in ${open[1].place} goes to. ` +
      "Select the profile in AUTHWIRE_PROFILE or in option 'profile'.",
    { option: 'profile' },
  );
}

/** Where a project's file says something of a profile that is not harmless; `undefined` where none does. */
export function placeInProject(entries: Entries): string | undefined {
  return [...entries].find(([name, { layer }]) => layer === 'project' && !HARMLESS.includes(name))?.[1].place;
}

/** Is nothing there, or is it what takes away what a lower layer says? */
export function isEmpty(value: Entry['value']): boolean {
  return value === '' || (isSecret(value) && reveal(value) === '');
}

function refuse(place: string, field: FieldName, why: string): never {
  throw new ConfigurationError(`${place}: a project's file may not set field '${field}': it ${why}. ${TRUST}`, {
    option: field,
  });
}
