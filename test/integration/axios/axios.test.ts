import axios, { AxiosError, type AxiosRequestConfig, type AxiosResponse, getAdapter, isAxiosError } from 'axios';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { axiosAuth } from '../../../src/adapters/axios.ts';
import { Authenticator, type AuthRequest } from '../../../src/lifecycle/contract.ts';
import { echo, fail, guarded, refuse, sequence } from '../../helpers/protected-api.ts';
import { adapters, failure, setUp, setUpExpired } from './fixture.ts';

const choices: readonly { readonly choice: string; readonly config: AxiosRequestConfig }[] = [
  { choice: 'none', config: {} },
  { choice: 'http', config: { adapter: 'http' } },
  { choice: 'fetch', config: { adapter: 'fetch' } },
  { choice: 'a list of names', config: { adapter: ['xhr', 'fetch', 'http'] } },
  { choice: 'a function of axios: http', config: { adapter: getAdapter('http') } },
  { choice: 'a function of axios: fetch', config: { adapter: getAdapter('fetch') } },
  { choice: "a function of the user's", config: { adapter: (config) => getAdapter('fetch', config)(config) } },
  { choice: 'a list with a function', config: { adapter: [(config) => getAdapter('http')(config), 'fetch'] } },
];

describe('every choice of an adapter', () => {
  it.each(choices)('is signed and renewed: $choice', async ({ config }) => {
    const { api, issuer, client } = await setUpExpired(config);

    const { status, data } = await client.post(api.url('/things'), { a: 1 });

    expect(status).toBe(200);
    expect(data).toMatchObject({ method: 'POST', path: '/things', bodyLength: 7 });
    expect(api.hits.map(({ headers }) => headers.authorization)).toEqual(
      issuer.issued.map((token) => `Bearer ${token}`),
    );
  });

  it('runs through xhr where there is one', async () => {
    class StubXhr {
      static last: StubXhr;
      readonly sent: Record<string, string> = {};
      readonly upload = { addEventListener: () => {} };
      status = 0;
      statusText = '';
      responseText = 'from xhr';
      onloadend: () => void = () => {};
      open() {
        StubXhr.last = this;
      }
      setRequestHeader(name: string, value: string) {
        this.sent[name.toLowerCase()] = value;
      }
      getAllResponseHeaders() {
        return 'x-from: xhr';
      }
      addEventListener() {}
      send() {
        this.status = 200;
        queueMicrotask(() => this.onloadend());
      }
    }
    // axios looks for XMLHttpRequest when it is loaded.
    vi.stubGlobal('XMLHttpRequest', StubXhr);
    vi.resetModules();
    onTestFinished(() => void vi.unstubAllGlobals());
    const { default: axiosWithXhr } = await import('../../../node_modules/axios/dist/esm/axios.js' as string);
    const client = axiosWithXhr.create({ adapter: 'xhr' });
    client.interceptors.request.use(axiosAuth(new AuthFixed(), { origins: ['http://127.0.0.1'], axios: axiosWithXhr }));

    const { data } = await client.get('http://127.0.0.1/xhr');

    expect(data).toBe('from xhr');
    expect(StubXhr.last.sent.authorization).toBe('Fixed S3CR3T');
  });

  it('leaves the error for an unknown name as it is', async () => {
    const { api, client } = await setUp({ adapter: 'carrier-pigeon' });

    const error = await failure(client.get(api.url('/never')));

    expect(error).toBeInstanceOf(AxiosError);
    expect(error).toMatchObject({ message: "Unknown adapter 'carrier-pigeon'" });
  });

  it('leaves the error for a URL that leads nowhere as it is', async () => {
    const plain = await failure<AxiosError>(axios.get('/relative', { adapter: 'http' }));
    const { client, issuer } = await setUp({ adapter: 'http' });

    const error = await failure<AxiosError>(client.get('/relative'));

    expect([error.name, error.code, error.message]).toEqual([plain.name, plain.code, plain.message]);
    expect(issuer.requests).toBe(0);
  });
});

describe.each(adapters)('%s', (adapter) => {
  it('transforms the request once and sends the result twice', async () => {
    const { api, client } = await setUpExpired({ adapter });
    const wrap = vi.fn((data: unknown) => JSON.stringify({ wrap: data }));

    const { status } = await client.post(api.url('/wrapped'), { a: 1 }, { transformRequest: [wrap] });

    expect(status).toBe(200);
    expect(wrap).toHaveBeenCalledTimes(1);
    expect(api.hits.map(({ body }) => Buffer.from(body).toString())).toEqual(Array(2).fill('{"wrap":{"a":1}}'));
    expect(api.hits.map(({ headers }) => headers['content-length'])).toEqual(['16', '16']);
  });

  it('transforms only the answer that stands', async () => {
    const { api, client } = await setUpExpired({ adapter });
    const transform = vi.fn((data: unknown) => data);

    await client.get(api.url('/things'), { transformResponse: [transform] });

    expect(transform).toHaveBeenCalledTimes(1);
  });

  it('lets the authenticator see what the other interceptors have made of the request', async () => {
    const { api, client } = await setUp({ adapter });
    const seen: unknown[] = [];
    class AuthWitness extends Authenticator<string> {
      authenticate() {
        return 'nothing';
      }
      async modifyRequest(request: AuthRequest) {
        const body = Buffer.from((await request.readBody?.()) ?? []).toString();
        seen.push(request.method, request.url.href, request.headers.get('x-late'), body, request.replayable);
      }
    }
    client.interceptors.request.clear();
    client.interceptors.request.use(axiosAuth(new AuthWitness(), { origins: [api.origin] }));
    client.interceptors.request.use((config) => {
      config.headers['x-late'] = 'set later';
      config.params = { list: [1, 2], q: 'a b' };
      config.data = { late: true };
      return config;
    });

    await failure(client.post('/things', {}, { baseURL: `${api.origin}/below` }));

    expect(seen).toEqual([
      'POST',
      api.url('/below/things?list%5B%5D=1&list%5B%5D=2&q=a+b'),
      'set later',
      '{"late":true}',
      true,
    ]);
    expect(api.hits.map(({ path, query }) => [path, query.q])).toEqual([['/below/things', 'a b']]);
  });

  it.each([
    { validateStatus: null, rejects: false },
    { validateStatus: undefined, rejects: true },
    { validateStatus: () => true, rejects: false },
    { validateStatus: () => false, rejects: true },
  ])('renews and keeps to validateStatus: $validateStatus', async ({ validateStatus, rejects }) => {
    const { api, issuer, client } = await setUpExpired({ adapter });
    issuer.issueWorthless();
    api.on('/never', refuse());
    // axios takes an undefined option for one that is set.
    const config = validateStatus === undefined ? {} : { validateStatus };

    const call = client.get(api.url('/never'), config);

    const { status } = rejects ? ((await failure<AxiosError>(call)).response as AxiosResponse) : await call;
    expect(status).toBe(401);
    expect(api.hits).toHaveLength(2);
  });

  it('asks validateStatus of the user, and nobody else, what an error is', async () => {
    const { api, client } = await setUpExpired({ adapter });
    api.on('/teapot', guarded(fail(418)));

    const { status } = await client.get(api.url('/teapot'), { validateStatus: (code) => code === 418 });

    expect(status).toBe(418);
    expect(api.hits).toHaveLength(2);
  });

  it("gives errors of the user's axios, with the caller's own config", async () => {
    const { api, client } = await setUp({ adapter });
    api.on('/bad', fail(500));

    const error = await failure<AxiosError>(client.get(api.url('/bad'), { headers: { 'x-mine': '1' } }));

    expect(error).toBeInstanceOf(AxiosError);
    expect(isAxiosError(error)).toBe(true);
    expect(error.config).toBe(error.response?.config);
    expect(error.config?.url).toBe(api.url('/bad'));
    expect(error.config?.headers.get('x-mine')).toBe('1');
  });

  it('never writes into the headers that the caller keeps', async () => {
    const { api, client } = await setUpExpired({ adapter });

    const { config } = await client.post(api.url('/things'), 'text');

    expect(
      Object.keys(config.headers.toJSON())
        .map((name) => name.toLowerCase())
        .sort(),
    ).toEqual(['accept', 'content-type']);
  });

  it('sends each attempt the length of its own body', async () => {
    const { api, client } = await setUpExpired({ adapter });
    let version = 0;
    const bodyFactory = () => 'x'.repeat(10 + version++);
    const config = { bodyFactory, headers: { 'content-type': 'text/plain' } };

    await client.post(api.url('/growing'), undefined, config);

    expect(api.hits.map(({ bodyLength }) => bodyLength)).toEqual([10, 11]);
  });

  it('works as a synchronous interceptor', async () => {
    const { api, auth, client } = await setUp({ adapter });
    client.interceptors.request.clear();
    client.interceptors.request.use(axiosAuth(auth, { origins: [api.origin] }), undefined, { synchronous: true });

    expect((await client.get(api.url('/things'))).status).toBe(200);
  });

  it('obeys runWhen', async () => {
    const { api, auth, client } = await setUp({ adapter });
    client.interceptors.request.clear();
    client.interceptors.request.use(axiosAuth(auth, { origins: [api.origin] }), undefined, {
      runWhen: ({ url }) => url?.endsWith('/signed') === true,
    });

    await client.get(api.url('/signed'));
    await failure(client.get(api.url('/open')));

    expect(api.hits.map(({ headers }) => headers.authorization !== undefined)).toEqual([true, false]);
  });

  it('reports the progress of the answer that stands to its end', async () => {
    const { api, client } = await setUpExpired({ adapter });
    api.on(
      '/large',
      guarded(({ response }) => void response.end('d'.repeat(5000)), refuse({ bodyBytes: 100 })),
    );
    const loaded: number[] = [];

    const { data } = await client.get(api.url('/large'), {
      onDownloadProgress: (progress) => void loaded.push(progress.loaded),
    });

    expect(data).toHaveLength(5000);
    expect(loaded.at(-1)).toBe(5000);
  });

  it('counts a time limit for each attempt and each wait by itself', async () => {
    const { api, issuer, client } = await setUpExpired({ adapter });
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    onTestFinished(() => void vi.useRealTimers());
    const release = issuer.hold();
    const call = client.get(api.url('/patient'), { timeout: 10_000 });
    await issuer.asked(2);

    vi.advanceTimersByTime(9000);
    release();

    expect((await call).status).toBe(200);
    expect(api.hits).toHaveLength(2);
  });

  it("takes the caller's side when the body of a 401 breaks off", async () => {
    const { api, issuer, client } = await setUpExpired({ adapter });
    api.on('/cut', ({ response }) => {
      response.writeHead(401, { 'content-length': 1000 });
      response.write('not all of it', () => response.destroy());
    });

    const error = await failure<AxiosError>(client.get(api.url('/cut')));

    expect(error).toBeInstanceOf(AxiosError);
    expect(api.hits).toHaveLength(1);
    expect(issuer.requests).toBe(1);
  });

  it('renews once for one call, also if the answers go on changing', async () => {
    const { api, issuer, client } = await setUp({ adapter });
    api.on('/fickle', sequence(refuse(), refuse(), echo()));

    const error = await failure<AxiosError>(client.get(api.url('/fickle')));

    expect(error.response?.status).toBe(401);
    expect(api.hits).toHaveLength(2);
    expect(issuer.requests).toBe(2);
  });
});

class AuthFixed extends Authenticator<string> {
  authenticate() {
    return 'Fixed S3CR3T';
  }
  modifyRequest(request: AuthRequest, credential: string) {
    request.headers.set('authorization', credential);
  }
}
