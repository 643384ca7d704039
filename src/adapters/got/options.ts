/**
 * What this adapter touches of got, said by shape: got 14, 15 and 16 have it alike, and their own types differ.
 */

/** Sends one wire attempt. Without `cache` it gets a URL and options; with it, options and a callback. */
export type GotRequestFunction = (first: never, second: never, third?: never) => unknown;

/** Options of one call, attempt or redirect hop: got makes a new object for each attempt and each hop. */
export interface GotOptions {
  url: URL | string | undefined;
  /** The base URL; `''` where there is none. */
  readonly prefixUrl: URL | string;
  readonly method: string;
  readonly headers: Record<string, string | string[] | undefined>;
  body?: unknown;
  request: GotRequestFunction | undefined;
  readonly context: Record<string, unknown>;
  readonly isStream: boolean;
  readonly throwHttpErrors: unknown;
  readonly http2: boolean;
  readonly cache?: unknown;
  readonly h2session?: unknown;
  readonly signal?: AbortSignal | undefined;
  /** In milliseconds. */
  readonly timeout: { readonly request?: number | undefined };
  readonly retry: { calculateDelay?: unknown; enforceRetryRules?: boolean | undefined };
  readonly hooks: GotHooks;
  /** What got would send with: its own function, where `request` is not set. */
  getRequestFunction(): unknown;
  createNativeRequestOptions(): object;
}

// biome-ignore lint/suspicious/noExplicitAny: hooks of three majors, whose parameters we name where we write them.
type Hook = (...parameters: any[]) => unknown;

interface GotHooks {
  beforeRequest: Hook[];
  beforeRedirect: Hook[];
  beforeRetry: Hook[];
  beforeError: Hook[];
  afterResponse: Hook[];
}

/** What got hands to `http.request`. */
export interface NativeOptions {
  readonly headers: NativeHeaders;
  readonly path?: string;
}

export type NativeHeaders = Record<string, string | string[]>;

/** The request on the wire: Node's, or the one of got's HTTP/2 client. */
export interface WireRequest {
  path: string;
  /** Only in HTTP/2: where the path stands, too. */
  readonly headers?: Record<string, unknown>;
  setHeader(name: string, value: string | string[]): unknown;
  removeHeader(name: string): unknown;
  prependListener(event: 'response', listener: (head: ResponseHead) => void): unknown;
  on(event: 'error', listener: () => void): unknown;
  destroy(): unknown;
}

/** The beginning of a response: what is known before its body. */
export interface ResponseHead {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
}

/** A response as Node reads it. */
export interface ResponseBody extends ResponseHead {
  /** Has all of it arrived? */
  readonly complete: boolean;
  on(event: 'data', listener: (chunk: Uint8Array) => void): unknown;
  once(event: 'aborted' | 'close', listener: () => void): unknown;
  emit(event: 'aborted'): unknown;
  destroy(): unknown;
}

/** A whole response, as got's hooks see it. */
export interface GotResponse extends ResponseHead {
  readonly rawBody?: Uint8Array;
  readonly request: { readonly options: GotOptions; retryCount: number };
}
