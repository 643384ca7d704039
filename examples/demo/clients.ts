/** The five clients, each wired as its users would wire it, behind one way to send. */

import axios from 'axios';
import got from 'got';
import ky from 'ky';
import { Agent, interceptors, request } from 'undici';
import { axiosAuth } from '../../src/adapters/axios.ts';
import { fetchAuth } from '../../src/adapters/fetch.ts';
import { gotAuth } from '../../src/adapters/got.ts';
import { kyAuth } from '../../src/adapters/ky.ts';
import { undiciAuth } from '../../src/adapters/undici.ts';
import type { Authenticator } from '../../src/index.ts';

interface Call {
  readonly url: string;
  readonly method?: 'GET' | 'PUT';
  readonly body?: Uint8Array<ArrayBuffer>;
}

/** Sends a request and gives what the client's user gets: the status of the answer, or an error's message. */
export type Send = (call: Call) => Promise<number | string>;

export interface Client {
  readonly name: string;
  /** @param origin - Where the credential belongs. */
  connect(auth: Authenticator, origin: string): Send;
}

const withAxios: Client = {
  name: 'axios',
  connect(auth, origin) {
    const api = axios.create({ validateStatus: null, proxy: false });
    api.interceptors.request.use(axiosAuth(auth, { origins: [origin] }));
    return async ({ url, method = 'GET', body }) =>
      (await api.request({ url, method, ...(body && { data: body }) })).status;
  },
};

const withGot: Client = {
  name: 'got',
  connect(auth, origin) {
    const api = got.extend(gotAuth(auth, { origins: [origin] })).extend({ throwHttpErrors: false });
    return async ({ url, method = 'GET', body }) => (await api(url, { method, ...(body && { body }) })).statusCode;
  },
};

const withKy: Client = {
  name: 'ky',
  connect(auth, origin) {
    const api = ky.extend(kyAuth(auth, { origins: [origin] })).extend({ throwHttpErrors: false });
    return async ({ url, method = 'GET', body }) => statusOf(await api(url, { method, ...(body && { body }) }));
  },
};

const withFetch: Client = {
  name: 'fetch',
  connect(auth, origin) {
    const api = fetchAuth(auth, { origins: [origin] });
    return async ({ url, method = 'GET', body }) => statusOf(await api(url, { method, ...(body && { body }) }));
  },
};

const withUndici: Client = {
  name: 'undici',
  connect(auth, origin) {
    const redirect = interceptors.redirect({ maxRedirections: 5 });
    const dispatcher = new Agent().compose(undiciAuth(auth, { origins: [origin] }), redirect);
    return async ({ url, method = 'GET', body = null }) => {
      const response = await request(url, { method, body, dispatcher });
      await response.body.dump();
      return response.statusCode;
    };
  },
};

export const clients: readonly Client[] = [withAxios, withGot, withKy, withFetch, withUndici];

/** All five with one authenticator, in turn. */
export const allFive: Client = {
  name: 'all five',
  connect(auth, origin) {
    const sends = clients.map((client) => client.connect(auth, origin));
    let turn = 0;
    return (call) => {
      turn += 1;
      return (sends[turn % sends.length] as Send)(call);
    };
  },
};

async function statusOf(response: Response): Promise<number> {
  await response.arrayBuffer();
  return response.status;
}
