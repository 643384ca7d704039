/**
 * fetch → fetch. The authenticated function takes every call that fetch takes, and fails as fetch fails: whatever
 * cannot be read is handed to the real fetch, which says it in its own words.
 */

import type { Authenticator } from '../lifecycle/contract.ts';
import type { AuthFetch } from './web/authenticated-fetch.ts';
import { type FetchAuthOptions, wrapFetch } from './web/fetch-auth.ts';
import { FollowingCall } from './web/following-call.ts';

export type { AuthFetch } from './web/authenticated-fetch.ts';
export type { BodyFactory } from './web/body.ts';
export type { FetchAuthOptions } from './web/fetch-auth.ts';
export type { AnyFetch, AnyResponse, AuthRequestInit, FetchLike } from './web/parts.ts';

/**
 * Puts authentication into fetch.
 *
 * A refused request is resent once, with its body: one in `init` by reference; one in a `Request` through a clone, which
 * holds what was sent in memory until the response is there. Streams in `init.body` are never resent: give a
 * `bodyFactory`.
 *
 * @example
 * const api = fetchAuth(new AuthBearer(() => readToken()), { baseUrl: 'https://api.example.com' });
 * const response = await api('/reports');
 * @throws ConfigurationError when an option is wrong. The returned function rejects with an AuthError when there
 * is no credential, and as the underlying fetch does in every other case.
 */
export function fetchAuth(authenticator: Authenticator, options?: FetchAuthOptions): AuthFetch {
  return wrapFetch(authenticator, options, FollowingCall);
}
