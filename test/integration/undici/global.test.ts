import { text } from 'node:stream/consumers';
import { Dispatcher1Wrapper, getGlobalDispatcher, request, setGlobalDispatcher, fetch as undiciFetch } from 'undici';
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { undiciAuth } from '../../../src/adapters/undici.ts';
import { testAgent } from '../../helpers/clients/pool.ts';
import { echo, guarded, redirect, refuse, startProtectedApi } from '../../helpers/protected-api.ts';
import { TestAuth } from '../../helpers/test-auth.ts';
import { TokenIssuer } from '../../helpers/token-issuer.ts';

async function setUp() {
  const api = await startProtectedApi();
  onTestFinished(() => api.close());
  api.on('/', guarded(echo(), refuse({ bodyBytes: 100 })));
  const issuer = new TokenIssuer(api);
  const agent = testAgent().compose(undiciAuth(new TestAuth(issuer), { origins: [api.origin] }));
  await (await agent.request({ origin: api.origin, path: '/', method: 'GET' })).body.dump();
  issuer.expire();
  api.forget();
  return { api, issuer, agent };
}

const globalFetch = globalThis.fetch;

describe('as the global dispatcher', () => {
  const before = getGlobalDispatcher();
  afterEach(() => setGlobalDispatcher(before));

  it.each([
    ["Node's fetch", async (url: string) => (await globalFetch(url)).text()],
    ["undici's fetch", async (url: string) => (await undiciFetch(url)).text()],
    ["undici's request", async (url: string) => text((await request(url)).body)],
  ])('signs and renews for %s', async (_name, send) => {
    const { api, issuer, agent } = await setUp();
    setGlobalDispatcher(agent);

    expect(JSON.parse(await send(api.url('/')))).toMatchObject({ path: '/' });
    expect(api.hits).toHaveLength(2);
    expect(issuer.requests).toBe(2);
  });

  it("gives Node's fetch nothing for a foreign hop of a redirect", async () => {
    const { api, issuer, agent } = await setUp();
    const foreign = api.originAs('localhost');
    api.on('/away', guarded(redirect(302, `${foreign}/landing`)));
    api.on('/landing', echo());
    setGlobalDispatcher(agent);

    const response = await globalFetch(api.url('/away'));

    expect([response.status, response.redirected, response.url]).toEqual([200, true, `${foreign}/landing`]);
    expect(api.hits.map((hit) => hit.headers.authorization)).toEqual([
      ...issuer.issued.map((token) => `Bearer ${token}`),
      undefined,
    ]);
  });

  it("renews for the next call when Node's fetch has made a one-shot iterator of the body", async () => {
    const { api, issuer, agent } = await setUp();
    setGlobalDispatcher(agent);
    const post = () => globalFetch(api.url('/'), { method: 'POST', body: 'text' });

    const refused = await post();
    expect([refused.status, await refused.text()]).toEqual([401, 'r'.repeat(100)]);
    expect((await post()).status).toBe(200);
    expect(issuer.requests).toBe(2);
  });

  it("rejects Node's fetch with the reason when no credential can be had", async () => {
    const { api, issuer, agent } = await setUp();
    issuer.failWith(new Error('no token today'));
    setGlobalDispatcher(agent);

    await expect(globalFetch(api.url('/'))).rejects.toMatchObject({
      name: 'TypeError',
      cause: { code: 'ERR_AUTH_CREDENTIAL', cause: { message: 'no token today' } },
    });
  });

  it("frees a caller of Node's fetch at once who aborts during a renewal", async () => {
    const { api, issuer, agent } = await setUp();
    const release = issuer.hold();
    const controller = new AbortController();
    setGlobalDispatcher(agent);
    const call = globalFetch(api.url('/'), { signal: controller.signal });
    await issuer.asked(2);

    controller.abort();

    await expect(call).rejects.toMatchObject({ name: 'AbortError' });
    release();
  });

  it('lets a function keep the token endpoint of the same origin out, which would wait for itself', async () => {
    const { api } = await setUp();
    api.on('/token', echo());
    const issuer = new TokenIssuer(api);
    const source = {
      requestToken: async () => {
        await (await globalFetch(api.url('/token'), { method: 'POST' })).text();
        return issuer.requestToken();
      },
    };
    const origins = (url: URL) => url.origin === api.origin && url.pathname !== '/token';
    setGlobalDispatcher(testAgent().compose(undiciAuth(new TestAuth(source as never), { origins })));

    expect((await globalFetch(api.url('/'))).status).toBe(200);
    expect(api.hits.map((hit) => [hit.path, hit.headers.authorization])).toEqual([
      ['/token', undefined],
      ['/', `Bearer ${issuer.latest}`],
    ]);
  });
});

describe("as the dispatcher of one call of Node's fetch", () => {
  let api: Awaited<ReturnType<typeof setUp>>['api'];
  let agent: Awaited<ReturnType<typeof setUp>>['agent'];
  beforeEach(async () => {
    ({ api, agent } = await setUp());
  });

  it('works inside a Dispatcher1Wrapper', async () => {
    const dispatcher = new Dispatcher1Wrapper(agent);

    const response = await globalFetch(api.url('/'), { dispatcher } as RequestInit);

    expect([response.status, await response.json()]).toEqual([200, expect.objectContaining({ path: '/' })]);
    expect(api.hits).toHaveLength(2);
  });

  it('fails or works without it, as the plain agent does, but never hangs', async () => {
    const outcome = (dispatcher: unknown) =>
      globalFetch(api.url('/'), { dispatcher } as RequestInit).then(
        (response) => response.status < 500,
        (error: Error) => (error.cause as Error).message,
      );

    expect(await outcome(agent)).toEqual(await outcome(testAgent()));
  });
});
