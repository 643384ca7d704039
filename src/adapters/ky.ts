/**
 * ky, majors 1 and 2. Both send with the `fetch` option, so that is what we wrap: below ky's own retries, timeouts and
 * hooks. ky 2 also tells us, in its `init` hook, the base URL and the body of each call, and a fetch that the call
 * brings along is wrapped instead of replacing us.
 */

import type { Authenticator } from '../lifecycle/contract.ts';
import { type AdapterOptions, adapterShape, type Wiring, wire } from '../lifecycle/wiring.ts';
import { readOptions } from '../options.ts';
import { authenticatedFetch, type CallContext, type FetchLike } from './fetch.ts';
import { type BodyFactory, isReplayable } from './web/body.ts';
import { globalFetch } from './web/platform.ts';

export type KyAuthOptions = AdapterOptions;

/**
 * Options for one call that sends what can be read only once.
 *
 * @example
 * const options: KyAuthCallOptions = { bodyFactory: () => Readable.toWeb(createReadStream(path)) };
 * await api.post(url, options);
 */
export interface KyAuthCallOptions {
  readonly body?: never;
  /** Makes the body afresh for every wire attempt, so that a stream can be resent after a renewal. */
  readonly bodyFactory?: BodyFactory;
}

/** What we read and write of ky's options, in either major. */
interface KyOptionsView {
  fetch?: FetchLike | undefined;
  baseUrl?: URL | string | undefined;
  prefix?: URL | string | undefined;
  prefixUrl?: URL | string | undefined;
  body?: unknown;
}

/** Options of ky, made from those of the instance that is extended. */
export type KyAuth = (parent: object) => {
  fetch: FetchLike;
  hooks: { beforeRequest: never[]; init: ((options: object) => void)[] };
};

/**
 * Puts authentication into ky: an argument for `ky.extend`, which hands it the options of its parent.
 *
 * With ky 1, a `fetch` or `prefixUrl` that a single call brings along is not seen: give it to an instance, and extend
 * that one.
 *
 * @example
 * const api = ky.create({ baseUrl: 'https://api.example.com' }).extend(kyAuth(new AuthBasic({ username, password })));
 * @throws ConfigurationError when an option is wrong.
 */
export function kyAuth(authenticator: Authenticator, options?: KyAuthOptions): KyAuth {
  const wiring = wire('kyAuth', authenticator, readOptions('kyAuth', options, adapterShape));
  const init = [(call: KyOptionsView) => install(wiring, call)];
  return (parent: KyOptionsView) => ({
    fetch: wrap(wiring, parent.fetch ?? globalFetch, { home: homeOf(parent) }),
    hooks: { beforeRequest: [], init },
  });
}

function homeOf({ baseUrl, prefix, prefixUrl }: KyOptionsView): string | undefined {
  const base = baseUrl || prefix || prefixUrl;
  if (!base) return undefined;
  const page = globalThis.location?.href;
  // ky says what is wrong with it.
  return URL.canParse(base, page) ? new URL(base, page).origin : undefined;
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
function install(wiring: Wiring, call: KyOptionsView): void {
  const context = { home: homeOf(call), oneShot: !isReplayable(call.body) };
  const { fetch = globalFetch } = call;
  call.fetch = has(fetch, wiring) ? replace(fetch, wiring, context) : wrap(wiring, fetch, context);
}

function has(fetch: FetchLike, wiring: Wiring): boolean {
  const layer = layers.get(fetch);
  return layer !== undefined && (layer.wiring === wiring || has(layer.inner, wiring));
}

function replace(fetch: FetchLike, wiring: Wiring, context: CallContext): FetchLike {
  const layer = layers.get(fetch);
  if (layer === undefined) return fetch;
  if (layer.wiring === wiring) return same(layer.context, context) ? fetch : wrap(wiring, layer.inner, context);
  return wrap(layer.wiring, replace(layer.inner, wiring, context), layer.context);
}

function same(a: CallContext, b: CallContext): boolean {
  return a.home === b.home && (a.oneShot ?? false) === (b.oneShot ?? false);
}
