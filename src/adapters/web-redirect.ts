/**
 * Redirects followed by hand, after the Fetch standard's HTTP-redirect fetch (§4.4). Needed because clients that
 * follow by themselves take along every header but `Authorization` and `Cookie`, and drop a query key.
 */

/** What the next hop of a redirect asks for. */
export interface Hop {
  readonly url: URL;
  /** The method becomes GET and the body is dropped: 303, and POST after 301 and 302. */
  readonly toGet: boolean;
  /** The hop leaves the origin: the caller's own credentials stay behind, too. */
  readonly crossOrigin: boolean;
}

const MAX_REDIRECTS = 20;

/** Headers that go with the body when it is dropped. */
export const BODY_HEADERS = ['content-encoding', 'content-language', 'content-location', 'content-type', 'content-length'];

/** Headers that no request may take to another origin. */
export const ORIGIN_HEADERS = ['authorization', 'proxy-authorization', 'cookie', 'host'];

const REDIRECTS = new Set([301, 302, 303, 307, 308]);

/**
 * Where a response leads, `undefined` if it leads nowhere.
 *
 * @throws TypeError `fetch failed`, as fetch itself would, for a redirect that must not be followed.
 */
export function nextHop(response: Response, from: URL, method: string, replayable: boolean, hops: number): Hop | undefined {
  const location = REDIRECTS.has(response.status) ? response.headers.get('location') : null;
  if (location === null) return undefined;
  const url = target(location, from);
  if (hops >= MAX_REDIRECTS) throw failed('redirect count exceeded');
  const crossOrigin = url.origin !== from.origin;
  if (crossOrigin && (url.username !== '' || url.password !== '')) {
    throw failed('cross origin not allowed for request mode "cors"');
  }
  const toGet = changesToGet(response.status, method);
  if (!toGet && !replayable) throw failed('the body can be sent only once');
  return { url, toGet, crossOrigin };
}

function target(location: string, from: URL): URL {
  let url: URL;
  try {
    url = new URL(location, from);
  } catch (cause) {
    throw new TypeError('fetch failed', { cause });
  }
  if (url.protocol !== 'https:' && url.protocol !== 'http:') throw failed('URL scheme must be a HTTP(S) scheme');
  if (url.hash === '') url.hash = from.hash;
  return url;
}

function changesToGet(status: number, method: string): boolean {
  if (status === 303) return method !== 'GET' && method !== 'HEAD';
  return (status === 301 || status === 302) && method === 'POST';
}

function failed(reason: string): TypeError {
  return new TypeError('fetch failed', { cause: new Error(reason) });
}
