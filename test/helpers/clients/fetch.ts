import { type AuthRequestInit, fetchAuth } from '../../../src/adapters/fetch.ts';
import {
  adapterOptions,
  type ClientDriver,
  type ClientOptions,
  type ClientRequest,
  defined,
  fromFetchResponse,
  listOf,
  usualCapabilities,
} from './driver.ts';
import { pooledFetch } from './pool.ts';

/** A base URL means nothing to fetch: its users resolve by hand, and name the origin to the adapter. */
export function boundTo(options: ClientOptions): ClientOptions {
  const { baseUrl } = options;
  return baseUrl === undefined ? options : { origins: [new URL(baseUrl).origin], ...options };
}

/** The arguments of one call of fetch. */
export function fetchInit(request: ClientRequest): AuthRequestInit {
  const { method = 'GET', json, timeoutMs, redirect, bodyFactory } = request;
  const headers = json === undefined ? request.headers : { 'content-type': 'application/json', ...request.headers };
  const signals = [request.signal, timeoutMs === undefined ? undefined : AbortSignal.timeout(timeoutMs)];
  const given = signals.filter((signal) => signal !== undefined);
  const body = json === undefined ? request.body : JSON.stringify(json);
  return defined({
    ...request.auth,
    method,
    headers,
    redirect,
    bodyFactory,
    body: body as BodyInit | undefined,
    // What every caller has to say who streams a body up.
    duplex: body instanceof ReadableStream ? 'half' : undefined,
    signal: given.length > 1 ? AbortSignal.any(given) : given[0],
  }) as AuthRequestInit;
}

/** A web stream that can be read once. */
export function webStream(chunks: readonly string[]): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  return new ReadableStream({
    start(controller) {
      for (const chunk of chunks) controller.enqueue(encoder.encode(chunk));
      controller.close();
    },
  });
}

export const fetchDriver: ClientDriver = {
  name: 'fetch',
  capabilities: {
    ...usualCapabilities,
    // fetch has neither retries nor a base URL, and an answer is an answer whatever its status.
    retries: false,
    hasBaseUrl: false,
    throwsOnStatus: false,
  },
  create(auth, options = {}) {
    let send = pooledFetch(options.connections);
    for (const one of listOf(auth)) send = fetchAuth(one, { ...adapterOptions(boundTo(options)), fetch: send });
    return async (request) => {
      const url = options.baseUrl === undefined ? request.url : new URL(request.url, options.baseUrl).href;
      return fromFetchResponse(await send(url, fetchInit(request)));
    };
  },
  responseOf: () => undefined,
  stream: webStream,
};
