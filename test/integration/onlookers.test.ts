/** What `docs/protection.md` says about code in the same process: here is what it sees. */

import diagnostics from 'node:diagnostics_channel';
import type { request } from 'node:http';
import axios from 'axios';
import got from 'got';
import { describe, expect, it, onTestFinished } from 'vitest';
import { axiosAuth } from '../../src/adapters/axios.ts';
import { fetchAuth } from '../../src/adapters/fetch.ts';
import { gotAuth } from '../../src/adapters/got.ts';
import { undiciAuth } from '../../src/adapters/undici.ts';
import { testAgent } from '../helpers/clients/pool.ts';
import { type ProtectedApi, startProtectedApi } from '../helpers/protected-api.ts';
import { TestAuth } from '../helpers/test-auth.ts';
import { TokenIssuer } from '../helpers/token-issuer.ts';

async function setUp(placement: 'authorization' | 'query' = 'authorization') {
  const api = await startProtectedApi();
  onTestFinished(() => api.close());
  const issuer = new TokenIssuer(api);
  return { api, issuer, auth: new TestAuth(issuer, placement) };
}

/** What subscribers of a channel get to see of the requests that go out. */
function seenOn(channel: string, headersOf: (message: never) => unknown): string[] {
  const seen: string[] = [];
  const listen = (message: unknown) => void seen.push(JSON.stringify(headersOf(message as never)));
  diagnostics.subscribe(channel, listen);
  onTestFinished(() => void diagnostics.unsubscribe(channel, listen));
  return seen;
}

type NodeRequest = ReturnType<typeof request>;

const clients: Readonly<Record<string, (api: ProtectedApi, auth: TestAuth) => Promise<unknown>>> = {
  fetch: (api, auth) => fetchAuth(auth, { origins: [api.origin] })(api.url('/')),
  undici: async (api, auth) => {
    const agent = testAgent().compose(undiciAuth(auth, { origins: [api.origin] }));
    await (await agent.request({ origin: api.origin, path: '/', method: 'GET' })).body.dump();
  },
  axios: (api, auth) => {
    const client = axios.create({ baseURL: api.origin });
    client.interceptors.request.use(axiosAuth(auth));
    return client.get('/');
  },
  got: (api, auth) => got.extend(gotAuth(auth, { origins: [api.origin] }))(api.url('/')),
};

describe('a diagnostics channel hands the credential to its subscribers', () => {
  it.each([
    ['fetch', 'undici:client:sendHeaders', ({ headers }: { headers: string }) => headers],
    ['undici', 'undici:client:sendHeaders', ({ headers }: { headers: string }) => headers],
    ['fetch', 'undici:request:create', ({ request }: { request: { headers: unknown } }) => request.headers],
    ['undici', 'undici:request:create', ({ request }: { request: { headers: unknown } }) => request.headers],
  ])('%s on %s', async (client, channel, headersOf) => {
    const { api, issuer, auth } = await setUp();
    const seen = seenOn(channel, headersOf as never);

    await clients[client]?.(api, auth);

    expect(seen.join()).toContain(issuer.latest);
  });

  it.each(['axios', 'got'])('%s on http.client.request.start', async (client) => {
    const { api, issuer, auth } = await setUp();
    const seen = seenOn('http.client.request.start', ({ request }: { request: NodeRequest }) => request.getHeaders());

    await clients[client]?.(api, auth);

    expect(seen.join()).toContain(issuer.latest);
  });
});

it('resource timing holds a key in the query, and none with a buffer of 0', async () => {
  const { api, issuer, auth } = await setUp('query');
  onTestFinished(() => performance.setResourceTimingBufferSize(250));
  const call = async () => {
    const reported = new Promise((resolve) => {
      const observer = new PerformanceObserver((list) => resolve(list.getEntries().map(({ name }) => name)));
      observer.observe({ type: 'resource' });
      onTestFinished(() => observer.disconnect());
    });
    await (await fetchAuth(auth, { origins: [api.origin] })(api.url('/'))).text();
    await reported;
    return performance.getEntriesByType('resource').map(({ name }) => name);
  };
  performance.clearResourceTimings();

  expect((await call()).join()).toContain(issuer.latest);
  performance.clearResourceTimings();
  performance.setResourceTimingBufferSize(0);
  expect(await call()).toEqual([]);
});
