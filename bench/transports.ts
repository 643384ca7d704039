/**
 * Transports that answer from memory, at once and with the least work that each client accepts, so that what a client
 * and its authentication do is all there is to measure. Each keeps what it was given last: nothing that was made for the
 * wire can be optimised away, and {@link lastAuthorization} can look whether the token arrived.
 */

import type { IncomingMessage, RequestOptions } from 'node:http';
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

/** Builds a Request first, as fetch itself does: a wrapper that leaves the merging of headers to fetch pays for it here. */
export async function requestFetch(input: RequestInfo | URL, init?: RequestInit): Promise<Response> {
  sent = { input: new Request(input, init) };
  return response;
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

/** got's `request` option. Node's client would take longer than got and all of authentication together. */
export function memoryRequest(_url: URL, options: RequestOptions): IncomingMessage {
  sent = { headers: options.headers };
  return new MemoryResponse() as Readable as IncomingMessage;
}

/** The `Authorization` of the last call that reached a transport. */
export function lastAuthorization(): string | null {
  const { input, init } = sent;
  const headers = sent.headers ?? (init as RequestInit | undefined)?.headers;
  return new Headers((headers as HeadersInit | undefined) ?? (input as Request).headers).get('authorization');
}
