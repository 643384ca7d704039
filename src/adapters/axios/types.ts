/**
 * The parts of axios that we touch, as structures. Any copy from 1.16.1 on fits them, and none has to be installed for
 * these types to compile.
 */

/** `AxiosHeaders`, as far as we need it: the headers are its own properties, in any spelling. */
export interface AxiosHeaderFields {
  get(name: string): unknown;
  clear(): unknown;
  [name: string]: unknown;
}

/** What an adapter gets: the config after the interceptors and after `transformRequest`. */
export interface AxiosCallConfig {
  readonly headers: AxiosHeaderFields;
  readonly url?: string | undefined;
  readonly baseURL?: string | undefined;
  readonly allowAbsoluteUrls?: boolean | undefined;
  readonly params?: unknown;
  readonly paramsSerializer?: unknown;
  readonly method?: string | undefined;
  readonly data?: unknown;
  readonly auth?: unknown;
  readonly adapter?: AdapterChoice | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly cancelToken?: CancelTokenLike | undefined;
  readonly socketPath?: string | null | undefined;
  readonly maxRedirects?: number | undefined;
  readonly beforeRedirect?: BeforeRedirect | undefined;
  readonly httpAgent?: unknown;
  readonly httpsAgent?: unknown;
  readonly env?: Readonly<Record<string, unknown>> | undefined;
  readonly fetchOptions?: Readonly<Record<string, unknown>> | undefined;
  readonly responseType?: string | undefined;
  readonly bodyFactory?: AxiosBodyFactory | undefined;
  readonly skipAuth?: unknown;
  readonly onUploadProgress?: ((event: UploadProgress) => void) | undefined;
  /** In milliseconds; 0: none. */
  readonly timeout?: unknown;
  readonly timeoutErrorMessage?: string | undefined;
  readonly transitional?: { readonly clarifyTimeoutError?: boolean } | undefined;
  /** axios-cache-interceptor's. */
  readonly cache?: unknown;
}

/** How far an upload is. */
export interface UploadProgress {
  /** In bytes. */
  readonly loaded: number;
}

/** A function that makes a body again for every wire attempt. */
type AxiosBodyFactory = () => unknown;

export type AxiosAdapterFunction = (config: AxiosCallConfig) => Promise<AxiosReply>;

/** What axios takes for `adapter`: a name, a function, or several of them to choose from. */
export type AdapterChoice = string | AxiosAdapterFunction | readonly (string | AxiosAdapterFunction)[];

/** The response that an adapter resolves with, and that its errors carry. */
export interface AxiosReply {
  readonly status: number;
  readonly headers: unknown;
  config: AxiosCallConfig;
  data: unknown;
  readonly request?: unknown;
}

/** axios's older way to cancel. */
export interface CancelTokenLike {
  readonly reason?: unknown;
  subscribe(listener: () => void): void;
  unsubscribe(listener: () => void): void;
}

/** The options of the next hop, as follow-redirects is about to send it. */
export interface HopOptions {
  /** The absolute URL. */
  readonly href: string;
  readonly method: string;
  /** What goes into the request line. */
  path: string;
  headers: Record<string, string>;
}

/** The hook of axios's http adapter; `request` since 1.19. */
export type BeforeRedirect = (options: HopOptions, response: unknown, request?: HopOrigin) => void;

/** The request that was redirected. */
export interface HopOrigin {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** The statics of axios that we need. */
export interface AxiosStatics {
  readonly AxiosHeaders: unknown;
  readonly Axios: new (defaults: object) => { getUri(config: object): string };
  readonly AxiosError: { from(error: unknown, code: string, config: object, ...rest: unknown[]): Error };
  readonly CanceledError: new (message: unknown, config: object) => Error;
  readonly getAdapter: (
    choice: AdapterChoice,
    config: AxiosCallConfig,
  ) => AxiosAdapterFunction & { readonly adapterName?: string };
}
