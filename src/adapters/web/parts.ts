import { originOf } from '../../lifecycle/origins.ts';
import type { RequestInfo } from '../../web-types.ts';
import { type BodyFactory, isReplayable } from './body.ts';

export interface AuthRequestInit extends RequestInit {
  /** Makes the body afresh for every wire attempt, so that a stream can be resent after a renewal. Wins over `body`. */
  readonly bodyFactory?: BodyFactory | undefined;
}

/** The arguments of one call to fetch, understood. */
export interface CallParts {
  /** A Request, or an absolute URL. */
  readonly input: Request | string;
  /** Absolute. */
  readonly url: string;
  readonly origin: string;
  readonly method: string;
  /** The caller's: never written to. */
  readonly headers: Headers | Record<string, string>;
  readonly request: Request | undefined;
  /** Plain, and stronger than the Request. */
  readonly init: AuthRequestInit;
  readonly signal: AbortSignal | undefined;
  /** The body is the Request's own: it is resent through a clone. */
  readonly bodyInRequest: boolean;
  readonly replayable: boolean;
}

/** What a call's arguments don't say. */
export interface ReadingContext {
  /** What relative URLs are resolved against. Default: the page's URL, where there is one. */
  readonly base?: string | undefined;
  /** The Request was made from a stream: cloning it would hold all of it in memory. */
  readonly oneShot?: boolean;
}

const NO_INIT: AuthRequestInit = {};

/**
 * Reads the arguments of fetch. `undefined`: nothing to sign, because the scheme is not http, the call is aborted, or
 * something is wrong with it; the real fetch knows what to say then.
 */
export function readCall(
  input: RequestInfo | URL,
  init: AuthRequestInit | undefined,
  context: ReadingContext,
): CallParts | undefined {
  try {
    if (isPlain(init)) return parts(input, init ?? NO_INIT, context);
    const url = absolute(urlOf(input), context);
    if (url === undefined) return undefined;
    return parts(new Request(isRequest(input) ? input : url, init), NO_INIT, context);
  } catch {
    return undefined;
  }
}

function parts(input: RequestInfo | URL, init: AuthRequestInit, context: ReadingContext): CallParts | undefined {
  const request = isRequest(input) ? input : undefined;
  const url = absolute(request?.url ?? String(input), context);
  const signal = init.signal === undefined ? request?.signal : (init.signal ?? undefined);
  if (url === undefined || (signal !== undefined && signal.aborted !== false)) return undefined;
  const method = init.method === undefined ? (request?.method ?? 'GET') : normalize(init.method);
  const bodyGiven = init.bodyFactory !== undefined || (init.body !== undefined && init.body !== null);
  const bodyInRequest = !bodyGiven && request !== undefined && request.body !== null;
  if (bodyInRequest && (request.bodyUsed || request.body?.locked === true)) return undefined;
  const replayable =
    init.bodyFactory !== undefined || (isReplayable(init.body) && !(bodyInRequest && context.oneShot === true));
  const headers = readHeaders(init.headers ?? request?.headers);
  return {
    input: request ?? url,
    url,
    origin: originOf(url),
    method,
    headers,
    request,
    init,
    signal,
    bodyInRequest,
    replayable,
  };
}

/** Pairs and other iterables are read once, and checked by it. */
function readHeaders(headers: HeadersInit | undefined): Headers | Record<string, string> {
  if (headers === undefined) return {};
  return headers instanceof Headers || isPlain(headers) ? (headers as Headers) : new Headers(headers);
}

const NORMALIZED = new Set(['DELETE', 'GET', 'HEAD', 'OPTIONS', 'POST', 'PUT']);

/** The Fetch standard's "normalize a method": these six in any case, all others as they are. */
function normalize(method: string): string {
  if (NORMALIZED.has(method)) return method;
  const upper = method.toUpperCase();
  return NORMALIZED.has(upper) ? upper : method;
}

/** A getter-only or otherwise unusual init would lose members in a copy: `Request` reads it as fetch does. */
function isPlain(init: object | undefined | null): boolean {
  if (init === undefined || init === null) return true;
  const prototype = Object.getPrototypeOf(init);
  return prototype === Object.prototype || prototype === null;
}

/** Also the Request of another realm or of the undici package. */
function isRequest(input: RequestInfo | URL): input is Request {
  return typeof input === 'object' && 'url' in input && typeof input.clone === 'function';
}

function urlOf(input: RequestInfo | URL): string {
  return isRequest(input) ? input.url : String(input);
}

function absolute(url: string, { base = globalThis.location?.href }: ReadingContext): string | undefined {
  if (url.startsWith('https://') || url.startsWith('http://')) return url;
  const { href, protocol } = new URL(url, base);
  return protocol === 'https:' || protocol === 'http:' ? href : undefined;
}
