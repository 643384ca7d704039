/**
 * ky, majors 1 and 2. Both send with the `fetch` option, so that is what we wrap: below ky's own retries, timeouts and
 * hooks. ky 2 also tells us, in its `init` hook, the base URL and the body of each call, and a fetch that the call
 * brings along is wrapped instead of replacing us.
 */

import type { Authenticator } from '../lifecycle/contract.ts';
import { originOf } from '../lifecycle/origins.ts';
import { type Wiring, wire } from '../lifecycle/wiring.ts';
import { authenticatedFetch, type CallContext, type FetchAuthOptions, type FetchLike } from './fetch.ts';
import { type BodyFactory, isReplayable } from './web-body.ts';

export type KyAuthOptions = FetchAuthOptions;

/** For `satisfies` on the options of one call: `{ bodyFactory: () => createReadStream(path) }`. */
export interface KyAuthCallOptions {
  /** Makes the body afresh for every wire attempt, so that a stream can be resent after a renewal. */
  readonly bodyFactory?: BodyFactory;
}

/** What we read and write of ky 2's mutable options. */
interface KyInit {
  fetch?: FetchLike | undefined;
  baseUrl?: URL | string | undefined;
  prefix?: URL | string | undefined;
  body?: unknown;
}

/** Options for `ky.extend` and `ky.create`. */
export interface KyAuth {
  fetch: FetchLike;
  hooks: { beforeRequest: never[]; init: ((options: KyInit) => void)[] };
}

/**
 * Puts authentication into ky.
 *
 * With ky 1, a `fetch` given to a single call replaces the wrapped one, and a `prefixUrl` does not bind the credential:
 * name the `origins` there. Two authenticators on one ky 1: `kyAuth(second, { fetch: kyAuth(first).fetch })`.
 *
 * @example
 * const api = ky.extend(kyAuth(new AuthBasic({ username, password })));
 * @throws ConfigurationError when an option is wrong.
 */
export function kyAuth(authenticator: Authenticator, options: KyAuthOptions = {}): KyAuth {
  const wiring = wire(authenticator, options);
  const fetch = wrap(wiring, options.fetch ?? globalFetch, {});
  return { fetch, hooks: { beforeRequest: [], init: [(call) => install(wiring, call)] } };
}

/** A wrapped fetch and what it was made of, so that a later hook can make it anew. */
interface Layer {
  readonly wiring: Wiring;
  readonly inner: FetchLike;
  readonly context: CallContext;
}

const layers = new WeakMap<FetchLike, Layer>();

function wrap(wiring: Wiring, inner: FetchLike, context: CallContext): FetchLike {
  const fetch: FetchLike = authenticatedFetch(wiring, inner, context);
  layers.set(fetch, { wiring, inner, context });
  return fetch;
}

/** Puts our layer, knowing this call, in the place where it was, or around everything. */
function install(wiring: Wiring, call: KyInit): void {
  const base = call.baseUrl ?? call.prefix;
  const oneShot = !isReplayable(call.body);
  if (!base && !oneShot && has(call.fetch, wiring)) return;
  const context = { home: base ? originOf(new URL(base, globalThis.location?.href)) : undefined, oneShot };
  call.fetch = has(call.fetch, wiring)
    ? replace(call.fetch as FetchLike, wiring, context)
    : wrap(wiring, call.fetch ?? globalFetch, context);
}

function has(fetch: FetchLike | undefined, wiring: Wiring): boolean {
  const layer = fetch && layers.get(fetch);
  return layer !== undefined && (layer.wiring === wiring || has(layer.inner, wiring));
}

function replace(fetch: FetchLike, wiring: Wiring, context: CallContext): FetchLike {
  const layer = layers.get(fetch);
  if (layer === undefined) return fetch;
  if (layer.wiring === wiring) return wrap(wiring, layer.inner, context);
  return wrap(layer.wiring, replace(layer.inner, wiring, context), layer.context);
}

function globalFetch(input: RequestInfo | URL, init?: RequestInit): Promise<Response> {
  return globalThis.fetch(input, init);
}
