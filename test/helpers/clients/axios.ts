import { Agent } from 'node:http';
import { Readable } from 'node:stream';
import axios, { type AxiosInstance, type AxiosRequestConfig, type AxiosResponse, isAxiosError } from 'axios';
import axiosRetry from 'axios-retry';
import { onTestFinished } from 'vitest';
import { axiosAuth } from '../../../src/adapters/axios.ts';
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
import { webStream } from './fetch.ts';
import { pooledFetch } from './pool.ts';

type AxiosAdapterName = 'http' | 'fetch';

function createAxios(adapter: AxiosAdapterName, { baseUrl, connections, retry }: ClientOptions): AxiosInstance {
  const client = axios.create(
    defined({
      adapter,
      baseURL: baseUrl,
      responseType: 'text' as const,
      httpAgent: adapter === 'http' ? pooledAgent(connections) : undefined,
      env: adapter === 'fetch' && connections !== undefined ? { fetch: pooledFetch(connections) } : undefined,
    }) as AxiosRequestConfig,
  );
  if (retry !== undefined) axiosRetry(client, { retries: retry, retryDelay: () => 0 });
  return client;
}

function pooledAgent(connections: number | undefined): Agent | undefined {
  if (connections === undefined) return undefined;
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  onTestFinished(() => agent.destroy());
  return agent;
}

function axiosConfig(request: ClientRequest): AxiosRequestConfig {
  const { url, method = 'GET', headers, json, body, bodyFactory, signal, timeoutMs, redirect } = request;
  const maxRedirects = redirect === 'manual' ? 0 : undefined;
  const fetchOptions = redirect === undefined ? undefined : { redirect };
  const data = json ?? body;
  const options = {
    ...request.auth,
    url,
    method,
    headers,
    data,
    bodyFactory,
    signal,
    timeout: timeoutMs,
    maxRedirects,
    fetchOptions,
  };
  return defined(options);
}

function fromAxios(response: AxiosResponse<string>): ClientResponse {
  return {
    status: response.status,
    headers: headerReader(response.headers),
    text: async () => response.data,
    native: response,
  };
}

// axios reads an answer to its end before anybody sees it.
const axiosCapabilities: Capabilities = { ...usualCapabilities, leavesRefusedBodies: false };

function axiosDriver(adapter: AxiosAdapterName, differences: Partial<ClientDriver>): ClientDriver {
  return {
    name: `axios-${adapter}`,
    capabilities: axiosCapabilities,
    create(auth, options = {}) {
      const client = createAxios(adapter, options);
      for (const one of listOf(auth)) client.interceptors.request.use(axiosAuth(one, adapterOptions(options)));
      return async (request) => fromAxios(await client.request<string>(axiosConfig(request)));
    },
    responseOf: (error) => (isAxiosError(error) && error.response ? fromAxios(error.response) : undefined),
    stream: (chunks) => Readable.from(chunks.map((chunk) => Buffer.from(chunk))),
    ...differences,
  };
}

// axios follows redirects by itself there, and its hook cannot wait.
export const axiosHttp = axiosDriver('http', { capabilities: { ...axiosCapabilities, signsHopsLate: false } });

export const axiosFetch = axiosDriver('fetch', { stream: webStream });
