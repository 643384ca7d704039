import { jwtClaims } from '../../jwt-claims.ts';
import type { Token } from '../../tokens/token.ts';

/** Names of a person in an ID token, the best known first. */
const NAMES = ['preferred_username', 'email', 'sub'];

/** Who signed in, as the ID token says. It was validated when the person signed in. */
export function userOf({ idToken }: Token): string | undefined {
  const claims = idToken === undefined ? undefined : jwtClaims(idToken);
  const name = NAMES.map((one) => claims?.[one]).find((value) => typeof value === 'string' && value !== '');
  // A terminal would obey control characters.
  return typeof name === 'string' ? name.replaceAll(/\p{C}/gu, '') : undefined;
}
