import axios, { type AxiosAdapter, AxiosError, type AxiosRequestConfig } from 'axios';
import MockAdapter from 'axios-mock-adapter';
import { describe, expect, it } from 'vitest';
import { axiosAuth } from '../../../src/adapters/axios.ts';
import { AuthQuery } from '../../../src/authenticators/query.ts';
import { ConfigurationError } from '../../../src/errors.ts';
import { fail } from '../../helpers/protected-api.ts';
import { TestAuth } from '../../helpers/test-auth.ts';
import { MARK, TokenIssuer } from '../../helpers/token-issuer.ts';
import { adapters, failure, setUp, setUpExpired, testApi } from './fixture.ts';

describe.each(adapters)('%s', (adapter) => {
  it.each([false, true])('what a caller gives is read at the call (before a resend: %s)', async (isResend) => {
    const { api, issuer, client } = await (isResend ? setUpExpired : setUp)({ adapter });
    const foreign = await testApi();
    const release = issuer.hold();
    const url = new URL(api.url('/mine'));
    const params = new URLSearchParams({ a: '1' });
    const headers = { 'x-mine': 'first' };

    const call = client.request({ url: url as unknown as string, params, headers });
    await issuer.asked(isResend ? 2 : 1);
    url.host = new URL(foreign.origin).host;
    params.set('a', '2');
    headers['x-mine'] = 'second';
    release();

    expect((await call).status).toBe(200);
    expect(foreign.hits).toEqual([]);
    expect(api.hits.at(-1)).toMatchObject({ path: '/mine', query: { a: '1' }, headers: { 'x-mine': 'first' } });
  });

  it('a data: URL gets no key, and is read', async () => {
    const client = axios.create({ adapter });
    client.interceptors.request.use(axiosAuth(new AuthQuery({ name: 'api_key', key: MARK, origins: '*' })));

    const { data, config } = await client.get('data:text/plain,hello');

    expect(String(data)).toBe('hello');
    expect(config.url).toBe('data:text/plain,hello');
  });

  it('parameters that cannot be written are the same error with a key in the query', async () => {
    const api = await testApi();
    const bare = axios.create({ adapter });
    const client = axios.create({ adapter });
    client.interceptors.request.use(axiosAuth(new AuthQuery({ name: 'api_key', key: MARK, origins: [api.origin] })));
    const params: Record<string, unknown> = {};
    params.deep = Array.from({ length: 200 }).reduce((inner) => ({ inner }), {});

    const [expected, got] = await Promise.all(
      [bare, client].map((one) => failure<AxiosError>(one.get(api.url('/'), { params }))),
    );

    expect(got).toMatchObject({ name: expected?.name, message: expected?.message, code: expected?.code });
    expect(got).toBeInstanceOf(AxiosError);
    expect(api.hits).toEqual([]);
  });

  it('one call may go without a credential', async () => {
    const { api, issuer, client } = await setUp({ adapter });

    const error = await failure<AxiosError>(client.post(api.url('/login'), { name: 'ada' }, { skipAuth: true }));

    expect(error.response?.status).toBe(401);
    expect(issuer.requests).toBe(0);
    expect(JSON.stringify(api.hits)).not.toContain(MARK);
  });

  it('one call may say what refuses, whether to resend, and hears of it', async () => {
    const { api, client } = await setUp({ adapter });
    const resends: unknown[] = [];
    api.on('/403', fail(403));
    await client.get(api.url('/'));
    const config: AxiosRequestConfig = { refusedWhen: [403], onResend: (resend) => void resends.push(resend) };

    await failure(client.get(api.url('/403'), config));
    expect(api.hitsOf('/403')).toHaveLength(2);
    await failure(client.get(api.url('/403'), { ...config, resend: false }));
    expect(api.hitsOf('/403')).toHaveLength(3);
    expect(resends).toEqual([{ status: 403, reason: 'refused' }]);
  });
});

describe('an adapter function', () => {
  const answer: AxiosAdapter = async (config) => ({ data: 'sent', status: 200, statusText: '', headers: {}, config });

  it('gets no request whose URL says nothing of where it goes', async () => {
    const client = axios.create({ adapter: answer });
    client.interceptors.request.use(axiosAuth(new TestAuth(new TokenIssuer()), { origins: '*' }));

    const error = await failure<Error>(client.get('/relative'));

    expect(error).toBeInstanceOf(ConfigurationError);
    expect(error.message).toContain('baseURL');
    expect((await client.get('/relative', { skipAuth: true })).data).toBe('sent');
  });

  it('may name what it was asked for as the final URL, as axios-mock-adapter does', async () => {
    const issuer = new TokenIssuer();
    const client = axios.create({ baseURL: 'https://api.example.com/v1' });
    client.interceptors.request.use(axiosAuth(new TestAuth(issuer)));
    const mock = new MockAdapter(client as never);
    mock
      .onGet('/users')
      .replyOnce(401)
      .onGet('/users')
      .reply(200, [{ id: 1 }]);

    expect((await client.get('/users')).data).toEqual([{ id: 1 }]);

    expect(issuer.requests).toBe(2);
    expect(mock.history.get?.map(({ headers }) => headers?.authorization)).toHaveLength(2);
  });
});
