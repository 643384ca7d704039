import { Readable } from 'node:stream';
import {
  type Dispatcher,
  errors,
  interceptors,
  FormData as UndiciFormData,
  fetch as undiciFetch,
  request as undiciRequest,
} from 'undici';
import { type UndiciAuthOptions, undiciAuth } from '../../../src/adapters/undici.ts';
import type { Authenticator } from '../../../src/lifecycle/contract.ts';
import {
  adapterOptions,
  type Capabilities,
  type ClientDriver,
  type ClientOptions,
  type ClientRequest,
  type ClientResponse,
  defined,
  fromFetchResponse,
  headerReader,
  listOf,
  usualCapabilities,
} from './driver.ts';
import { boundTo, fetchInit, webStream } from './fetch.ts';
import { testAgent } from './pool.ts';

function compose(auths: readonly Authenticator[], options: ClientOptions): Dispatcher.ComposedDispatcher {
  const signed = auths.map((auth) => undiciAuth(auth, adapterOptions(boundTo(options)) as UndiciAuthOptions));
  const { retry, connections } = options;
  const retrying = retry === undefined ? [] : [interceptors.retry({ maxRetries: retry, minTimeout: 1, maxTimeout: 1 })];
  return testAgent(connections).compose(...signed, ...retrying);
}

type RequestOptions = Omit<Dispatcher.RequestOptions, 'origin' | 'path'>;

function requestOptions(request: ClientRequest): RequestOptions {
  const { method = 'GET', headers, json, body, bodyFactory, signal, timeoutMs, redirect } = request;
  const types = json === undefined ? contentType(body) : { 'content-type': 'application/json' };
  return defined({
    ...request.auth,
    method,
    headers: { ...types, ...headers },
    // undici sends bytes and forms; parameters are text to its users.
    body: json === undefined ? (body instanceof URLSearchParams ? String(body) : body) : JSON.stringify(json),
    bodyFactory,
    signal,
    headersTimeout: timeoutMs,
    bodyTimeout: timeoutMs,
    maxRedirections: redirect === 'manual' ? 0 : undefined,
  }) as unknown as RequestOptions;
}

function contentType(body: unknown): Record<string, string> {
  return body instanceof URLSearchParams ? { 'content-type': 'application/x-www-form-urlencoded;charset=UTF-8' } : {};
}

function fromUndici(response: Dispatcher.ResponseData): ClientResponse {
  return {
    status: response.statusCode,
    headers: headerReader(response.headers),
    text: () => response.body.text(),
    native: response,
  };
}

/** A status that outlived all retries: undici's retries throw it, whereas without them it is an answer. */
function fromRetryError(error: unknown): ClientResponse | undefined {
  const reason = error instanceof TypeError ? error.cause : error;
  if (!(reason instanceof errors.RequestRetryError)) return undefined;
  const { statusCode, headers } = reason as { readonly statusCode: number; readonly headers: Record<string, unknown> };
  return { status: statusCode, headers: headerReader(headers), text: async () => '', native: reason };
}

/** undici's fetch knows a form only by its own class. */
function ownForm(body: unknown): unknown {
  if (!(body instanceof FormData)) return body;
  const form = new UndiciFormData();
  for (const [name, value] of body) form.append(name, value as string);
  return form;
}

const undiciCapabilities: Capabilities = {
  ...usualCapabilities,
  bindsLate: false,
  hasBaseUrl: false,
  throwsOnStatus: false,
};

export const undici: ClientDriver = {
  name: 'undici',
  capabilities: undiciCapabilities,
  create(auth, options = {}) {
    // The last interceptor is the outermost: every hop of a redirect passes through the authenticators.
    const dispatcher = compose(listOf(auth), options).compose(interceptors.redirect({ maxRedirections: 5 }));
    return async (request) => {
      const url = new URL(request.url, options.baseUrl);
      return fromUndici(await undiciRequest(url, { ...requestOptions(request), dispatcher }));
    };
  },
  responseOf: fromRetryError,
  stream: (chunks) => Readable.from(chunks.map((chunk) => Buffer.from(chunk))),
};

export const fetchOverUndici: ClientDriver = {
  name: 'undici-fetch',
  capabilities: {
    ...undiciCapabilities,
    // Nothing but a body gets through fetch to its dispatcher.
    takesCallOptions: false,
    // fetch hands its dispatcher a one-shot generator even for a string: below it, no body can be sent twice.
    replaysBodies: false,
    // fetch tells its dispatcher nothing of redirects: a hop back to one of its origins is nothing but a call of that origin.
    signsWayBack: true,
  },
  create(auth, options = {}) {
    const dispatcher = compose(listOf(auth), options);
    return async (request) => {
      const url = new URL(request.url, options.baseUrl);
      const { bodyFactory, ...rest } = request;
      // Nothing but a body gets through fetch to its dispatcher.
      const given = { ...rest, body: bodyFactory === undefined ? ownForm(rest.body) : bodyFactory() };
      const init = { ...fetchInit(given), dispatcher } as unknown as Parameters<typeof undiciFetch>[1];
      return fromFetchResponse((await undiciFetch(url, init)) as unknown as Response);
    };
  },
  responseOf: fromRetryError,
  stream: webStream,
};
