/**
 * fetch → fetch. The authenticated function takes every call that fetch takes, and fails as fetch fails: whatever
 * cannot be read is handed to the real fetch, which says it in its own words.
 */

import { ConfigurationError } from '../errors.ts';
import { readCallOptions } from '../lifecycle/call-options.ts';
import type { Authenticator } from '../lifecycle/contract.ts';
import { run } from '../lifecycle/loop.ts';
import { httpUrl } from '../lifecycle/origins.ts';
import { type AdapterOptions, adapterShape, type Wiring, wire } from '../lifecycle/wiring.ts';
import { func, readOptions, type Shape, urlLike } from '../options.ts';
import type { RequestInfo } from '../web-types.ts';
import { FetchCall } from './web/call.ts';
import {
  type AnyFetch,
  type AuthRequestInit,
  absolute,
  type CallContext,
  classOf,
  type FetchLike,
  isPlain,
  type WireInit,
} from './web/parts.ts';
import { globalFetch, isPlatform } from './web/platform.ts';
import { isRequest } from './web/shape.ts';

export type { BodyFactory } from './web/body.ts';
export type { AnyFetch, AuthRequestInit, CallContext, FetchLike };

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

/** What {@link fetchAuth} returns: a fetch whose `init` also takes a `bodyFactory`. */
export type AuthFetch = (input: RequestInfo | URL, init?: AuthRequestInit) => Promise<Response>;

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

/** The same for clients that stand on fetch. */
export function authenticatedFetch(wiring: Wiring, fetch: FetchLike, context: CallContext = {}): AuthFetch {
  return (input, init) => {
    try {
      const call = readCall(input, init, wiring, fetch, context);
      if (call === undefined) return fetch(input, init);
      return call.finish(run(call.exchange, call));
    } catch (error) {
      // It reads them by the same rules, and says in its own words what is wrong. Nobody knows what others would send.
      return isPlatform(fetch) ? fetch(input, init) : Promise.reject(error);
    }
  };
}

/**
 * Reads the arguments of fetch. `undefined`: the scheme is not http, and there is nothing to sign.
 *
 * @throws What is wrong with them: TypeErrors in the platform's own words, where it has some.
 */
function readCall(
  input: RequestInfo | URL,
  init: AuthRequestInit | undefined,
  wiring: Wiring,
  fetch: FetchLike,
  context: CallContext,
): FetchCall | undefined {
  const options = init && readCallOptions(init);
  const url = absolute(input, context.base);
  if (url === undefined) return undefined;
  const given = isRequest(input) ? input : undefined;
  if (isPlain(init)) return new FetchCall(url, given, { ...init } as WireInit, options, wiring, fetch, context);
  // `Request` reads what cannot be copied as fetch does.
  const request = new (classOf(input))(given ?? url, init);
  return new FetchCall(url, request, {}, options, wiring, fetch, context);
}
