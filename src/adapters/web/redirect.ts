/**
 * Redirects followed by hand, after the Fetch standard's HTTP-redirect fetch (§4.4). Needed because clients that
 * follow by themselves take along every header but `Authorization` and `Cookie`, and drop a query key.
 */

import { ConfigurationError } from '../../errors.ts';
import { discard } from './body.ts';

const REDIRECTS = new Set([301, 302, 303, 307, 308]);
const MAX_REDIRECTS = 20;

/** Headers that go when the body goes. */
const BODY_HEADERS = ['content-encoding', 'content-language', 'content-location', 'content-type', 'content-length'];

/** Headers that no request takes to another origin, whoever set them. */
const ORIGIN_HEADERS = ['authorization', 'proxy-authorization', 'cookie', 'host'];

/** Where a chain of redirects stands: what the next hop sends, and without which of the caller's headers. */
export class RedirectChain {
  url: URL;
  method: string;
  /** Can the body be sent again? A chain that has to and cannot fails, as fetch does. */
  readonly replayable: boolean;
  hops = 0;
  bodyDropped = false;
  readonly droppedHeaders: string[] = [];

  constructor(url: string, method: string, replayable: boolean) {
    this.url = new URL(url);
    this.method = method;
    this.replayable = replayable;
  }

  /** Sends hop after hop until a response leads nowhere; frees the bodies of those on the way. */
  async follow(first: Response, send: (chain: RedirectChain) => Promise<Response>): Promise<Response> {
    let response = first;
    while (this.#advance(response)) {
      await discard(response);
      response = await send(this);
    }
    return response;
  }

  /** @throws TypeError `fetch failed`, as fetch itself would, for a redirect that must not be followed. */
  #advance(response: Response): boolean {
    if (response.type === 'opaqueredirect') throw unfollowable();
    const location = REDIRECTS.has(response.status) ? response.headers.get('location') : null;
    if (location === null) return false;
    const target = resolve(location, this.url);
    if (this.hops >= MAX_REDIRECTS) throw failed('redirect count exceeded');
    const leaves = target.origin !== this.url.origin;
    if (leaves && (target.username !== '' || target.password !== '')) {
      throw failed('cross origin not allowed for request mode "cors"');
    }
    if (response.status !== 303 && !this.bodyDropped && !this.replayable) throw failed('');
    if (becomesGet(response.status, this.method)) this.#dropBody();
    if (leaves) this.droppedHeaders.push(...ORIGIN_HEADERS);
    this.url = target;
    this.hops += 1;
    return true;
  }

  #dropBody(): void {
    this.method = 'GET';
    this.bodyDropped = true;
    this.droppedHeaders.push(...BODY_HEADERS);
  }
}

function becomesGet(status: number, method: string): boolean {
  if (status === 303) return method !== 'GET' && method !== 'HEAD';
  return (status === 301 || status === 302) && method === 'POST';
}

function resolve(location: string, base: URL): URL {
  let url: URL;
  try {
    url = new URL(location, base);
  } catch (cause) {
    throw new TypeError('fetch failed', { cause });
  }
  if (url.protocol !== 'https:' && url.protocol !== 'http:') throw failed('URL scheme must be a HTTP(S) scheme');
  if (url.hash === '') url.hash = base.hash;
  return url;
}

function failed(reason: string): TypeError {
  return new TypeError('fetch failed', { cause: new Error(reason) });
}

function unfollowable(): ConfigurationError {
  return new ConfigurationError(
    "this platform hides where a redirect leads, so a credential outside 'Authorization' cannot be kept from another " +
      "origin: call with redirect: 'error' or 'manual', or send the credential in 'Authorization'.",
  );
}
