import axios, { type AxiosRequestConfig, type InternalAxiosRequestConfig } from 'axios';
import { describe, expect, it } from 'vitest';
import { type AxiosAuthOptions, axiosAuth } from '../../../../src/adapters/axios.ts';
import { Authenticator, type AuthRequest } from '../../../../src/lifecycle/contract.ts';

class AuthHeader extends Authenticator<string> {
  readonly #header: string;

  constructor(header: string) {
    super();
    this.#header = header;
  }

  authenticate() {
    return 'ours';
  }

  modifyRequest(request: AuthRequest, credential: string) {
    request.headers.set(this.#header, credential);
  }
}

class AuthKey extends Authenticator<string> {
  authenticate() {
    return 'k&y';
  }

  modifyRequest(request: AuthRequest, key: string) {
    const { url } = request;
    url.searchParams.set('api_key', key);
    request.url = url;
  }
}

/** What reaches the adapter, and what the caller gets back. */
async function sent(auth: Authenticator, config: AxiosRequestConfig, options?: AxiosAuthOptions) {
  const configs: InternalAxiosRequestConfig[] = [];
  const client = axios.create({
    adapter: async (copy) => {
      configs.push(copy);
      return { data: '', status: 401, statusText: '', headers: {}, config: copy };
    },
    validateStatus: null,
  });
  client.interceptors.request.use(axiosAuth(auth, { origins: ['http://api.example.com'], ...options }));
  const { config: back } = await client.request(config);
  return { copy: configs[0] as InternalAxiosRequestConfig, back, attempts: configs.length };
}

const url = 'http://api.example.com/things';
const auth = { username: 'u', password: 'p' };

describe("axios's own basic authentication", () => {
  it.each([
    { where: 'auth', config: { url, auth } },
    { where: 'the URL', config: { url: 'http://u:p@api.example.com/things' } },
    { where: 'the base URL', config: { baseURL: 'http://u:p@api.example.com/', url: '/things' } },
  ])('in $where gives way to ours', async ({ config }) => {
    const { copy, back } = await sent(new AuthHeader('authorization'), config);

    expect(copy.headers.get('authorization')).toBe('ours');
    expect(copy).toMatchObject({ url, auth: undefined, baseURL: undefined });
    expect(back).toMatchObject(config);
  });

  it.each([
    { where: 'auth', config: { url, auth } },
    { where: 'the URL', config: { url: 'http://u:p@api.example.com/things' } },
  ])("in $where stays under 'preserve', and its 401 says nothing about ours", async ({ config }) => {
    const { copy, attempts } = await sent(new AuthHeader('authorization'), config, { headerPolicy: 'preserve' });

    expect(copy.headers.has('authorization')).toBe(false);
    expect(copy).toMatchObject(config);
    expect(attempts).toBe(1);
  });

  it('is all that an authenticator sees of Authorization, until it sets its own', async () => {
    const seen: unknown[] = [];
    class AuthCurious extends AuthHeader {
      override modifyRequest(request: AuthRequest, credential: string) {
        seen.push(request.headers.get('authorization'), request.headers.has('authorization'));
        super.modifyRequest(request, credential);
        seen.push(request.headers.get('authorization'));
      }
    }

    await sent(new AuthCurious('authorization'), { url, auth });
    await sent(new AuthCurious('authorization'), { url });

    expect(seen.slice(0, 3)).toEqual(['Basic', true, 'ours']);
    expect(seen.slice(-3)).toEqual([null, false, 'ours']);
  });

  it('stays beside a credential that stands elsewhere', async () => {
    const { copy } = await sent(new AuthHeader('x-api-key'), { url, auth });

    expect(copy).toMatchObject({ url, auth });
    expect(copy.headers.get('x-api-key')).toBe('ours');
  });

  it('keeps the parameters where the URL is rewritten', async () => {
    const { copy } = await sent(new AuthHeader('authorization'), {
      url: 'http://u:p@api.example.com/things',
      params: { q: 1 },
    });

    expect(copy).toMatchObject({ url, params: { q: 1 } });
  });
});

describe('a header of the caller', () => {
  it.each(['Authorization', 'AUTHORIZATION'])('is replaced under every spelling: %s', async (name) => {
    const { copy } = await sent(new AuthHeader('authorization'), { url, headers: { [name]: 'theirs' } });

    expect(Object.entries({ ...copy.headers }).filter(([key]) => key.toLowerCase() === 'authorization')).toEqual([
      [name, 'ours'],
    ]);
  });

  it("stays under 'preserve'", async () => {
    const { copy } = await sent(
      new AuthHeader('authorization'),
      { url, headers: { Authorization: 'theirs' } },
      { headerPolicy: 'preserve' },
    );

    expect(copy.headers.get('authorization')).toBe('theirs');
  });

  it('that is switched off does not switch off ours', async () => {
    const { copy } = await sent(
      new AuthHeader('authorization'),
      { url, headers: { Authorization: false } as unknown as Record<string, string> },
      { headerPolicy: 'preserve' },
    );

    expect(copy.headers.get('authorization')).toBe('ours');
  });
});

describe('a key in the query', () => {
  it.each([
    { params: undefined, expected: `${url}?api_key=k%26y` },
    { params: { a: 'x y', list: [1, 2] }, expected: `${url}?a=x+y&list%5B%5D=1&list%5B%5D=2&api_key=k%26y` },
    { params: new URLSearchParams({ a: 'b' }), expected: `${url}?a=b&api_key=k%26y` },
  ])('stands behind the parameters: $params', async ({ params, expected }) => {
    const { copy, back } = await sent(new AuthKey(), { baseURL: 'http://api.example.com', url: '/things', params });

    expect(copy.url).toBe(expected);
    expect(copy.baseURL).toBeUndefined();
    expect(copy.params).toBeUndefined();
    expect(JSON.stringify(back)).not.toContain('api_key');
  });

  it.each([
    { paramsSerializer: { indexes: null } },
    { paramsSerializer: { serialize: () => 'list=1&list=2' } },
    { paramsSerializer: () => 'list=1&list=2' },
  ])("uses the caller's way to write parameters", async ({ paramsSerializer }) => {
    const config = { url, params: { list: [1, 2] }, paramsSerializer } as AxiosRequestConfig;

    expect((await sent(new AuthKey(), config)).copy.url).toBe(`${url}?list=1&list=2&api_key=k%26y`);
  });

  it('takes nothing from the defaults of axios itself, which are none of this instance', async () => {
    axios.defaults.params = { global: 1 };
    try {
      const client = axios.create({ adapter: async (config) => ({ ...ANSWER, data: config.url, config }) });
      delete client.defaults.params;
      client.interceptors.request.use(axiosAuth(new AuthKey(), { origins: ['http://api.example.com'] }));
      expect((await client.get(url, { params: { a: 1 } })).data).toBe(`${url}?a=1&api_key=k%26y`);
    } finally {
      delete axios.defaults.params;
    }
  });

  it('costs nothing of the URL where nobody changes it', async () => {
    class AuthLooker extends AuthHeader {
      override modifyRequest(request: AuthRequest, credential: string) {
        expect(request.url.searchParams.get('a')).toBe('1');
        super.modifyRequest(request, credential);
      }
    }

    expect((await sent(new AuthLooker('x-api-key'), { url, params: { a: 1 } })).copy).toMatchObject({
      url,
      params: { a: 1 },
    });
  });
});

const ANSWER = { status: 200, statusText: '', headers: {} };
