import type { Authenticator } from '../../lifecycle/contract.ts';
import { httpUrl } from '../../lifecycle/origins.ts';
import { type AdapterOptions, adapterShape, type Wiring, wire } from '../../lifecycle/wiring.ts';
import { readOptions } from '../../options.ts';
import { authenticatedFetch, type FetchContext } from '../web/authenticated-fetch.ts';
import { frozen } from '../web/body.ts';
import type { FetchLike } from '../web/parts.ts';
import { globalFetch } from '../web/platform.ts';
import { isFormData } from '../web/shape.ts';

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

/** `kyAuth`, with calls that can do what the platform needs. */
export function extendKy(
  authenticator: Authenticator,
  options: AdapterOptions | undefined,
  Call: FetchContext['Call'],
): KyAuth {
  const wiring = wire('kyAuth', authenticator, readOptions('kyAuth', options, adapterShape));
  const init = [(call: KyOptionsView) => install(wiring, call, Call)];
  return (parent: KyOptionsView) => ({
    fetch: wrap(wiring, parent.fetch ?? globalFetch, { Call, home: homeOf(parent) }),
    hooks: { beforeRequest: [], init },
  });
}

function homeOf({ baseUrl, prefix, prefixUrl }: KyOptionsView): string | undefined {
  const base = baseUrl || prefix || prefixUrl;
  // ky says what is wrong with it.
  return base ? httpUrl(base, globalThis.location?.href)?.origin : undefined;
}

/** A wrapped fetch and what it was made of, so that a later hook can make it again. */
interface Layer {
  readonly wiring: Wiring;
  readonly inner: FetchLike;
  readonly context: FetchContext;
}

const layers = new WeakMap<FetchLike, Layer>();

function wrap(wiring: Wiring, inner: FetchLike, context: FetchContext): FetchLike {
  const fetch: FetchLike = authenticatedFetch(wiring, inner, context);
  layers.set(fetch, { wiring, inner, context });
  return fetch;
}

/** Puts our layer, knowing this call, in the place where it was, or around everything. */
function install(wiring: Wiring, call: KyOptionsView, Call: FetchContext['Call']): void {
  const copy = frozen(call.body);
  const kept = mayKeep(call) && copy ? copy : undefined;
  if (kept !== undefined) call.body = kept;
  const context: FetchContext = { Call, home: homeOf(call), oneShot: copy === undefined, kept };
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

function replace(fetch: FetchLike, wiring: Wiring, context: FetchContext): FetchLike {
  const layer = layers.get(fetch);
  if (layer === undefined) return fetch;
  if (layer.wiring === wiring) return same(layer.context, context) ? fetch : wrap(wiring, layer.inner, context);
  return wrap(layer.wiring, replace(layer.inner, wiring, context), layer.context);
}

function same(a: FetchContext, b: FetchContext): boolean {
  return a.home === b.home && a.kept === b.kept && (a.oneShot ?? false) === (b.oneShot ?? false);
}
