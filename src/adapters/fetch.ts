/**
 * fetch → fetch. The authenticated function takes every call that fetch takes, and fails as fetch fails: whatever
 * cannot be read is handed to the real fetch, which says it in its own words.
 */

import type { Authenticator } from '../lifecycle/contract.ts';
import { Exchange } from '../lifecycle/exchange.ts';
import { run } from '../lifecycle/loop.ts';
import { type AdapterOptions, type Wiring, wire } from '../lifecycle/wiring.ts';
import { FetchCall, type FetchLike } from './web/call.ts';
import { type AuthRequestInit, readCall } from './web/parts.ts';

export type { BodyFactory } from './web/body.ts';
export type { AuthRequestInit, FetchLike };

export interface FetchAuthOptions extends AdapterOptions {
  /** The fetch to send with. Default: the global one, looked up at each call. */
  readonly fetch?: FetchLike;
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
 * const api = fetchAuth(new AuthBearer(() => readToken()));
 * const response = await api('https://api.example.com/reports');
 * @throws ConfigurationError when an option is wrong. The returned function rejects with an AuthError when no
 * credential can be had, and as the underlying fetch does in every other case.
 */
export function fetchAuth(authenticator: Authenticator, options: FetchAuthOptions = {}): AuthFetch {
  return authenticatedFetch(wire(authenticator, options), options.fetch ?? globalFetch);
}

/** What a client that stands on fetch knows of a call beyond the arguments of fetch. */
export interface CallContext {
  /** The origin of the client's base URL. */
  readonly home?: string | undefined;
  /** The Request was made from a stream: cloning it would hold all of it in memory. */
  readonly oneShot?: boolean;
}

/** The same for clients that stand on fetch. */
export function authenticatedFetch(wiring: Wiring, fetch: FetchLike, context: CallContext = NO_CONTEXT): AuthFetch {
  return (input, init) => {
    const parts = readCall(input, init, context.oneShot === true);
    if (parts === undefined) return fetch(input, init);
    const exchange = new Exchange(wiring, parts.signal, context.home);
    const call = new FetchCall(parts, wiring, exchange, fetch);
    const response = run(exchange, call);
    if (!parts.bodyInRequest) return response;
    call.takeBody();
    return parts.replayable ? releaseAfter(response, call) : response;
  };
}

const NO_CONTEXT: CallContext = {};

/** What `finally` does, for half of what it costs. */
function releaseAfter(response: Promise<Response>, call: FetchCall): Promise<Response> {
  return response.then(
    (answer) => {
      call.release();
      return answer;
    },
    (error) => {
      call.release();
      throw error;
    },
  );
}

function globalFetch(input: RequestInfo | URL, init?: RequestInit): Promise<Response> {
  return globalThis.fetch(input, init);
}
