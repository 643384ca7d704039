import { Agent as HttpAgent } from 'node:http';
import axios from 'axios';
import got from 'got';
import ky from 'ky';
import { Agent, request } from 'undici';
import { axiosAuth } from '../../src/adapters/axios.ts';
import { fetchAuth } from '../../src/adapters/fetch.ts';
import { gotAuth } from '../../src/adapters/got.ts';
import { kyAuth } from '../../src/adapters/ky.ts';
import { undiciAuth } from '../../src/adapters/undici.ts';
import type { Authenticator } from '../../src/lifecycle/contract.ts';

/** Sends a GET and gives the status. */
export type Send = (path: string, signal: AbortSignal | undefined) => Promise<number>;

/** All five clients, without retries of their own, with one authenticator. */
export function clients(
  auth: Authenticator,
  origin: string,
): { readonly sends: readonly Send[]; close(): Promise<void> } {
  const agent = new HttpAgent({ keepAlive: true });
  const dispatcher = new Agent();
  const origins = [origin];
  const axiosClient = axios.create({ baseURL: origin, httpAgent: agent, validateStatus: () => true });
  axiosClient.interceptors.request.use(axiosAuth(auth, { origins }) as never);
  const gotClient = got.extend(gotAuth(auth, { origins }) as never, {
    prefixUrl: origin,
    agent: { http: agent },
    retry: { limit: 0 },
    throwHttpErrors: false,
  });
  const kyClient = ky
    .create({ baseUrl: `${origin}/`, retry: 0, throwHttpErrors: false })
    .extend(kyAuth(auth, { origins }) as never);
  const fetchClient = fetchAuth(auth, { origins });
  const composed = dispatcher.compose(undiciAuth(auth, { origins }));
  const drained = async (response: Response) => {
    await response.arrayBuffer();
    return response.status;
  };
  const sends: readonly Send[] = [
    async (path, signal) => (await axiosClient.get(path, signal === undefined ? {} : { signal })).status,
    async (path, signal) => {
      const { statusCode } = (await gotClient(path.slice(1), { signal } as object)) as { readonly statusCode: number };
      return statusCode;
    },
    async (path, signal) => drained(await kyClient(path.slice(1), signal === undefined ? {} : { signal })),
    async (path, signal) => drained(await fetchClient(origin + path, signal === undefined ? {} : { signal })),
    async (path, signal) => {
      const { statusCode, body } = await request(origin + path, { dispatcher: composed, signal: signal ?? null });
      await body.dump();
      return statusCode;
    },
  ];
  return {
    sends,
    async close() {
      agent.destroy();
      await dispatcher.close();
    },
  };
}
