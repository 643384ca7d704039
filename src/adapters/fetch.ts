/**
 * fetch → fetch. The authenticated function takes every call that fetch takes, and fails as fetch fails: whatever
 * cannot be read is handed to the real fetch, which says it in its own words.
 */

import { ConfigurationError } from '../errors.ts';
import type { Authenticator } from '../lifecycle/contract.ts';
import { httpUrl } from '../lifecycle/origins.ts';
import { type AdapterOptions, adapterShape, wire } from '../lifecycle/wiring.ts';
import { func, readOptions, type Shape, urlLike } from '../options.ts';
import { type AuthFetch, authenticatedFetch } from './web/authenticated-fetch.ts';
import type { AnyFetch, AnyResponse, AuthRequestInit, FetchLike } from './web/parts.ts';
import { globalFetch } from './web/platform.ts';

export type { BodyFactory } from './web/body.ts';
export type { AnyFetch, AnyResponse, AuthFetch, AuthRequestInit, FetchLike };

/** Options of {@link fetchAuth}. */
export interface FetchAuthOptions extends AdapterOptions {
  /**
   * The base URL of the API, absolute. It binds the credential to its origin, and relative URLs are resolved against it
   * as the URL standard does: `reports` with `https://api.example.com/v1/` becomes
   * `https://api.example.com/v1/reports`. Default: none.
   */
  readonly baseUrl?: string | URL;
  /** The fetch to send with: undici's, node-fetch's, a mock. Default: the global one, looked up at each call. */
  readonly fetch?: AnyFetch;
}

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
 * @throws ConfigurationError when an option is wrong. The returned function rejects with an AuthError when no
 * credential can be had, and as the underlying fetch does in every other case.
 */
export function fetchAuth(authenticator: Authenticator, options?: FetchAuthOptions): AuthFetch {
  // Not taken apart with `...`, which would give the rest a prototype.
  const read = readOptions('fetchAuth', options, SHAPE);
  const { fetch: given = globalFetch, baseUrl } = read;
  const fetch = given as FetchLike;
  const wiring = wire('fetchAuth', authenticator, read, (origin) => `fetchAuth(auth, { baseUrl: '${origin}' })`);
  if (baseUrl === undefined) return authenticatedFetch(wiring, fetch);
  const base = httpUrl(baseUrl, globalThis.location?.href);
  if (base === undefined) {
    throw new ConfigurationError("fetchAuth: option 'baseUrl' must be an absolute http(s) URL.", { option: 'baseUrl' });
  }
  return authenticatedFetch(wiring, fetch, { base: base.href, home: base.origin });
}

const SHAPE: Shape<FetchAuthOptions> = { ...adapterShape, fetch: func, baseUrl: urlLike };
