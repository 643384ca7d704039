import type { Challenge } from './parse.ts';

/**
 * Schemes from the strongest to the weakest: first those that prove a key without showing it, then those that show a
 * secret of short life, then the password itself. Schemes that are not listed stand before Basic.
 */
const BY_STRENGTH = ['dpop', 'negotiate', 'hoba', 'mutual', 'scram-sha-256', 'digest', 'ntlm', 'bearer'];
const WEAKEST = 'basic';

/**
 * The challenges to answer: those of the strongest scheme that is configured, in the server's order (RFC 9110 §11.6.1).
 * Empty where the server offers nothing that is configured: a weaker one is never made up.
 *
 * @param configured - Scheme names in any case. Of two that are equally strong the first one wins.
 * @example
 * const [challenge] = strongestChallenges(parseChallenges(field), ['digest', 'basic']);
 */
export function strongestChallenges(challenges: readonly Challenge[], configured: Iterable<string>): Challenge[] {
  const offered = new Set(challenges.map(({ scheme }) => scheme));
  const usable = Array.from(configured, (scheme) => scheme.toLowerCase()).filter((scheme) => offered.has(scheme));
  const [strongest] = usable.sort((a, b) => rank(a) - rank(b));
  return challenges.filter(({ scheme }) => scheme === strongest);
}

function rank(scheme: string): number {
  if (scheme === WEAKEST) return BY_STRENGTH.length + 1;
  const place = BY_STRENGTH.indexOf(scheme);
  return place === -1 ? BY_STRENGTH.length : place;
}

/** Is one scheme weaker than the other? Names in lower case. */
export function isWeaker(scheme: string, than: string): boolean {
  return rank(scheme) > rank(than);
}
