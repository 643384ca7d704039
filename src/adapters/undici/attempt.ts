import type { Dispatcher } from 'undici';
import type { AuthRequest } from '../../lifecycle/contract.ts';
import type { HeaderPolicy, ObjectHeaders } from '../../lifecycle/headers.ts';
import { bytesOf, type UndiciBody } from './body.ts';
import { copyHeaders, type FlatHeaders } from './headers.ts';
import type { CallParts } from './parts.ts';

/** The credentials that undici's redirect interceptor takes off by itself when a hop leaves the origin. */
const STRIPPED = new Set(['authorization', 'cookie', 'proxy-authorization']);

/** One wire attempt of a dispatch: the caller's request, with headers of its own to sign. */
export class UndiciAttempt implements AuthRequest {
  readonly method: string;
  readonly origin: string;
  readonly replayable: boolean;
  readonly headers: ObjectHeaders | FlatHeaders;
  readonly #parts: CallParts;
  #url: URL | undefined;
  #plainSearch = '';

  constructor(parts: CallParts, policy: HeaderPolicy) {
    this.#parts = parts;
    this.method = parts.options.method;
    this.origin = parts.origin;
    this.replayable = parts.replayable;
    this.headers = copyHeaders(parts.headers, policy);
  }

  get url(): URL {
    if (this.#url === undefined) {
      this.#url = new URL(this.#plainUrl());
      this.#plainSearch = this.#url.search;
    }
    return this.#url;
  }

  set url(url: URL) {
    this.#url ??= this.url;
    this.#url = new URL(url);
  }

  /** As the caller wrote it, which undici does not normalise; the query is ours where an authenticator has set one. */
  get target(): string {
    const isChanged = this.#url !== undefined && this.#url.search !== this.#plainSearch;
    return isChanged ? this.#plainPath() + (this.#url as URL).search : this.#plainTarget();
  }

  /** Where the caller wants to go. */
  get plainUrl(): URL {
    return new URL(this.#plainUrl());
  }

  readBody(): Promise<Uint8Array | undefined> {
    const { body, bodyFactory } = this.#parts;
    return bodyFactory === undefined ? bytesOf(body) : Promise.resolve(undefined);
  }

  /** The options to dispatch: a copy with our headers, with the query only where the authenticator has changed it. */
  signedOptions(body: UndiciBody): Dispatcher.DispatchOptions {
    const { options } = this.#parts;
    const signed = { ...options, headers: this.headers.fields, body, bodyFactory: undefined };
    if (this.#url !== undefined && this.#url.search !== this.#plainSearch && options.method !== 'CONNECT') {
      signed.path = this.#plainPath() + this.#url.search;
      delete signed.query;
    }
    return signed as Dispatcher.DispatchOptions;
  }

  /** A header that would be taken along to any server by a redirect that is followed below us. */
  get unstrippedHeader(): string | undefined {
    return this.headers.added.find((name) => !STRIPPED.has(name));
  }

  #plainPath(): string {
    return this.#parts.options.path.split('?', 1)[0] as string;
  }

  #plainTarget(): string {
    const { path, query } = this.#parts.options;
    return query ? `${path}?${serialize(query)}` : path;
  }

  #plainUrl(): string {
    const { options, origin } = this.#parts;
    if (options.method === 'CONNECT') return origin;
    const path = this.#plainTarget();
    return path.startsWith('/') ? origin + path : path;
  }
}

/** As `querystring.stringify`, with which undici writes its `query`. */
function serialize(query: Record<string, unknown>): string {
  return Object.entries(query)
    .flatMap(([name, value]) => (Array.isArray(value) ? value : [value]).map((one) => `${encode(name)}=${encode(one)}`))
    .join('&');
}

function encode(value: unknown): string {
  const printable = typeof value === 'string' || typeof value === 'boolean' || typeof value === 'bigint';
  return printable || Number.isFinite(value) ? encodeURIComponent(String(value)) : '';
}
