/**
 * Where a credential may travel. Origins are compared as the WHATWG URL standard serialises them, never as text that
 * a caller wrote.
 */

import { ConfigurationError } from '../errors.ts';
import type { AuthRequest } from './messages.ts';
import { isYes } from './promises.ts';

/**
 * A list: these origins, given as origins or as any URL there; got's Unix sockets as `unix:/path`. A function: whatever it answers. `'*'`: everywhere.
 *
 * Plain http beyond this machine counts only where a list names it: a function and `'*'` mean https and loopback.
 */
export type Origins = '*' | readonly string[] | ((url: URL) => boolean);

/**
 * Does this request go where the credential may travel? After a request over https, plain http counts only where that
 * very origin was named.
 */
export type OriginRule = (request: Pick<AuthRequest, 'origin' | 'url'>, afterHttps?: boolean) => boolean;

/**
 * Compiles `origins` into a rule, `undefined` where none was given.
 *
 * @throws {@link ConfigurationError} naming `origins` when an entry is no http(s) URL.
 */
export function originRule(origins: Origins | undefined): OriginRule | undefined {
  if (origins === undefined) return undefined;
  if (origins === '*') return ({ origin }, afterHttps) => isConfidential(origin, afterHttps);
  if (typeof origins === 'function') {
    const isUnnamed: OriginRule = ({ origin, url }, afterHttps) =>
      isConfidential(origin, afterHttps) && isYes(origins(new URL(url)));
    return composed.get(origins) ?? isUnnamed;
  }
  if (!Array.isArray(origins)) throw badOrigin();
  const allowed = new Set(origins.map(toOrigin));
  return ({ origin }) => allowed.has(origin);
}

const composed = new WeakMap<object, OriginRule>();

/** Origins that are all those of several rules, each of which says what it says of plain http. */
export function originsOfRules(rules: readonly OriginRule[]): (url: URL) => boolean {
  const any: OriginRule = (request, afterHttps) => rules.some((rule) => rule(request, afterHttps));
  const origins = (url: URL) => any({ origin: url.origin, url });
  composed.set(origins, any);
  return origins;
}

const CONFIDENTIAL = /^https:|^unix:|^http:\/\/(?:(?:[^/]+\.)?localhost|127\.[\d.]+|\[::1\])(?::\d+)?$/;

/** Can nobody read on the way what is sent to this serialised origin: https, or anything on this machine? */
export function isConfidential(origin: string, afterHttps = false): boolean {
  return afterHttps ? origin.startsWith('https:') : CONFIDENTIAL.test(origin);
}

/** Can the rule let a credential go anywhere but to the origin that a call started with? */
export function reachesFurther(origins: Origins | undefined): boolean {
  return origins !== undefined && !(Array.isArray(origins) && origins.length <= 1);
}

function toOrigin(entry: string): string {
  if (typeof entry === 'string' && entry.startsWith('unix:/')) return entry;
  const url = httpUrl(entry);
  // A pattern is a valid host, and would silently match nothing.
  if (url === undefined || url.hostname.includes('*')) throw badOrigin();
  return url.origin;
}

function badOrigin(): ConfigurationError {
  return new ConfigurationError(
    "option 'origins' takes '*', a function, or a list of http(s) origins such as ['https://api.example.com'].",
    { option: 'origins' },
  );
}

/** A URL of http(s); `undefined`: it is none. */
export function httpUrl(text: string | URL, base?: string): URL | undefined {
  const url = URL.canParse(text, base) ? new URL(text, base) : undefined;
  return /^https?:$/.test(url?.protocol ?? '') ? url : undefined;
}

let lastOrigin = 'https://localhost';

/**
 * The origin of an absolute URL. Text that starts with the last origin and a slash has that origin for certain (nothing
 * behind the first slash can change the authority), which saves parsing the URL of nearly every request.
 */
export function originOf(url: string | URL): string {
  if (typeof url !== 'string') return url.origin;
  if (url.startsWith(lastOrigin) && url.charCodeAt(lastOrigin.length) === SLASH) return lastOrigin;
  const { origin } = new URL(url);
  if (origin !== 'null') lastOrigin = origin;
  return origin;
}

const SLASH = 47;
