/** The arguments of fetch, read once: what the caller does to his objects afterwards changes no call of his. */

import { ConfigurationError } from '../../errors.ts';
import { type AuthCallOptions, readCallOptions } from '../../lifecycle/call-options.ts';
import { originOf } from '../../lifecycle/origins.ts';
import type { BodyInit, HeadersInit, RequestInfo } from '../../web-types.ts';
import { type BodyFactory, frozen, isReplayable, tagOf } from './body.ts';
import { multipartBlob } from './multipart.ts';

export interface AuthRequestInit extends RequestInit, AuthCallOptions {
  /** Makes the body afresh for every wire attempt, so that a stream can be resent after a renewal. Wins over `body`. */
  readonly bodyFactory?: BodyFactory | undefined;
}

/** What fetch takes, and TypeScript's DOM types do not know of yet. */
export type WireInit = Omit<AuthRequestInit, 'headers'> & { headers?: HeadersInit; duplex?: 'half' };

/** The arguments of one call to fetch, understood. */
export interface CallParts {
  /** Absolute. */
  readonly url: string;
  readonly origin: string;
  readonly method: string;
  /** Ours, to be written to. */
  readonly headers: Headers | Record<string, string>;
  readonly request: Request | undefined;
  /** Ours, plain, and stronger than the Request. */
  readonly init: WireInit;
  readonly signal: AbortSignal | undefined;
  /** The body is the Request's own. */
  readonly bodyInRequest: boolean;
  readonly replayable: boolean;
  readonly options: AuthCallOptions | undefined;
}

/** What a call's arguments don't say. */
export interface ReadingContext {
  /** What relative URLs are resolved against. Default: the page's URL, where there is one. */
  readonly base?: string | undefined;
  /** The Request was made from a stream: cloning it would hold all of it in memory. */
  readonly oneShot?: boolean;
}

/**
 * Reads the arguments of fetch. `undefined`: the scheme is not http, and there is nothing to sign.
 *
 * @throws What is wrong with them: TypeErrors in the platform's own words, where it has some.
 */
export function readCall(
  input: RequestInfo | URL,
  init: AuthRequestInit | undefined,
  context: ReadingContext,
): CallParts | undefined {
  if (isPlain(init)) return parts(input, { ...init } as WireInit, context);
  // A getter-only or otherwise unusual init would lose members in a copy: `Request` reads it as fetch does.
  const url = isRequest(input) ? input : absolute(input as string | URL, context);
  return url === undefined
    ? undefined
    : parts(new (classOf(input))(url, init), {}, context, readCallOptions(init as object));
}

function parts(
  input: RequestInfo | URL,
  init: WireInit,
  context: ReadingContext,
  options = readCallOptions(init),
): CallParts | undefined {
  const request = isRequest(input) ? input : undefined;
  const url = absolute(request === undefined ? (input as string | URL) : request.url, context);
  if (url === undefined) return undefined;
  const origin = originOf(url);
  const signal = (init.signal === undefined ? request?.signal : init.signal) ?? undefined;
  const method = init.method === undefined ? (request?.method ?? 'GET') : normalize(init);
  const bodyGiven = init.bodyFactory !== undefined || (init.body !== undefined && init.body !== null);
  // Firefox shows no body: there may be one wherever the method has any.
  const bodyInRequest = !bodyGiven && request !== undefined && request.body !== null && !/^(?:GET|HEAD)$/.test(method);
  if (bodyInRequest && (request.bodyUsed || request.body?.locked)) throw new TypeError(USED);
  const replayable = init.bodyFactory !== undefined || (isReplayable(init.body) && !(bodyInRequest && context.oneShot));
  if (bodyGiven && replayable) init.body = keep(init.body) ?? null;
  const headers = readHeaders(init.headers ?? request?.headers);
  return { url, origin, method, headers, request, init, signal, bodyInRequest, replayable, options };
}

const USED = 'Body is unusable: it has been read or is locked';

function keep(body: BodyInit | null | undefined): BodyInit | null | undefined {
  return tagOf(body) === '[object FormData]' ? multipartBlob(body as FormData) : (frozen(body) as BodyInit);
}

/** Pairs and other iterables are read once, and checked by it. Both ways, names keep the caller's spelling. */
function readHeaders(headers: HeadersInit | undefined): Headers | Record<string, string> {
  if (headers === undefined) return {};
  return isPlain(headers) ? ({ ...headers } as Record<string, string>) : new Headers(headers);
}

const NORMALIZED = new Set(['DELETE', 'GET', 'HEAD', 'OPTIONS', 'POST', 'PUT']);

/** The Fetch standard's "normalize a method": these six in any case, all others as they are. */
function normalize(init: WireInit): string {
  const method = String(init.method);
  if (typeof init.method !== 'string') init.method = method;
  if (NORMALIZED.has(method)) return method;
  const upper = method.toUpperCase();
  return NORMALIZED.has(upper) ? upper : method;
}

function isPlain(init: object | undefined | null): boolean {
  if (init === undefined || init === null) return true;
  const prototype = Object.getPrototypeOf(init);
  return prototype === Object.prototype || prototype === null;
}

/** Also the Request of another realm, or of another implementation. */
export function isRequest(input: RequestInfo | URL): input is Request {
  return typeof input === 'object' && input !== null && 'url' in input && typeof input.clone === 'function';
}

/** The class that a Request is of: only that one's fetch takes it, and only that one copies it. */
export function classOf(input: RequestInfo | URL): typeof Request {
  return isRequest(input) ? (input.constructor as typeof Request) : Request;
}

function absolute(input: string | URL, context: ReadingContext): string | undefined {
  const url = typeof input === 'string' ? input : String(input);
  if (url.startsWith('https://') || url.startsWith('http://')) return url;
  const base = context.base ?? globalThis.location?.href;
  if (!URL.canParse(url, base)) throw relative();
  const { href, protocol } = new URL(url, base);
  return protocol === 'https:' || protocol === 'http:' ? href : undefined;
}

function relative(): ConfigurationError {
  return new ConfigurationError(
    'the URL is not absolute, and there is nothing to resolve it against, so nothing was sent. ' +
      "Name the base URL: fetchAuth(auth, { baseUrl: 'https://api.example.com' })",
    { option: 'baseUrl' },
  );
}
