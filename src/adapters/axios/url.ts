/**
 * Where a call goes, worked out as axios does it. `axios.getUri` would say it too, but serialises the parameters, which
 * costs more than all the rest of an attempt.
 */

import { originOf } from '../../lifecycle/origins.ts';
import type { AxiosCallConfig, AxiosStatics } from './types.ts';

/** axios's `isAbsoluteURL`: a scheme with two slashes, or two slashes. */
const ABSOLUTE = /^([a-z][a-z\d+\-.]*:)?\/\//i;
const HTTP = /^https?:\/\//i;

/** Where a call goes. */
export interface Place {
  /** The absolute URL, without `params`. */
  readonly target: string;
  readonly origin: string;
  /** The origin of the base URL, to which the credential is bound where there is one. */
  readonly home: string | undefined;
}

/** `undefined` where axios itself cannot make a URL of it, such as a relative one without a base in Node. */
export function placeOf(config: AxiosCallConfig): Place | undefined {
  try {
    const { baseURL } = config;
    const url = String(config.url ?? '');
    if (!baseURL) return place(absolute(url, config));
    if (config.allowAbsoluteUrls !== false && ABSOLUTE.test(url)) {
      return place(absolute(url, config), originOf(absolute(baseURL, config)));
    }
    const target = absolute(combine(baseURL, url), config);
    return place(target, originOf(target));
  } catch {
    return undefined;
  }
}

/** `data:` and the like go nowhere. */
function place(target: string, home?: string): Place | undefined {
  if (!HTTP.test(target)) return undefined;
  return { target, origin: originOf(target), home };
}

/** axios below 1.8 doesn't know `allowAbsoluteUrls`: the URL that was judged must be written out to be the one sent. */
export function mustBeWrittenOut({ allowAbsoluteUrls, url }: AxiosCallConfig): boolean {
  return allowAbsoluteUrls === false && url !== undefined && ABSOLUTE.test(url);
}

/** What a URL is made of. */
interface UrlParts {
  readonly caller: AxiosCallConfig;
  readonly config: AxiosCallConfig;
  readonly place: Place;
  readonly axios: AxiosStatics | undefined;
}

/** The whole URL, with `params` as axios serialises them. */
export function fullUrl(parts: UrlParts, adapterName?: string): URL {
  return new URL(withParams(parts.place.target, parts, adapterName));
}

/** The request target of axios's http adapter, which normalises the URL, but not the `params` that it adds. */
export function httpTarget(parts: UrlParts): string {
  return withParams(pathOf(new URL(parts.place.target)), parts, 'http');
}

function withParams(url: string, { caller, config, axios }: UrlParts, adapterName: string | undefined): string {
  const { params, paramsSerializer } = config;
  if (params === undefined || params === null || axios === undefined) return url;
  try {
    // Not the user's instance nor axios itself: their defaults are in this config already.
    return new axios.Axios({}).getUri({ url, params, paramsSerializer });
  } catch (error) {
    if (adapterName !== 'http') throw error;
    // As axios's http adapter says it.
    throw axios.AxiosError.from(error, 'ERR_BAD_REQUEST', caller, null, null, { url: caller.url, exists: true });
  }
}

export function pathOf({ pathname, search }: URL): string {
  return pathname + search;
}

/** Does axios make an `Authorization` of its own for this call, over whatever the headers say? */
export function sendsBasicAuth(target: string, { auth }: AxiosCallConfig): boolean {
  return Boolean(auth) || withoutUserinfo(target) !== target;
}

export function withoutUserinfo(url: string): string {
  if (!url.includes('@')) return url;
  const parsed = new URL(url);
  if (parsed.username === '' && parsed.password === '') return url;
  parsed.username = '';
  parsed.password = '';
  return parsed.href;
}

function combine(baseURL: string, url: string): string {
  if (url === '') return baseURL;
  const base = baseURL.endsWith('/') ? baseURL.replace(/\/+$/, '') : baseURL;
  return `${base}/${url.replace(/^\/+/, '')}`;
}

function absolute(url: string, { socketPath }: AxiosCallConfig): string {
  if (HTTP.test(url)) return url;
  return new URL(url, socketPath ? 'http://localhost' : globalThis.location?.href).href;
}
