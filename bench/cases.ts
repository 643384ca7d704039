/** Who is measured with which client. Everybody of one case sends the same call over the same transport. */

import axios, { type AxiosInstance } from 'axios';
import got, { type ExtendOptions } from 'got';
import ky from 'ky';
import { axiosAuth } from '../src/adapters/axios.ts';
import { fetchAuth } from '../src/adapters/fetch.ts';
import { gotAuth } from '../src/adapters/got.ts';
import { kyAuth } from '../src/adapters/ky.ts';
import { carefulAxios, fiveLineAxios } from './floors/axios.ts';
import { type Challenged, carefulDigest, fiveLineDigest } from './floors/digest.ts';
import { carefulFetch, type Fetch, fiveLineFetch } from './floors/fetch.ts';
import { carefulGot, fiveLineGot } from './floors/got.ts';
import { carefulKy, fiveLineKy } from './floors/ky.ts';
import { TokenKeeper } from './floors/token-keeper.ts';
import { bearer, digest } from './subject.ts';
import { memoryAdapter, memoryFetch, memoryRequest, requestFetch } from './transports.ts';

/** Sends one call and waits for its response. */
export type Call = () => Promise<unknown>;

export interface HotCase {
  readonly name: string;
  /** The most that authwire may add, as a share of what the careful floor adds. */
  readonly target: number;
  /** What everybody but the bare client sends in `Authorization` begins with this. */
  readonly sends: string;
  /** How calls are measured: what takes less than some microseconds only in batches. */
  readonly by: 'batch' | 'call';
  readonly bare: Call;
  readonly fiveLine: Call;
  readonly careful: Call;
  readonly authwire: Call;
}

const URL = 'https://api.example.com/reports/42?fields=title';
const HTTP_URL = URL.replace('https', 'http');
/** The length of a usual JWT: clients look at each character of a header. */
const TOKEN = [36, 576, 86].map((length) => 'bench0123456789Token_-'.repeat(30).slice(0, length)).join('.');
const first = { value: TOKEN, expiresAt: Date.now() + 86_400_000 };
const neverRenewed = () => Promise.reject(new Error('the token is valid'));
const keeper = () => new TokenKeeper(first, neverRenewed);
const subject = () => bearer(first, neverRenewed);
const token = () => TOKEN;
const sends = `Bearer ${TOKEN}`;
const CHALLENGED: Challenged = {
  username: 'ada',
  password: 'open sesame',
  realm: 'reports',
  nonce: '7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v',
  opaque: 'FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS',
};

function fetchCase(name: string, target: number, transport: Fetch, callWith: (fetch: Fetch) => Call): HotCase {
  return {
    name,
    target,
    sends,
    by: 'batch',
    bare: callWith(transport),
    fiveLine: callWith(fiveLineFetch(transport, token)),
    careful: callWith(carefulFetch(transport, keeper())),
    authwire: callWith(fetchAuth(subject(), { origins: [URL], fetch: transport })),
  };
}

const initCall = (fetch: Fetch) => () =>
  fetch(URL, { method: 'GET', headers: { Accept: 'application/json', 'X-Request-Id': '42' } });

/** A new Request each time: one that is sent again and again would have its headers sorted already. */
const requestCall = (fetch: Fetch) => () =>
  fetch(new Request(URL, { headers: { Accept: 'application/json', 'X-Request-Id': '42' } }));

/** Its body is good for one call only: whoever wants to send it again has to clone it before. */
const requestBodyCall = (fetch: Fetch) => () =>
  fetch(new Request(URL, { method: 'POST', body: '{"title":"Q3"}', headers: { 'Content-Type': 'application/json' } }));

function axiosCall(install: (client: AxiosInstance) => void): Call {
  const client = axios.create({ adapter: memoryAdapter });
  install(client);
  return () => client.get(URL, { headers: { Accept: 'application/json', 'X-Request-Id': '42' } });
}

const kyBase = ky.create({ fetch: requestFetch });

function kyCall(options: Parameters<typeof ky.extend>[0]): Call {
  const client = kyBase.extend(options);
  return () => client(URL, { headers: { Accept: 'application/json', 'X-Request-Id': '42' } });
}

function gotCall(options: ExtendOptions): Call {
  const client = got.extend({ request: memoryRequest as NonNullable<ExtendOptions['request']> }, options);
  return () => client(HTTP_URL, { headers: { Accept: 'application/json', 'X-Request-Id': '42' } });
}

/** SHA-256 with qop=auth, in the steady state: everybody has been challenged. */
async function digestCase(): Promise<HotCase> {
  return {
    name: 'digest',
    target: 1.2,
    sends: 'Digest username="ada"',
    by: 'batch',
    bare: initCall(memoryFetch),
    fiveLine: initCall(fiveLineDigest(memoryFetch, CHALLENGED)),
    careful: initCall(carefulDigest(memoryFetch, CHALLENGED)),
    authwire: initCall(fetchAuth(await digest(URL, CHALLENGED), { origins: [URL], fetch: memoryFetch })),
  };
}

/** All cases; the order is the report's. */
export async function hotCases(): Promise<HotCase[]> {
  return [
    fetchCase('fetch-init', 0.6, memoryFetch, initCall),
    fetchCase('fetch-init-request', 1.1, requestFetch, initCall),
    fetchCase('fetch-request', 1.1, requestFetch, requestCall),
    fetchCase('fetch-request-body', 1.1, requestFetch, requestBodyCall),
    {
      name: 'axios',
      target: 2,
      sends,
      by: 'call',
      bare: axiosCall(() => {}),
      fiveLine: axiosCall((client) => fiveLineAxios(client, token)),
      careful: axiosCall((client) => carefulAxios(client, keeper())),
      authwire: axiosCall((client) => client.interceptors.request.use(axiosAuth(subject(), { origins: [URL] }))),
    },
    {
      name: 'ky',
      target: 1.1,
      sends,
      by: 'call',
      bare: kyCall({}),
      fiveLine: kyCall(fiveLineKy(token)),
      careful: kyCall(carefulKy(requestFetch, keeper())),
      authwire: kyCall(kyAuth(subject(), { origins: [URL] })),
    },
    {
      name: 'got',
      target: 2,
      sends,
      by: 'call',
      bare: gotCall({}),
      fiveLine: gotCall(fiveLineGot(token)),
      careful: gotCall(carefulGot(keeper())),
      authwire: gotCall(gotAuth(subject(), { origins: [HTTP_URL] })),
    },
    await digestCase(),
  ];
}
