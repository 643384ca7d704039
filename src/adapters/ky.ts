/**
 * ky, majors 1 and 2. Both send with the `fetch` option, so that is what we wrap: below ky's own retries, timeouts and
 * hooks. ky 2 also tells us, in its `init` hook, the base URL and the body of each call, and a fetch that the call
 * brings along is wrapped instead of replacing us.
 */

import type { AuthCallOptions } from '../lifecycle/call-options.ts';
import type { Authenticator } from '../lifecycle/contract.ts';
import { httpUrl } from '../lifecycle/origins.ts';
import { type AdapterOptions, adapterShape, type Wiring, wire } from '../lifecycle/wiring.ts';
import { readOptions } from '../options.ts';
import type { BodyInit } from '../web-types.ts';
import { authenticatedFetch } from './web/authenticated-fetch.ts';
import { type BodyFactory, frozen } from './web/body.ts';
import type { CallContext, FetchLike } from './web/parts.ts';
import { globalFetch } from './web/platform.ts';
import { isFormData } from './web/shape.ts';

/** Options of {@link kyAuth}. */
export type KyAuthOptions = AdapterOptions;

/**
 * Options of a single call besides ky's own. ky's types do not know them: pass them in a constant.
 *
 * @example
 * const options: KyAuthCallOptions = { bodyFactory: () => Readable.toWeb(createReadStream(path)) };
 * await api.post(url, options);
 */
export interface KyAuthCallOptions extends AuthCallOptions {
  /** ky's own option. Default: none. */
  readonly body?: BodyInit;
  /**
   * Creates the body anew for each attempt, so that a stream can be resent after a renewal. Wins over `body`. Default:
   * none.
   */
  readonly bodyFactory?: BodyFactory;
}

/** What we read and write of ky's options, in either major. */
interface KyOptionsView {
  fetch?: FetchLike | undefined;
  baseUrl?: URL | string | undefined;
  prefix?: URL | string | undefined;
  prefixUrl?: URL | string | undefined;
  body?: unknown;
  hooks?: { readonly beforeRequest?: readonly unknown[]; readonly beforeRetry?: readonly unknown[] } | undefined;
}

/** Options of ky, made from those of the instance that is extended. */
export type KyAuth = (parent: object) => {
  /** Sends the requests, with the credential. */
  fetch: FetchLike;
  /** Reads the base URL and the body of each call (ky 2). */
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
  // ky says what is wrong with it.
  return base ? httpUrl(base, globalThis.location?.href)?.origin : undefined;
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
  const copy = frozen(call.body);
  const kept = mayKeep(call) && copy ? copy : undefined;
  if (kept !== undefined) call.body = kept;
  const context: CallContext = { home: homeOf(call), oneShot: copy === undefined, kept };
  const { fetch = globalFetch } = call;
  call.fetch = has(fetch, wiring) ? replace(fetch, wiring, context) : wrap(wiring, fetch, context);
}

/**
 * Is our body the one from which ky makes its Request? What is sent again then needs no clone, which would hold it
 * twice. Not where a hook may give another Request, nor for forms, whose boundary stands in a header.
 */
function mayKeep({ body, hooks }: KyOptionsView): boolean {
  return !isFormData(body) && !hooks?.beforeRequest?.length && !hooks?.beforeRetry?.length;
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
  return a.home === b.home && a.kept === b.kept && (a.oneShot ?? false) === (b.oneShot ?? false);
}
