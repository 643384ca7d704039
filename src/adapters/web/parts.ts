/** The arguments of fetch, as the call reads them: once, so that what the caller does to his objects later changes nothing. */

import { ConfigurationError } from '../../errors.ts';
import type { AuthCallOptions } from '../../lifecycle/call-options.ts';
import { type HeaderPolicy, ObjectHeaders, WebHeaders } from '../../lifecycle/headers.ts';
import { httpUrl } from '../../lifecycle/origins.ts';
import type { BodyInit, HeadersInit, RequestInfo } from '../../web-types.ts';
import type { BodyFactory } from './body.ts';
import { isRequest } from './shape.ts';

/** The function that a wrapped fetch sends with. */
export type FetchLike = (input: RequestInfo | URL, init?: RequestInit) => Promise<Response>;

/** What the responses of all implementations of `fetch` have in common. */
export interface AnyResponse {
  /** The HTTP status. */
  readonly status: number;
  /** A `Headers` object. */
  readonly headers: object;
}

/**
 * The `fetch` of any implementation: their types for requests, `init` and responses differ and do not match one
 * another.
 */
// biome-ignore lint/suspicious/noExplicitAny: no type is a supertype of all these parameters, and callbacks need one.
export type AnyFetch = (input: any, init?: any) => Promise<AnyResponse>;

/** The `init` of an authenticated fetch. */
export interface AuthRequestInit extends RequestInit, AuthCallOptions {
  /**
   * Creates the body again for each attempt, so that a stream can be resent after a renewal. Wins over `body`. Default:
   * none.
   */
  readonly bodyFactory?: BodyFactory | undefined;
}

/** What fetch takes, and TypeScript's DOM types do not know of yet. */
export type WireInit = Omit<AuthRequestInit, 'headers' | 'bodyFactory'> & {
  headers?: HeadersInit;
  bodyFactory?: BodyFactory | undefined;
  duplex?: 'half';
};

/** What a client that stands on fetch knows of a call beyond the arguments of fetch. */
export interface CallContext {
  /** What relative URLs are resolved against. Default: the page's URL, where there is one. */
  readonly base?: string | undefined;
  /** The origin of the client's base URL. */
  readonly home?: string | undefined;
  /** The Request was made from a stream: cloning it would hold all of it in memory. */
  readonly oneShot?: boolean;
  /** The body that the Request was made with, where nobody can have changed it. */
  readonly kept?: BodyInit | undefined;
}

/**
 * A URL of http, absolute; `undefined`: of another scheme, where there is nothing to sign.
 *
 * @throws {@link ConfigurationError} where a relative URL has nothing to be resolved against.
 */
export function absolute(input: RequestInfo | URL, base: string | undefined): string | undefined {
  const url = isRequest(input) ? input.url : String(input);
  if (/^https?:\/\//.test(url)) return url;
  const start = base ?? globalThis.location?.href;
  if (URL.canParse(url, start)) return httpUrl(url, start)?.href;
  throw new ConfigurationError(
    "the URL is relative, and there is no base URL: fetchAuth(auth, { baseUrl: 'https://api.example.com' })",
    { option: 'baseUrl' },
  );
}

/** A copy to be signed. Pairs and other iterables are read once, and checked by it. Names keep the caller's spelling. */
export function readHeaders(headers: HeadersInit | undefined, policy: HeaderPolicy): ObjectHeaders | WebHeaders {
  return isPlain(headers)
    ? new ObjectHeaders({ ...headers } as Record<string, string>, policy)
    : new WebHeaders(new Headers(headers), policy);
}

/** The Fetch standard's "normalize a method", which the platform knows: some in any case, all others as they are. */
export function normalizedMethod(method: string, url: string): string {
  return method === method.toUpperCase() ? method : new Request(url, { method }).method;
}

/** A method that takes no body, and has no effect that must not happen twice. */
export function isSafe(method: string): boolean {
  return method === 'GET' || method === 'HEAD';
}

/** Can a spread copy it? A getter-only or otherwise unusual object would lose members. */
export function isPlain(init: object | undefined | null): boolean {
  if (init === undefined || init === null) return true;
  const prototype = Object.getPrototypeOf(init);
  return prototype === Object.prototype || prototype === null;
}

/** The class that a Request is of: only that one's fetch takes it, and only that one copies it. */
export function classOf(input: RequestInfo | URL): typeof Request {
  return isRequest(input) ? (input.constructor as typeof Request) : Request;
}

const TRAITS = 'method mode credentials cache redirect referrer referrerPolicy integrity keepalive signal'.split(' ');

/** What of a Request must survive where its URL changes. */
export function traitsOf(request: Request): RequestInit {
  return Object.fromEntries(TRAITS.map((name) => [name, request[name as keyof Request]]));
}

/** The Request with another URL, and where one is given, another body. Its headers come with `init`. */
export function rebuilt(request: Request, url: string, body?: BodyInit): Request {
  const traits: RequestInit & { duplex?: 'half'; dispatcher?: unknown } = traitsOf(request);
  if (body) Object.assign(traits, { body, duplex: 'half' });
  // Another URL loses it. Before Node 24, undici keeps the dispatcher of a Request under a symbol.
  const key = Object.getOwnPropertySymbols(request).find(({ description }) => description === 'dispatcher');
  if (key) traits.dispatcher = (request as never)[key];
  return new (classOf(request))(url, traits);
}
