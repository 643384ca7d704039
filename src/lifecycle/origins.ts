/**
 * Where a credential may travel. Origins are compared as the WHATWG URL standard serialises them, never as text that
 * a caller wrote.
 */

import { ConfigurationError } from '../errors.ts';
import type { AuthRequest } from './contract.ts';

/** `'*'`: everywhere. A list: these origins, given as origins or as any URL there. A function: whatever it answers. */
export type Origins = '*' | readonly string[] | ((url: URL) => boolean);

/** Does this request go where the credential may travel? */
export type OriginRule = (request: Pick<AuthRequest, 'origin' | 'url'>) => boolean;

/**
 * Compiles `origins` into a rule, `undefined` where none was given.
 *
 * @throws {@link ConfigurationError} naming `origins` when an entry is no http(s) URL.
 */
export function originRule(origins: Origins | undefined): OriginRule | undefined {
  if (origins === undefined) return undefined;
  if (origins === '*') return () => true;
  // Nothing but true is a yes: an async function would allow everything with its promise.
  if (typeof origins === 'function') return (request) => origins(new URL(request.url)) === true;
  if (!Array.isArray(origins)) throw badOrigin();
  const allowed = new Set(origins.map(toOrigin));
  return (request) => allowed.has(request.origin);
}

/** Can the rule let a credential go anywhere but to the origin that a call started with? */
export function reachesFurther(origins: Origins | undefined): boolean {
  return origins !== undefined && !(Array.isArray(origins) && origins.length <= 1);
}

function toOrigin(entry: string): string {
  const url = URL.canParse(entry) ? new URL(entry) : undefined;
  if (url?.protocol !== 'https:' && url?.protocol !== 'http:') throw badOrigin();
  // A pattern is a valid host, and would silently match nothing.
  if (url.hostname.includes('*')) throw badOrigin();
  return url.origin;
}

function badOrigin(): ConfigurationError {
  return new ConfigurationError(
    "option 'origins' takes '*', a function, or a list of http(s) origins such as ['https://api.example.com'].",
    { option: 'origins' },
  );
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
