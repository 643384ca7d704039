/**
 * fetch → fetch. The authenticated function takes every call that fetch takes, and fails as fetch fails: whatever
 * cannot be read is handed to the real fetch, which says it in its own words.
 */

import { ConfigurationError } from '../errors.ts';
import type { Authenticator } from '../lifecycle/contract.ts';
import { Exchange } from '../lifecycle/exchange.ts';
import { run } from '../lifecycle/loop.ts';
import { type AdapterOptions, adapterShape, type Wiring, wire } from '../lifecycle/wiring.ts';
import { func, readOptions, type Shape, urlLike } from '../options.ts';
import type { BodyInit, RequestInfo } from '../web-types.ts';
import { type AnyFetch, FetchCall, type FetchLike } from './web/call.ts';
import { type AuthRequestInit, type CallParts, type ReadingContext, readCall } from './web/parts.ts';
import { globalFetch, isPlatform } from './web/platform.ts';

export type { BodyFactory } from './web/body.ts';
export type { AnyFetch, AuthRequestInit, FetchLike };

export interface FetchAuthOptions extends AdapterOptions {
  /**
   * The base URL of the API, absolute: binds the credential to its origin, and is what relative URLs are resolved against,
   * as the URL standard does it: `reports` below `https://api.example.com/v1/` is `https://api.example.com/v1/reports`.
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
  const base = baseOf(baseUrl);
  return authenticatedFetch(wiring, fetch, { base: base.href, home: base.origin });
}

const SHAPE: Shape<FetchAuthOptions> = { ...adapterShape, fetch: func, baseUrl: urlLike };

function baseOf(baseUrl: string | URL): URL {
  const page = globalThis.location?.href;
  const url = URL.canParse(baseUrl, page) ? new URL(baseUrl, page) : undefined;
  if (url?.protocol === 'https:' || url?.protocol === 'http:') return url;
  throw new ConfigurationError("fetchAuth: option 'baseUrl' must be an absolute http(s) URL.", { option: 'baseUrl' });
}

/** What a client that stands on fetch knows of a call beyond the arguments of fetch. */
export interface CallContext extends ReadingContext {
  /** The origin of the client's base URL. */
  readonly home?: string | undefined;
  /** The body that the Request was made with, where nobody can have changed it. */
  readonly kept?: BodyInit | undefined;
}

/** The same for clients that stand on fetch. */
export function authenticatedFetch(wiring: Wiring, fetch: FetchLike, context: CallContext = NO_CONTEXT): AuthFetch {
  return (input, init) => {
    try {
      const parts = readCall(input, init, context);
      if (parts === undefined) return fetch(input, init);
      if (parts.signal?.aborted !== false && parts.signal !== undefined)
        return aborted(parts.signal, fetch, input, init);
      return send(parts, wiring, fetch, context);
    } catch (error) {
      // It reads them by the same rules, and says in its own words what is wrong. Nobody knows what others would send.
      return isPlatform(fetch) ? fetch(input, init) : Promise.reject(error);
    }
  };
}

const NO_CONTEXT: CallContext = {};

function send(parts: CallParts, wiring: Wiring, fetch: FetchLike, context: CallContext): Promise<Response> {
  const exchange = new Exchange(wiring, parts.signal, context.home, parts.options);
  const call = new FetchCall(parts, wiring, exchange, fetch, context.kept);
  const response = run(exchange, call);
  if (!call.hasEnd) return response;
  call.takeBody();
  // What `finally` does, for half of what it costs.
  return response.then(
    (answer) => call.finish(answer),
    (error) => {
      call.fail(error);
      throw error;
    },
  );
}

function aborted(
  signal: AbortSignal,
  fetch: FetchLike,
  input: RequestInfo | URL,
  init: AuthRequestInit | undefined,
): Promise<Response> {
  if (isPlatform(fetch)) return fetch(input, init);
  return Promise.reject(signal.aborted ? signal.reason : new TypeError("option 'signal' must be an AbortSignal."));
}
