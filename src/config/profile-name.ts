/** The profile that is used where nobody names one. */
export const DEFAULT_PROFILE = 'default';

/** What a name of a profile is made of, for errors. */
export const PROFILE_NAMES = 'a profile has a name of letters, digits, - and _, at most 64.';

/** Can a profile be called this? */
export function isProfileName(name: string): boolean {
  return /^[A-Za-z0-9](?:[\w-]{0,62}[A-Za-z0-9])?$/.test(name);
}

/** As variables name a profile: the case doesn't matter, and `-` is `_`. */
export function variableForm(profile: string): string {
  return profile.toUpperCase().replaceAll('-', '_');
}
