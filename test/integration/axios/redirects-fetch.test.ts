import { type AxiosError, type AxiosRequestConfig, getAdapter } from 'axios';
import { describe, expect, it } from 'vitest';
import { axiosAuth } from '../../../src/adapters/axios.ts';
import { echo, mentions, redirect } from '../../helpers/protected-api.ts';
import { TestAuth } from '../../helpers/test-auth.ts';
import { MARK, TokenIssuer } from '../../helpers/token-issuer.ts';
import { AuthSignature, clientOf, failure, setUp, testApi } from './fixture.ts';

describe('fetch', () => {
  const adapter = 'fetch';

  it('follows by hand behind a fetch of the caller, and gives it what axios gives', async () => {
    const calls: unknown[] = [];
    const env = {
      fetch: (input: RequestInfo | URL, init?: RequestInit) => {
        calls.push([(input as Request).url ?? input, Object.keys(init ?? {}).includes('authwire')]);
        return fetch(input, init);
      },
    };
    const { api, client } = await setUp({ adapter, env }, { placement: 'header' });
    api.on('/start', redirect(302, '/end'));

    expect((await client.get(api.url('/start'))).status).toBe(200);
    expect(calls).toEqual([
      [api.url('/start'), false],
      [api.url('/end'), false],
    ]);
  });

  it('follows by hand also where the caller has switched Request off', async () => {
    const env = { Request: null, Response: null, fetch } as unknown as NonNullable<AxiosRequestConfig['env']>;
    const { api, client } = await setUp({ adapter, env }, { placement: 'header' });
    const other = await testApi();
    api.on('/start', redirect(307, other.url('/end')));
    other.on('/end', echo());

    expect((await client.post(api.url('/start'), 'kept')).status).toBe(200);
    expect(other.hits.map((hit) => [mentions(hit, MARK), Buffer.from(hit.body).toString()])).toEqual([[false, 'kept']]);
  });

  it.each(['manual', 'error'] as const)("keeps to the caller's redirect mode: %s", async (mode) => {
    const { api, client } = await setUp({ adapter, fetchOptions: { redirect: mode } }, { placement: 'header' });
    client.interceptors.request.use(axiosAuth(new TestAuth(new TokenIssuer(api), 'query'), { origins: [api.origin] }));
    api.on('/start', redirect(302, '/end'));

    const error = await failure<AxiosError>(client.get(api.url('/start')));

    expect(error.response?.status).toBe(mode === 'manual' ? 302 : undefined);
    expect(api.hitsOf('/end')).toHaveLength(0);
  });

  it('shows the redirect, and keeps the credential, where a function of the user sends', async () => {
    const { api, client } = await setUp({ adapter: getAdapter('fetch') }, { placement: 'header' });
    const other = await testApi();
    api.on('/start', redirect(302, other.url('/end')));

    const error = await failure<AxiosError>(client.get(api.url('/start')));

    expect(error.response?.status).toBe(302);
    expect(other.hits).toHaveLength(0);
  });

  it('keeps two credentials from a foreign server where a function of the user comes to us in the end', async () => {
    const api = await testApi();
    const other = await testApi();
    api.on('/start', redirect(302, other.url('/end')));
    api.on('/home', redirect(302, '/end'));
    api.on('/end', echo());
    other.on('/end', echo());
    const client = clientOf(api, new TestAuth(new TokenIssuer(api), 'header'), {
      adapter: (config) => getAdapter('fetch', config)(config),
    });
    client.interceptors.request.use(axiosAuth(new AuthSignature(), { origins: [api.origin] }));

    await client.get(api.url('/start'));
    await client.get(api.url('/home'));

    expect(other.hits.map((hit) => mentions(hit, MARK))).toEqual([false]);
    expect(api.hitsOf('/end').map(({ headers }) => headers['x-signature'])).toEqual([`${MARK} GET /end`]);
  });

  it('gives axios one function for one fetch, however many requests there are', async () => {
    const api = await testApi();
    const seen = new Set<unknown>();
    const bases = [fetch, (input: RequestInfo | URL) => fetch(input)];
    for (const base of bases) {
      const witness = (config: AxiosRequestConfig) => {
        seen.add(config.env?.fetch);
        return getAdapter('fetch')(config as never);
      };
      const client = clientOf(api, new TestAuth(new TokenIssuer(api)), { adapter: [witness], env: { fetch: base } });
      client.interceptors.request.use(
        axiosAuth(new TestAuth(new TokenIssuer(api), 'header'), { origins: [api.origin] }),
      );
      for (let count = 0; count < 20; count += 1) await client.get(api.url('/again')).catch(() => undefined);
    }

    expect(seen.size).toBe(bases.length);
  });
});
