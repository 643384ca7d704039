import { describe, expect, it, onTestFinished } from 'vitest';
import { fetchAuth } from '../../../src/adapters/fetch-browser.ts';
import { AuthApiKey, AuthBearer, AuthQuery } from '../../../src/index.ts';
import { echo, type ProtectedApi, redirect, startProtectedApi } from '../../helpers/protected-api.ts';

/** A browser's fetch: it shows no redirect. */
const hiding: typeof fetch = async (input, init) => {
  const response = await fetch(input, init);
  if (init?.redirect !== 'manual' || ![301, 302, 303, 307, 308].includes(response.status)) return response;
  const hidden = { status: 0, type: 'opaqueredirect', headers: new Headers() };
  for (const [name, value] of Object.entries(hidden))
    Object.defineProperty(response, name, { value, configurable: true });
  return response;
};

async function testApi(): Promise<ProtectedApi> {
  const api = await startProtectedApi();
  onTestFinished(() => api.close());
  api.accept('good');
  api.on('/start', redirect(302, '/landing'));
  api.on('/landing', echo());
  return api;
}

describe("the browser's entry", () => {
  it('renews a refused credential and resends once', async () => {
    const api = await testApi();
    const tokens = ['expired', 'good'];
    const send = fetchAuth(new AuthBearer(() => tokens.shift() ?? 'none'), { baseUrl: api.origin });

    expect((await send('/things', { method: 'POST', body: 'text' })).status).toBe(200);
    expect(api.hits).toHaveLength(2);
  });

  it('leaves redirects to the platform where the credential stands in Authorization', async () => {
    const api = await testApi();
    const send = fetchAuth(new AuthBearer(() => 'good'), { baseUrl: api.origin });
    const response = await send('/start');

    expect([response.status, response.redirected, response.url]).toEqual([200, true, api.url('/landing')]);
  });

  it.each([
    ['hides', hiding],
    ['shows', undefined],
  ])('follows no redirect with another credential, whether the platform %s it', async (_how, fetch) => {
    const api = await testApi();
    for (const auth of [
      new AuthQuery({ name: 'key', key: 'good' }),
      new AuthApiKey({ header: 'x-key', key: 'good' }),
    ]) {
      const send = fetchAuth(auth, { baseUrl: api.origin, ...(fetch && { fetch }) });
      await expect(send('/start')).rejects.toThrow("redirect: 'error'");
      expect((await send('/start', { redirect: 'manual' })).type).not.toBe('error');
    }
    expect(api.hits.map(({ path }) => path.split('?')[0])).toEqual(['/start', '/start', '/start', '/start']);
  });
});

it.each(['fetch', 'ky', 'axios'])('%s has the same names in browsers', async (name) => {
  const [own, browsers] = await Promise.all([
    import(`../../../src/adapters/${name}.ts`),
    import(`../../../src/adapters/${name}-browser.ts`),
  ]);
  expect(Object.keys(browsers)).toEqual(Object.keys(own));
});
