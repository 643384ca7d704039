import axios, { type AxiosRequestConfig } from 'axios';
import got from 'got';
import { Agent } from 'undici';
import { describe, expect, it } from 'vitest';
import { axiosAuth } from '../../../src/adapters/axios.ts';
import { fetchAuth } from '../../../src/adapters/fetch.ts';
import { gotAuth } from '../../../src/adapters/got.ts';
import { undiciAuth } from '../../../src/adapters/undici.ts';
import { AuthDigest } from '../../../src/authenticators/digest.ts';
import { AuthQuery } from '../../../src/authenticators/query.ts';
import { type DigestServer, startDigestServer } from '../../helpers/digest-server.ts';

const digest = () => new AuthDigest({ username: 'ada', password: 'open sesame' });
const key = () => new AuthQuery({ name: 'key', key: "it's a key" });
const verdicts = ({ hits }: DigestServer) => hits.map(({ refusal }) => refusal);
const GOOD = ['no answer', undefined];

describe.each(['http', 'fetch'])('axios over its %s adapter', (adapter) => {
  const params = { quote: "it's", list: ['a b', '[c]'], plain: 'a:b$c,d', none: undefined };
  const configs: [name: string, config: AxiosRequestConfig][] = [
    ['parameters', { params }],
    ['parameters beside a query', { url: '/x?a=%2F#hash', params }],
    ['a serializer', { params, paramsSerializer: { serialize: () => "raw='&[]=1" } }],
    ['parameters that are none', { params: {} }],
    ['URLSearchParams', { params: new URLSearchParams([['a', "b'c d"]]) }],
  ];

  it.each(configs)('signs %s as they are sent', async (_, config) => {
    const server = await startDigestServer();
    const client = axios.create({ adapter, baseURL: server.origin });
    client.interceptors.request.use(axiosAuth(digest(), { origins: [server.origin] }));
    await client.get('/x', config);
    expect(verdicts(server)).toEqual(GOOD);
  });

  it('signs the key that AuthQuery adds as well', async () => {
    const server = await startDigestServer();
    const client = axios.create({ adapter, baseURL: server.origin });
    client.interceptors.request.use(axiosAuth(key(), { origins: [server.origin] }));
    client.interceptors.request.use(axiosAuth(digest(), { origins: [server.origin] }));
    await client.get('/x', { params });
    expect(verdicts(server)).toEqual(GOOD);
    expect(server.hits.at(-1)?.url).toContain('key=it%27s+a+key');
  });
});

it.each(['http', 'fetch'])('leaves the user in a URL out of the target (axios over %s)', async (adapter) => {
  const server = await startDigestServer();
  const client = axios.create({ adapter });
  client.interceptors.request.use(axiosAuth(digest(), { origins: [server.origin] }));
  await client.get(server.url('/x?a=1').replace('//', '//someone:else@'));
  expect(verdicts(server)).toEqual(['another scheme', undefined]);
});

describe('a digest beside a key in the query', () => {
  it('signs both under fetch', async () => {
    const server = await startDigestServer();
    const send = fetchAuth(key(), { baseUrl: server.origin, fetch: fetchAuth(digest(), { baseUrl: server.origin }) });
    expect((await send(server.url("/x?a='b'"))).status).toBe(200);
    expect(verdicts(server)).toEqual(GOOD);
  });

  it('signs both under got', async () => {
    const server = await startDigestServer();
    const send = got.extend(
      gotAuth(key(), { origins: [server.origin] }),
      gotAuth(digest(), { origins: [server.origin] }),
    );
    expect((await send(server.url("/x?a='b'"))).statusCode).toBe(200);
    expect(verdicts(server)).toEqual(GOOD);
  });
});

it.each([{ path: "/it's?a='b'" }, { path: '/x', query: { a: "b'c d", list: ['1', '2'] } }, { path: '/a%20b//c?|^`' }])(
  'undici sends and signs %o as it is',
  async (call) => {
    const server = await startDigestServer();
    const agent = new Agent().compose(undiciAuth(digest(), { origins: [server.origin] }));
    const { statusCode, body } = await agent.request({ origin: server.origin, method: 'GET', ...call });
    await body.dump();
    expect(statusCode).toBe(200);
    expect(verdicts(server)).toEqual(GOOD);
    await agent.close();
  },
);

// Node 20 and 22 send `/x` for `/x?`, Node 24 sends `/x?`.
it.each(['/x?', '/x?#hash', '/?'])('signs %s as it is sent, on every version of Node', async (path) => {
  const server = await startDigestServer();
  const send = fetchAuth(digest(), { baseUrl: server.origin });
  const response = await send(server.url(path));
  expect(response.status).toBe(200);
  expect(verdicts(server)).toEqual(GOOD);
  expect(server.hits.at(-1)?.url).toBe(path.slice(0, path.indexOf('?')));
  expect((await send(new Request(server.url(path), { method: 'POST', body: 'text' }))).status).toBe(200);
  expect(verdicts(server)).toEqual([...GOOD, undefined]);
});
