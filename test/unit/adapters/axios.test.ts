import axios, {
  AxiosError,
  AxiosHeaders,
  type AxiosRequestConfig,
  type AxiosResponse,
  type InternalAxiosRequestConfig,
} from 'axios';
import { describe, expect, it } from 'vitest';
import { type AxiosAuthOptions, axiosAuth } from '../../../src/adapters/axios.ts';
import {
  type AuthContext,
  Authenticator,
  type AuthRequest,
  type AuthResponse,
  type Verdict,
} from '../../../src/lifecycle/contract.ts';

/** Says what it is told to, and counts. */
class AuthByHand extends Authenticator<string> {
  readonly header: string;
  renewals = 0;
  verdict: (response: AuthResponse) => Verdict | Promise<Verdict> = ({ status }) => status !== 401;
  renew: () => string = () => 'second';

  constructor(header = 'authorization') {
    super();
    this.header = header;
  }

  authenticate({ refused }: AuthContext<string>): string {
    if (refused === undefined) return 'first';
    this.renewals += 1;
    return this.renew();
  }

  modifyRequest(request: AuthRequest, credential: string): void {
    request.headers.set(this.header, credential);
  }

  override checkResult(response: AuthResponse): Verdict | Promise<Verdict> {
    return this.verdict(response);
  }
}

/** A client whose adapter lives in memory: one status after the other, and what it was sent. */
function inMemory(auth: Authenticator, statuses: readonly number[], options: AxiosAuthOptions = {}) {
  const sent: InternalAxiosRequestConfig[] = [];
  const adapter = async (config: InternalAxiosRequestConfig): Promise<AxiosResponse> => {
    sent.push(config);
    const status = statuses[sent.length - 1] ?? 200;
    const response = {
      data: `answer ${sent.length}`,
      status,
      statusText: '',
      headers: {},
      config,
      request: { config },
    };
    if (config.validateStatus?.(status) === false) throw new AxiosError('bad', undefined, config, {}, response);
    return response;
  };
  const client = axios.create({ adapter, baseURL: 'http://api.example.com' });
  client.interceptors.request.use(axiosAuth(auth, options));
  return { client, sent };
}

const url = 'http://api.example.com/things';

describe('the copy that is sent', () => {
  it('is another one for every attempt, with headers of its own', async () => {
    const { client, sent } = inMemory(new AuthByHand(), [401, 200]);

    const { config } = await client.get(url);

    expect(sent.map(({ headers }) => headers.get('authorization'))).toEqual(['first', 'second']);
    expect(new Set([config, ...sent]).size).toBe(3);
    expect(new Set([config, ...sent].map(({ headers }) => headers)).size).toBe(3);
    expect(config.headers.get('authorization')).toBeUndefined();
  });

  it('has everything that the config has, symbols and unknown keys too', async () => {
    const { client, sent } = inMemory(new AuthByHand(), []);
    const mark = Symbol('mark');
    client.interceptors.request.use((config) => Object.assign(config, { [mark]: 1, unknown: 2 }));

    await client.get(url, { timeout: 5 });

    expect(sent[0]).toMatchObject({ unknown: 2, timeout: 5, url, method: 'get' });
    expect(Reflect.get(sent[0] ?? {}, mark)).toBe(1);
    expect(sent[0]?.headers).toBeInstanceOf(AxiosHeaders);
  });

  it('names the adapter that is below us', async () => {
    const { client, sent } = inMemory(new AuthByHand(), []);

    await client.get(url);

    expect(sent[0]?.adapter).toBe(client.defaults.adapter);
  });
});

describe('one interceptor', () => {
  it('serves clients with different adapters, each with its own', async () => {
    const [left, right] = [inMemory(new AuthByHand(), []), inMemory(new AuthByHand(), [])];
    const shared = axiosAuth(new AuthByHand('x-shared'), { origins: ['http://api.example.com'] });
    left.client.interceptors.request.use(shared);
    right.client.interceptors.request.use(shared);

    await Promise.all([left.client.get(url), right.client.get(url), left.client.get(url)]);

    expect([left.sent.length, right.sent.length]).toEqual([2, 1]);
    expect(right.sent[0]?.headers.get('x-shared')).toBe('first');
  });
});

describe('answers', () => {
  it('are judged and signed once more on "again", with the same credential', async () => {
    const auth = new AuthByHand();
    auth.verdict = ({ status }) => (status === 418 ? 'again' : true);
    const { client, sent } = inMemory(auth, [418, 200]);

    expect((await client.get(url, { validateStatus: null })).data).toBe('answer 2');
    expect(sent.map(({ headers }) => headers.get('authorization'))).toEqual(['first', 'first']);
    expect(auth.renewals).toBe(0);
  });

  it('are given once as they came where there is nothing better', async () => {
    const auth = new AuthByHand();
    auth.renew = () => 'first';
    const { client, sent } = inMemory(auth, [401]);

    await expect(client.get(url)).rejects.toMatchObject({ response: { data: 'answer 1' } });
    expect(sent).toHaveLength(1);
  });

  it.each([
    { headers: { 'x-nonce': 'n' }, body: 'text', text: 'text' },
    { headers: { 'x-nonce': ['n'] }, body: Buffer.from('bytes'), text: 'bytes' },
    { headers: new AxiosHeaders({ 'X-Nonce': 'n' }), body: new Blob(['blob']), text: 'blob' },
    { headers: { 'x-nonce': 'n' }, body: undefined, text: '' },
    { headers: { 'x-nonce': 'n' }, body: new ReadableStream(), text: '' },
  ])('show the authenticator their headers and text: $text', async ({ headers, body, text }) => {
    const seen: unknown[] = [];
    const auth = new AuthByHand();
    auth.verdict = async (response) => {
      seen.push(response.headers.get('X-Nonce'), response.headers.get('none'), await response.readText?.());
      return true;
    };
    const client = axios.create({
      adapter: async (config) => ({ data: body, status: 200, statusText: '', headers, config }),
    });
    client.interceptors.request.use(axiosAuth(auth, { origins: ['http://api.example.com'] }));

    expect((await client.get(url)).data).toBe(body);
    expect(seen).toEqual(['n', null, text]);
  });
});

describe('failures', () => {
  it.each([
    { how: 'rejects', adapter: (error: Error) => () => Promise.reject(error) },
    {
      how: 'throws',
      adapter: (error: Error) => () => {
        throw error;
      },
    },
  ])("are the adapter's own: $how", async ({ adapter }) => {
    const auth = new AuthByHand();
    const error = new Error('out of order');
    const client = axios.create({ adapter: adapter(error) });
    client.interceptors.request.use(axiosAuth(auth, { origins: ['http://api.example.com'] }));

    await expect(client.get(url)).rejects.toBe(error);
    expect(Object.keys(error)).toEqual([]);
    expect(auth.renewals).toBe(0);
  });

  it('of a time limit are no answers, even with a 401 in them', async () => {
    const auth = new AuthByHand();
    const client = axios.create({
      adapter: async (config) => {
        const response = { data: undefined, status: 401, statusText: '', headers: {}, config };
        throw new AxiosError('timeout exceeded', 'ECONNABORTED', config, {}, response);
      },
    });
    client.interceptors.request.use(axiosAuth(auth, { origins: ['http://api.example.com'] }));

    await expect(client.get(url)).rejects.toMatchObject({ code: 'ECONNABORTED' });
    expect(auth.renewals).toBe(0);
  });

  it('in a chain of causes have the config of the caller, each of them', async () => {
    const auth = new AuthByHand();
    const client = axios.create({
      adapter: async (config) => {
        const inner = new AxiosError('inner', 'ERR_NETWORK', config, { config });
        throw AxiosError.from(inner, 'ERR_NETWORK', config, { config });
      },
    });
    client.interceptors.request.use(axiosAuth(auth, { origins: ['http://api.example.com'] }));

    const error: AxiosError = await client.get(url).catch((reason) => reason);

    expect((error.cause as AxiosError).config).toBe(error.config);
    expect(error.config?.headers.get('authorization')).toBeUndefined();
  });

  it('sends nothing for a signal that is aborted at the very renewal', async () => {
    const auth = new AuthByHand();
    const controller = new AbortController();
    auth.renew = () => {
      controller.abort();
      return 'second';
    };
    const { client, sent } = inMemory(auth, [401, 200]);

    await expect(client.get(url, { signal: controller.signal })).rejects.toMatchObject({ code: 'ERR_CANCELED' });
    expect(sent).toHaveLength(1);
  });
});

interface PlaceCase {
  readonly name: string;
  readonly config: AxiosRequestConfig;
  readonly options?: AxiosAuthOptions;
  readonly signed: boolean;
}

const places: readonly PlaceCase[] = [
  { name: 'a URL', config: { url }, signed: true },
  { name: 'below the base', config: { baseURL: 'http://a.example', url: '/x' }, signed: true },
  { name: 'the base itself', config: { baseURL: 'http://a.example/' }, signed: true },
  {
    name: 'no base',
    config: { baseURL: null, url } as unknown as AxiosRequestConfig,
    options: { origins: ['http://api.example.com'] },
    signed: true,
  },
  { name: 'no URL', config: { baseURL: 'http://a.example', url: null } as unknown as AxiosRequestConfig, signed: true },
  { name: 'away from the base', config: { baseURL: 'http://a.example', url }, signed: false },
  { name: 'another port', config: { baseURL: 'http://a.example', url: 'http://a.example:81/' }, signed: false },
  { name: 'another scheme', config: { baseURL: 'http://a.example', url: 'https://a.example/' }, signed: false },
  { name: 'a longer name', config: { baseURL: 'http://a.example', url: 'http://a.example.evil/' }, signed: false },
  { name: 'userinfo', config: { baseURL: 'http://a.example', url: 'http://a.example@evil.com/' }, signed: false },
  { name: 'the base in capitals', config: { baseURL: 'http://A.example', url: 'HTTP://a.EXAMPLE/x' }, signed: true },
  { name: 'its default port', config: { baseURL: 'http://a.example', url: 'http://a.example:80/' }, signed: true },
  { name: 'named', config: { url }, options: { origins: ['http://api.example.com'] }, signed: true },
  { name: 'not named', config: { url }, options: { origins: ['http://a.example'] }, signed: false },
  {
    name: 'named, away from the base',
    config: { baseURL: 'http://a.example', url },
    options: { origins: ['http://api.example.com'] },
    signed: true,
  },
  {
    name: 'below the base against its will',
    config: { baseURL: 'http://a.example', url: 'http://evil.com/', allowAbsoluteUrls: false },
    signed: true,
  },
];

describe('where a credential goes', () => {
  it.each(places)('$name: $signed', async ({ config, options, signed }) => {
    const { client, sent } = inMemory(new AuthByHand(), [], options);

    await client.request(config);

    expect(sent[0]?.headers.has('authorization')).toBe(signed);
  });

  it('is written out where old axios would go elsewhere', async () => {
    const { client, sent } = inMemory(new AuthByHand(), []);

    await client.get('http://evil.com/x', { baseURL: 'http://a.example/', allowAbsoluteUrls: false });

    expect(sent[0]).toMatchObject({ url: 'http://a.example/http://evil.com/x', baseURL: undefined });
  });

  it('renews nothing for a 401 from where it did not go', async () => {
    const auth = new AuthByHand();
    const { client, sent } = inMemory(auth, [401]);

    await client.get(url, { baseURL: 'http://a.example', validateStatus: null });

    expect(sent).toHaveLength(1);
    expect(auth.renewals).toBe(0);
  });
});
