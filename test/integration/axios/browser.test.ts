import { inspect } from 'node:util';
import axios, { type AxiosError } from 'axios';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { axiosAuth } from '../../../src/adapters/axios-browser.ts';
import { AuthApiKey, AuthBearer } from '../../../src/index.ts';
import { redirect } from '../../helpers/protected-api.ts';
import { failure, testApi } from './fixture.ts';

describe("the browser's entry", () => {
  beforeEach(() => void vi.stubGlobal('document', {}));
  afterEach(() => void vi.unstubAllGlobals());

  it('renews a refused credential and resends once', async () => {
    const api = await testApi();
    api.accept('good');
    const tokens = ['expired', 'good'];
    const client = axios.create({ baseURL: api.origin, adapter: 'fetch' });
    client.interceptors.request.use(axiosAuth(new AuthBearer(() => tokens.shift() ?? 'none')));

    expect((await client.post('/things', { a: 1 })).status).toBe(200);
    expect(api.hits).toHaveLength(2);
  });

  it('follows no redirect with a credential that a browser would take along, and shows none in the error', async () => {
    const api = await testApi();
    const other = await testApi();
    api.on('/start', redirect(302, other.url('/end')));
    const client = axios.create({ baseURL: api.origin, adapter: 'fetch' });
    client.interceptors.request.use(axiosAuth(new AuthApiKey({ header: 'x-key', key: 'open-sesame-77' })));
    const error = await failure<AxiosError>(client.get('/start'));

    expect(error.response?.status).toBe(302);
    expect(other.hits).toHaveLength(0);
    expect(inspect(error, { depth: 9 }) + JSON.stringify(error)).not.toContain('sesame');
  });

  it('is an error in Node, whose http adapter takes a credential along to other origins', async () => {
    vi.unstubAllGlobals();
    expect(() => axiosAuth(new AuthApiKey({ header: 'x-key', key: 'open-sesame-77' }))).toThrow("condition 'browser'");
  });

  it("sends nothing with Node's http adapter, where a test has a document", async () => {
    const api = await testApi();
    const client = axios.create({ baseURL: api.origin, adapter: 'http' });
    client.interceptors.request.use(axiosAuth(new AuthApiKey({ header: 'x-key', key: 'open-sesame-77' })));

    await expect(client.get('/start')).rejects.toThrow('http adapter');
    expect(api.hits).toHaveLength(0);
  });
});
