import type { AuthRequest, AuthResponse } from '../../lifecycle/contract.ts';
import type { SignedHeaders } from '../../lifecycle/headers.ts';
import { originOf } from '../../lifecycle/origins.ts';
import { peekText } from './body.ts';

/** Whoever knows the body of a call. */
export interface BodyReader {
  /** The bytes that will be sent; `undefined` where they can only be sent. */
  readBody(): Promise<Uint8Array | undefined>;
}

/** The request target that fetch sends: unlike `search`, it keeps a question mark that nothing follows. */
export function fetchTarget({ href, origin, hash, username, password }: URL): string {
  if (username !== '' || password !== '') {
    const bare = new URL(href);
    bare.username = '';
    bare.password = '';
    return fetchTarget(bare);
  }
  // A bare '#' is no hash to the URL standard, but stands in the text.
  const end = hash === '' && href.endsWith('#') ? href.length - 1 : href.length - hash.length;
  return href.slice(origin.length, end);
}

/** One wire attempt of a call to fetch: the caller's request, with headers of its own to sign. */
export class FetchAttempt implements AuthRequest {
  /** The URL without what the authenticator adds to it: the only one that a response may show. */
  readonly plainUrl: string;
  readonly origin: string;
  readonly method: string;
  readonly headers: SignedHeaders;
  replayable: boolean;
  readonly #body: BodyReader | undefined;
  #url: URL | undefined;
  #plainHref: string | undefined;

  /** @param body - Shows the bytes that will be sent, where somebody can. */
  constructor(
    plainUrl: string,
    method: string,
    headers: SignedHeaders,
    replayable: boolean,
    body?: BodyReader,
    origin = originOf(plainUrl),
  ) {
    this.plainUrl = plainUrl;
    this.origin = origin;
    this.method = method;
    this.headers = headers;
    this.replayable = replayable;
    this.#body = body;
  }

  get url(): URL {
    if (this.#url === undefined) {
      this.#url = new URL(this.plainUrl);
      this.#plainHref = this.#url.href;
    }
    return this.#url;
  }

  set url(url: URL) {
    this.#plainHref ??= new URL(this.plainUrl).href;
    this.#url = new URL(url);
  }

  get target(): string {
    return fetchTarget(this.url);
  }

  readBody(): Promise<Uint8Array | undefined> {
    return this.#body === undefined ? Promise.resolve(undefined) : this.#body.readBody();
  }

  /** The URL to send to, where the authenticator has changed it. */
  get signedUrl(): string | undefined {
    const href = this.#url?.href;
    return href === this.#plainHref ? undefined : href;
  }

  /** Does the credential travel where fetch doesn't know it for one, and would take it along on a redirect? */
  get signedUnusually(): boolean {
    for (const name of this.headers.added) if (name !== 'authorization' && name !== 'cookie') return true;
    return this.signedUrl !== undefined;
  }
}

/** A response of fetch, as an authenticator sees it. */
export class FetchAnswer implements AuthResponse {
  readonly request: AuthRequest;
  readonly #response: Response;
  readonly #byHand: boolean;

  /** @param byHand - It was reached by hand: the request is the last one, and its origin that of the answer. */
  constructor(response: Response, request: AuthRequest, byHand = false) {
    this.#response = response;
    this.#byHand = byHand;
    this.request = request;
  }

  get status(): number {
    return this.#response.status;
  }

  get headers(): Headers {
    return this.#response.headers;
  }

  get url(): string | undefined {
    return this.#response.redirected && !this.#byHand ? this.#response.url : undefined;
  }

  readText(): Promise<string> {
    return peekText(this.#response);
  }
}

/** Makes a response that was reached by hand look as if fetch had gone there: the final URL, without our query key. */
export function present(response: Response, url: string, redirected: boolean, type = response.type): Response {
  const { clone } = response;
  const shown = new URL(url);
  shown.hash = '';
  return Object.defineProperties(response, {
    url: { value: shown.href, configurable: true },
    redirected: { value: redirected, configurable: true },
    type: { value: type, configurable: true },
    clone: { value: () => present(clone.call(response), url, redirected, type), configurable: true },
  });
}
