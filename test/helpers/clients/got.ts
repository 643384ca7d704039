import { Agent } from 'node:http';
import { Readable } from 'node:stream';
import got, { type Got, type Response as GotResponse, type OptionsInit } from 'got';
import { got as got14 } from 'got14';
import { onTestFinished } from 'vitest';
import { gotAuth } from '../../../src/adapters/got.ts';
import {
  adapterOptions,
  type Capabilities,
  type ClientDriver,
  type ClientOptions,
  type ClientRequest,
  type ClientResponse,
  defined,
  headerReader,
  listOf,
  usualCapabilities,
} from './driver.ts';

function createGot(base: Got, { baseUrl, connections, retry = 0 }: ClientOptions): Got {
  // `backoffLimit` keeps got's own delay short; `calculateDelay` would replace the logic that is under test.
  return base.extend(
    defined({
      prefixUrl: baseUrl,
      retry: { limit: retry, backoffLimit: 1 },
      agent: connections === undefined ? undefined : { http: pooledAgent(connections) },
    }) as OptionsInit,
  );
}

function pooledAgent(connections: number): Agent {
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  onTestFinished(() => agent.destroy());
  return agent;
}

function gotOptions(request: ClientRequest): OptionsInit {
  const { method = 'GET', headers, json, signal, timeoutMs, redirect, body, bodyFactory } = request;
  const form = body instanceof URLSearchParams ? Object.fromEntries(body) : undefined;
  return defined({
    method,
    headers,
    json,
    form,
    body: form === undefined ? body : undefined,
    // got takes no options that it does not know; `context` is its place for those of others.
    context: defined({ ...request.auth, bodyFactory }),
    signal,
    timeout: timeoutMs === undefined ? undefined : { request: timeoutMs },
    followRedirect: redirect === undefined ? undefined : redirect === 'follow',
  }) as OptionsInit;
}

/** got 14 joins every string to its prefix, and lets only a `URL` pass by it. */
function gotUrl(url: string, hasPrefix: boolean): string | URL {
  if (URL.canParse(url)) return new URL(url);
  return hasPrefix ? url.replace(/^\//, '') : url;
}

function fromGot(response: GotResponse<unknown>): ClientResponse {
  return {
    status: response.statusCode,
    headers: headerReader(response.headers),
    text: async () => String(response.body),
    native: response,
  };
}

function gotDriver(name: string, base: Got, capabilities: Capabilities): ClientDriver {
  return {
    name,
    capabilities,
    create(auth, options = {}) {
      let client = createGot(base, options);
      for (const one of listOf(auth)) client = client.extend(gotAuth(one, adapterOptions(options)));
      return async (request) => {
        const url = gotUrl(request.url, options.baseUrl !== undefined);
        return fromGot((await client(url, gotOptions(request))) as GotResponse<unknown>);
      };
    },
    responseOf(error) {
      const response = (error as { response?: GotResponse<unknown> }).response;
      return response === undefined ? undefined : fromGot(response);
    },
    stream: (chunks) => Readable.from(chunks.map((chunk) => Buffer.from(chunk))),
  };
}

const gotCapabilities: Capabilities = {
  ...usualCapabilities,
  // got's body is "a string, Buffer, TypedArray, Readable, generator or FormData": not a Blob.
  sendsBlobs: false,
};

export const got16 = gotDriver('got', got, gotCapabilities);
export const gotFourteen = gotDriver('got14', got14 as unknown as Got, gotCapabilities);
