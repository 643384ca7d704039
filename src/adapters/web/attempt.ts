import type { AuthRequest } from '../../lifecycle/contract.ts';
import type { ObjectHeaders, WebHeaders } from '../../lifecycle/headers.ts';
import { originOf } from '../../lifecycle/origins.ts';

/** One wire attempt of a call to fetch: the caller's request, with headers of its own to sign. */
export class FetchAttempt implements AuthRequest {
  /** The URL without what the authenticator adds to it: the only one that a response may show. */
  declare plainUrl: string;
  declare origin: string;
  declare method: string;
  declare readonly headers: ObjectHeaders | WebHeaders;
  declare replayable: boolean;
  #url: URL | undefined;
  #plainHref: string | undefined;

  constructor(plainUrl: string, method: string, headers: ObjectHeaders | WebHeaders, replayable: boolean) {
    this.plainUrl = plainUrl;
    this.origin = originOf(plainUrl);
    this.method = method;
    this.headers = headers;
    this.replayable = replayable;
  }

  /** The next attempt goes there. */
  protected startAt(plainUrl: string): void {
    this.#url = this.#plainHref = undefined;
    this.plainUrl = plainUrl;
    this.origin = originOf(plainUrl);
  }

  get url(): URL {
    if (this.#url === undefined) {
      this.#url = new URL(this.plainUrl);
      this.#plainHref = this.#url.href;
    }
    return this.#url;
  }

  set url(url: URL) {
    if (url !== this.url) this.#url = new URL(url);
  }

  /** The URL to send to, where the authenticator has changed it. */
  get signedUrl(): string | undefined {
    const href = this.#url?.href;
    return href === this.#plainHref ? undefined : href;
  }

  /** Does the credential travel where fetch doesn't know it for one, and would take it along on a redirect? */
  get signedUnusually(): boolean {
    return this.signedUrl !== undefined || this.headers.added.some((name) => !/^(?:authorization|cookie)$/.test(name));
  }
}

/** Makes a response that was reached by hand look as if fetch had gone there: the final URL, without our query key. */
export function present(response: Response, url: string, redirected: boolean, type: ResponseType): Response {
  const { clone } = response;
  const shown = new URL(url);
  shown.hash = '';
  const traits = {
    url: shown.href,
    redirected,
    type,
    clone: () => present(clone.call(response), url, redirected, type),
  };
  for (const [name, value] of Object.entries(traits)) {
    Object.defineProperty(response, name, { value, configurable: true });
  }
  return response;
}
