/**
 * Transports that answer from memory, at once and with the least work that each client accepts, so that what a client
 * and its authentication do is all there is to measure. Each keeps what it was given last: nothing that was made for the
 * wire can be optimised away, and {@link lastAuthorization} can look whether the token arrived.
 */

import http, { OutgoingMessage, type RequestOptions } from 'node:http';
import { Readable } from 'node:stream';
import { type AxiosAdapter, AxiosHeaders } from 'axios';

/** What the last call sent: fetch's arguments, else the headers. */
let sent: { input?: unknown; init?: unknown; headers?: unknown } = {};

const BODY = '{"ok":true}';
const response = new Response(BODY, { headers: { 'content-type': 'application/json', 'content-length': '11' } });

/** One Response answers everything: nobody reads it, and ky does not clone it without hooks. */
export function memoryFetch(input: RequestInfo | URL, init?: RequestInit): Promise<Response> {
  sent = { input, init };
  return Promise.resolve(response);
}

const axiosResponseHeaders = new AxiosHeaders({ 'content-type': 'application/json' });

/** What axios's own adapters resolve with. */
export const memoryAdapter: AxiosAdapter = (config) => {
  sent = { headers: config.headers };
  const answer = { data: BODY, status: 200, statusText: 'OK', headers: axiosResponseHeaders, config, request: {} };
  return Promise.resolve(answer);
};

/** What Node's client resolves with, as far as got looks. */
class MemoryResponse extends Readable {
  readonly statusCode = 200;
  readonly headers = { 'content-type': 'application/json', 'content-length': '11' };
  readonly complete = true;

  override _read(): void {
    this.push(BODY);
    this.push(null);
  }
}

/** Node's request up to the point where it would need a socket: its headers are Node's own, checks and all. */
class MemoryRequest extends OutgoingMessage {
  /** Looked at by got: has a response begun? */
  res: MemoryResponse | undefined;
  readonly path: string;

  constructor(options: RequestOptions) {
    super();
    this.path = String(options.path);
    for (const [name, value] of Object.entries(options.headers ?? {})) {
      if (value !== undefined) this.setHeader(name, value as string);
    }
  }

  override end(): this {
    this.finished = true;
    process.nextTick(() => {
      sent = { headers: this.getHeaders() };
      this.res = new MemoryResponse();
      this.emit('finish');
      this.emit('response', this.res);
    });
    return this;
  }
}

/**
 * got stands on Node's client, which takes longer than got and all of authentication together, and never the same time
 * twice. So for this process `http.request` makes requests that are answered from memory. A `request` option would do the
 * same, but is not how got is used: authentication would have to put up with a function it does not know.
 */
export function replaceHttpRequest(): void {
  http.request = ((_url: URL, options: RequestOptions) => new MemoryRequest(options)) as unknown as typeof http.request;
}

/** The `Authorization` of the last call that reached a transport. */
export function lastAuthorization(): string | null {
  const { input, init } = sent;
  const headers = sent.headers ?? (init as RequestInit | undefined)?.headers;
  return new Headers((headers as HeadersInit | undefined) ?? (input as Request).headers).get('authorization');
}
