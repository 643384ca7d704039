import axios, { type AxiosInstance } from 'axios';
import { buildMemoryStorage, type CacheOptions, setupCache } from 'axios-cache-interceptor';
import got from 'got';
import { got as got14 } from 'got14';
import ky from 'ky';
import { cacheStores, interceptors, fetch as undiciFetch } from 'undici';
import { describe, expect, it, onTestFinished } from 'vitest';
import { axiosAuth } from '../../src/adapters/axios.ts';
import { fetchAuth } from '../../src/adapters/fetch.ts';
import { gotAuth } from '../../src/adapters/got.ts';
import { kyAuth } from '../../src/adapters/ky.ts';
import { undiciAuth } from '../../src/adapters/undici.ts';
import { testAgent } from '../helpers/clients/pool.ts';
import { guarded, type ProtectedApi, startProtectedApi } from '../helpers/protected-api.ts';
import { placements, TestAuth } from '../helpers/test-auth.ts';
import { TokenIssuer } from '../helpers/token-issuer.ts';

/** Gets `/me` as the user whom the authenticator stands for, through a cache that is made once. */
type Read = (auth: TestAuth) => () => Promise<string>;

/** An API that says who is asking, and lets any private cache keep that for a minute. */
async function personalApi(): Promise<ProtectedApi> {
  const api = await startProtectedApi();
  onTestFinished(() => api.close());
  api.accept('ada', 'bob');
  api.on(
    '/me',
    guarded(({ hit, response }) => {
      response.writeHead(200, { 'cache-control': 'max-age=60', 'content-type': 'text/plain' });
      response.end(/ada|bob/.exec(JSON.stringify([hit.headers, hit.query]))?.[0]);
    }),
  );
  return api;
}

function withGot(client: typeof got): (api: ProtectedApi) => Read {
  return (api) => {
    const cache = new Map();
    return (auth) => {
      const signed = client.extend(gotAuth(auth, { origins: [api.origin] }));
      return () => signed(api.url('/me'), { cache, cacheOptions: { shared: false } }).text();
    };
  };
}

function withUndici(api: ProtectedApi): Read {
  const store = new cacheStores.MemoryCacheStore();
  return (auth) => {
    const agent = testAgent().compose(
      undiciAuth(auth, { origins: [api.origin] }),
      interceptors.cache({ store, type: 'private' }),
    );
    return async () => {
      const { body } = await agent.request({ origin: api.origin, path: '/me', method: 'GET' });
      return body.text();
    };
  };
}

function withAxios(install: (client: AxiosInstance, auth: TestAuth, options: CacheOptions) => void) {
  return (api: ProtectedApi): Read => {
    const storage = buildMemoryStorage();
    return (auth) => {
      const client = axios.create({ baseURL: api.origin, responseType: 'text' });
      install(client, auth, { storage });
      return async () => (await client.get<string>('/me')).data;
    };
  };
}

/** undici's own cache, in a fetch that stands below the authenticator. */
function cachingFetch(type: 'shared' | 'private') {
  const agent = testAgent().compose(interceptors.cache({ store: new cacheStores.MemoryCacheStore(), type }));
  return async (input: RequestInfo | URL, init?: RequestInit) => {
    const { url, method, headers } = new Request(input, init);
    return (await undiciFetch(url, { method, headers: [...headers], dispatcher: agent })) as unknown as Response;
  };
}

const clients: Readonly<Record<string, (api: ProtectedApi) => Read>> = {
  got: withGot(got),
  'got 14': withGot(got14 as unknown as typeof got),
  undici: withUndici,
  'axios-cache-interceptor after axiosAuth': withAxios((client, auth, options) => {
    client.interceptors.request.use(axiosAuth(auth));
    setupCache(client as never, options);
  }),
  'axios-cache-interceptor before axiosAuth': withAxios((client, auth, options) => {
    setupCache(client as never, options);
    client.interceptors.request.use(axiosAuth(auth));
  }),
};

describe.each(Object.entries(clients))('a cache above %s', (_name, make) => {
  describe.each(placements)('credential in %s', (placement) => {
    it("gives no former user's answer after tokens.set() and tokens.clear()", async () => {
      const api = await personalApi();
      const issuer = new TokenIssuer(api);
      const auth = new TestAuth(issuer, placement);
      const read = make(api)(auth);

      await auth.tokens.set({ accessToken: 'ada', tokenType: 'Bearer' });
      expect(await read()).toBe('ada');
      await auth.tokens.set({ accessToken: 'bob', tokenType: 'Bearer' });
      expect(await read()).toBe('bob');
      await auth.tokens.clear();
      issuer.failWith(new Error('nobody is logged in'));
      await expect(read()).rejects.toThrow();
    });
  });
});

describe.each(['shared', 'private'] as const)('a %s cache in the fetch below', (type) => {
  it.each([
    [
      'fetchAuth',
      (auth: TestAuth, api: ProtectedApi, fetch: ReturnType<typeof cachingFetch>) => {
        const signed = fetchAuth(auth, { fetch, origins: [api.origin] });
        return async () => (await signed(api.url('/me'))).text();
      },
    ],
    [
      'kyAuth',
      (auth: TestAuth, api: ProtectedApi, fetch: ReturnType<typeof cachingFetch>) => {
        const client = ky.create({ fetch }).extend(kyAuth(auth, { origins: [api.origin] }));
        return () => client(api.url('/me')).text();
      },
    ],
  ])('tells the users of %s by Authorization', async (_name, make) => {
    const api = await personalApi();
    const fetch = cachingFetch(type);
    const auth = new TestAuth(new TokenIssuer(api));
    const read = make(auth, api, fetch);

    await auth.tokens.set({ accessToken: 'ada', tokenType: 'Bearer' });
    expect(await read()).toBe('ada');
    await auth.tokens.set({ accessToken: 'bob', tokenType: 'Bearer' });
    expect(await read()).toBe('bob');
  });
});

it.each(placements)(
  'axios-cache-interceptor ignores Vary where it is told to (credential in %s)',
  async (placement) => {
    const api = await personalApi();
    const auth = new TestAuth(new TokenIssuer(api), placement);
    let user = 'ada';
    const instance = axios.create({ baseURL: api.origin, responseType: 'text' });
    instance.interceptors.request.use(axiosAuth(auth));
    const client = setupCache(
      instance as never,
      {
        vary: false,
        generateKey: ({ url }) => `${user} ${url}`,
      } as CacheOptions,
    ) as unknown as AxiosInstance;
    const read = async () => (await client.get<string>('/me')).data;

    for (user of ['ada', 'bob', 'ada']) {
      await auth.tokens.set({ accessToken: user, tokenType: 'Bearer' });
      expect(await read()).toBe(user);
    }
    expect(api.hitsOf('/me')).toHaveLength(2);
  },
);
