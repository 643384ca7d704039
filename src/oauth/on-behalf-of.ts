/**
 * One token for each subject, where the subject is another one with each request (RFC 8693 as "on behalf of").
 */

import { jwtExpiry } from '../jwt-claims.ts';
import { chain } from '../lifecycle/promises.ts';
import { RecentMap } from '../recent-map.ts';
import type { Token, TokenSource } from '../tokens/token.ts';
import { TokenCache } from '../tokens/token-cache.ts';

/** The most subjects whose tokens are kept: a subject that returns later costs one more token request. */
const MAX_SUBJECTS = 1000;

/** Whom a token is for, as the token request says it. */
export interface Subject {
  readonly subjectToken: string;
  readonly actorToken: string | undefined;
}

/**
 * Asks for every request whose token is wanted, and keeps one for each answer.
 *
 * @param ask - In the context of the request.
 * @param sourceFor - Makes the tokens of one subject.
 */
export function onBehalfOf(
  ask: () => Subject | Promise<Subject>,
  sourceFor: (subject: Subject) => Pick<TokenSource, 'requestToken'>,
  now: (() => number) | undefined,
): NonNullable<TokenSource['perRequest']> {
  const alone = new RecentMap<string, TokenCache>(MAX_SUBJECTS);
  const delegated = new RecentMap<string, TokenCache>(MAX_SUBJECTS);
  const cacheOf = (subject: Subject): TokenCache => {
    const { subjectToken, actorToken } = subject;
    const caches = actorToken === undefined ? alone : delegated;
    // Writing a JWT as JSON takes longer than all else that a request needs.
    const key = actorToken === undefined ? subjectToken : JSON.stringify([subjectToken, actorToken]);
    const cache =
      caches.get(key) ?? new TokenCache(endingWith(subject, sourceFor(subject)), now === undefined ? {} : { now });
    caches.set(key, cache);
    return cache;
  };
  return (refused) =>
    chain(ask(), (subject) => {
      const cache = cacheOf(subject);
      return refused === undefined ? cache.get() : cache.renew(refused);
    });
}

/** What was made of a token that says when it expires is not kept longer: the server decides about the next one. */
function endingWith(
  { subjectToken }: Subject,
  { requestToken }: Pick<TokenSource, 'requestToken'>,
): Pick<TokenSource, 'requestToken'> {
  const end = jwtExpiry(subjectToken);
  if (end === undefined) return { requestToken };
  return {
    async requestToken(request): Promise<Token> {
      const token = await requestToken(request);
      return { ...token, expiresAt: Math.min(token.expiresAt ?? end, end) };
    },
  };
}
