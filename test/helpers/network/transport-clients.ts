/** Every client on a transport, the way its users wire it, behind one call shape. */

import { Readable } from 'node:stream';
import axios, { type AxiosRequestConfig } from 'axios';
import got, { type Got, type Response as GotResponse, type OptionsInit } from 'got';
import got14 from 'got14';
import ky, { type KyInstance } from 'ky';
import kyOne from 'ky1';
import { interceptors, request as undiciRequest } from 'undici';
import { axiosAuth } from '../../../src/adapters/axios.ts';
import { fetchAuth } from '../../../src/adapters/fetch.ts';
import { gotAuth } from '../../../src/adapters/got.ts';
import { kyAuth } from '../../../src/adapters/ky.ts';
import { undiciAuth } from '../../../src/adapters/undici.ts';
import type { Authenticator } from '../../../src/lifecycle/contract.ts';
import type { Transport } from '../../../src/node/transport/transport.ts';

export interface TransportCall {
  readonly url: string;
  readonly method?: string;
  readonly body?: string;
  /** Sends the body as a stream of unknown length. */
  readonly streamed?: boolean;
  readonly headers?: Record<string, string>;
  readonly signal?: AbortSignal;
}

export interface TransportAnswer {
  readonly status: number;
  readonly text: string;
}

/** What the client itself gave: hidden, so that answers compare without it. */
const natives = new WeakMap<TransportAnswer, unknown>();

export function nativeOf(answer: TransportAnswer): unknown {
  return natives.get(answer);
}

function answerOf(status: number, text: string, native: unknown): TransportAnswer {
  const answer = { status, text };
  natives.set(answer, native);
  return answer;
}

export type Send = (call: TransportCall) => Promise<TransportAnswer>;

/** A client on the transport; with an authenticator, which is bound to the origins given. */
export type Wire = (transport: Transport, auth?: Authenticator, origins?: readonly string[]) => Send;

const nodeBody = ({ body, streamed }: TransportCall) => (streamed ? Readable.from([Buffer.from(body ?? '')]) : body);

const webInit = ({ method = 'GET', headers, body, streamed, signal }: TransportCall): RequestInit => ({
  method,
  ...(headers && { headers }),
  ...(body !== undefined && { body: streamed ? (new Blob([body]).stream() as unknown as string) : body }),
  ...(streamed && ({ duplex: 'half' } as object)),
  ...(signal && { signal }),
});

const fromResponse = async (response: Response) => answerOf(response.status, await response.text(), response);

const axiosOn =
  (adapter: 'http' | 'fetch'): Wire =>
  (transport, auth, origins = []) => {
    const client = axios.create({
      ...transport.axios,
      adapter,
      responseType: 'text',
      validateStatus: null,
      transformResponse: (data) => data,
    });
    if (auth) client.interceptors.request.use(axiosAuth(auth, { origins }));
    return async (call) => {
      const { url, method = 'GET', headers, signal } = call;
      const data = adapter === 'http' ? nodeBody(call) : webInit(call).body;
      const config = { url, method, data, ...(headers && { headers }), ...(signal && { signal }) };
      const response = await client.request(config as AxiosRequestConfig);
      return answerOf(response.status, String(response.data), response);
    };
  };

const gotOn =
  (base: Got): Wire =>
  (transport, auth, origins = []) => {
    let client: Got = base.extend({ ...transport.got, throwHttpErrors: false, retry: { limit: 0 } });
    if (auth) client = client.extend(gotAuth(auth, { origins }));
    return async (call) => {
      const { url, method = 'GET', headers, signal } = call;
      const body = nodeBody(call);
      const options = { method, ...(headers && { headers }), ...(signal && { signal }), ...(body && { body }) };
      const response = (await client(url, options as OptionsInit)) as GotResponse;
      return answerOf(response.statusCode, String(response.body), response);
    };
  };

const kyOn =
  (base: KyInstance): Wire =>
  (transport, auth, origins = []) => {
    let client = base.create({ ...transport.ky, throwHttpErrors: false, retry: 0, timeout: false });
    if (auth) client = client.extend(kyAuth(auth, { origins }));
    return async (call) => fromResponse(await client(call.url, webInit(call) as object));
  };

const fetchOn: Wire = (transport, auth, origins = []) => {
  const { fetch } = transport;
  const send = auth ? fetchAuth(auth, { fetch, origins }) : fetch;
  return async (call) => fromResponse(await send(call.url, webInit(call)));
};

const undiciOn: Wire = (transport, auth, origins = []) => {
  const signed = auth ? transport.undici.compose(undiciAuth(auth, { origins })) : transport.undici;
  const dispatcher = signed.compose(interceptors.redirect({ maxRedirections: 5 }));
  return async (call) => {
    const { url, method = 'GET', headers, signal } = call;
    const body = nodeBody(call);
    const response = await undiciRequest(url, {
      method: method as 'GET',
      dispatcher,
      ...(headers && { headers }),
      ...(signal && { signal }),
      ...(body && { body }),
    });
    return answerOf(response.statusCode, await response.body.text(), response);
  };
};

export const transportClients: readonly (readonly [name: string, wire: Wire])[] = [
  ['axios', axiosOn('http')],
  ['axios on fetch', axiosOn('fetch')],
  ['got', gotOn(got)],
  ['got 14', gotOn(got14 as unknown as Got)],
  ['ky', kyOn(ky)],
  ['ky 1', kyOn(kyOne as unknown as KyInstance)],
  ['fetch', fetchOn],
  ['undici', undiciOn],
];
