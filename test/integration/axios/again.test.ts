import { cpSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import axios, { AxiosError, type AxiosInstance, type AxiosStatic, type InternalAxiosRequestConfig } from 'axios';
import axiosRetry from 'axios-retry';
import { describe, expect, it, onTestFinished } from 'vitest';
import { axiosAuth } from '../../../src/adapters/axios.ts';
import { ConfigurationError } from '../../../src/errors.ts';
import { echo, fail, refuse, sequence } from '../../helpers/protected-api.ts';
import { TestAuth } from '../../helpers/test-auth.ts';
import { TokenIssuer } from '../../helpers/token-issuer.ts';
import { adapters, failure, setUp, testApi } from './fixture.ts';

const requireHere = createRequire(import.meta.url);

describe.each(adapters)('%s, with axios-retry', (adapter) => {
  async function setUpRetrying(order: 'before us' | 'after us') {
    const api = await testApi();
    const issuer = new TokenIssuer(api);
    const client = axios.create({ adapter });
    const retries = () => axiosRetry(client, { retries: 2, retryDelay: () => 0 });
    if (order === 'before us') retries();
    client.interceptors.request.use(axiosAuth(new TestAuth(issuer), { origins: [api.origin] }));
    if (order === 'after us') retries();
    return { api, issuer, client };
  }

  it.each(['before us', 'after us'] as const)('%s: 500, 401, 200 are three requests, one renewal', async (order) => {
    const { api, issuer, client } = await setUpRetrying(order);
    api.on('/flaky', sequence(fail(500), refuse(), echo()));

    expect((await client.get(api.url('/flaky'))).status).toBe(200);
    expect(api.hits.map(({ headers }) => headers.authorization)).toEqual(
      [0, 0, 1].map((index) => `Bearer ${issuer.issued[index]}`),
    );
  });

  it.each(['before us', 'after us'] as const)('%s: a renewal costs no retry', async (order) => {
    const { api, issuer, client } = await setUpRetrying(order);
    api.on('/flaky', sequence(refuse(), fail(500), fail(500), fail(500), echo()));

    const error = await failure<AxiosError>(client.get(api.url('/flaky')));

    expect(error.response?.status).toBe(500);
    expect(api.hits).toHaveLength(4);
    expect(issuer.requests).toBe(2);
  });
});

describe.each(adapters)('%s, a config that is sent once more', (adapter) => {
  it('is signed once, with the credential of the day', async () => {
    const { api, issuer, client } = await setUp({ adapter });
    api.on('/bad', sequence(fail(500), echo()));
    const error = await failure<AxiosError>(client.post(api.url('/bad'), { a: 1 }));
    issuer.expire();

    const { status } = await client(error.config as InternalAxiosRequestConfig);

    expect(status).toBe(200);
    expect(api.hits.map(({ body }) => Buffer.from(body).toString())).toEqual(Array(2).fill('{"a":1}'));
  });

  it('does not collect wrappers, neither of one authenticator nor of two', async () => {
    const { api, auth, client } = await setUp({ adapter });
    client.interceptors.request.use(axiosAuth(auth, { origins: [api.origin] }));
    client.interceptors.request.use(axiosAuth(new TestAuth(new TokenIssuer(api), 'header'), { origins: [api.origin] }));
    client.interceptors.request.use(axiosAuth(auth, { origins: [api.origin] }));
    let response = await client.get(api.url('/fine'));
    for (let count = 0; count < 5; count += 1) response = await client(response.config);
    api.on('/never', refuse());
    api.forget();

    await failure(client({ ...response.config, url: api.url('/never') }));

    // Each of the two renews once: with a wrapper too many, there would be more.
    expect(api.hits).toHaveLength(4);
  });

  it('can be sent with another instance, whose authenticator comes on top', async () => {
    const { api, client } = await setUp({ adapter });
    const { config } = await client.get(api.url('/fine'));
    const issuer = new TokenIssuer(api);
    const other = axios.create();
    other.interceptors.request.use(axiosAuth(new TestAuth(issuer, 'header'), { origins: [api.origin] }));

    await other(config);

    expect(Object.keys(api.hits.at(-1)?.headers ?? {})).toEqual(expect.arrayContaining(['authorization', 'x-api-key']));
  });
});

/** A second copy in a folder of its own. Gives its entry. */
function installElsewhere(): string {
  const folder = mkdtempSync(join(tmpdir(), 'authwire-axios-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const installed = join(import.meta.dirname, '../../../node_modules');
  const modules = join(folder, 'node_modules');
  cpSync(join(installed, 'axios'), join(modules, 'axios'), { recursive: true });
  for (const name of readdirSync(installed)) {
    if (name !== 'axios' && !name.startsWith('.')) symlinkSync(join(installed, name), join(modules, name));
  }
  return pathToFileURL(join(modules, 'axios/index.js')).href;
}

describe('the copy of axios', () => {
  const required: AxiosStatic = requireHere('axios');

  it.each([
    { copy: 'imported', own: axios, other: required },
    { copy: 'required', own: required, other: axios },
  ])("is the request's own: $copy", async ({ own, other }) => {
    const api = await testApi();
    const client = own.create({ adapter: 'http' });
    client.interceptors.request.use(axiosAuth(new TestAuth(new TokenIssuer(api)), { origins: [api.origin] }));
    api.on('/bad', fail(500));

    const error = await failure(client.get(api.url('/bad')));

    expect(own.AxiosError).not.toBe(other.AxiosError);
    expect(error).toBeInstanceOf(own.AxiosError);
    expect(error).not.toBeInstanceOf(other.AxiosError);
  });

  it("is the request's own where it is installed elsewhere, as in a monorepo", async () => {
    const { default: elsewhere } = await import(installElsewhere());
    const api = await testApi();
    const client: AxiosInstance = elsewhere.create({ adapter: 'http' });
    client.interceptors.request.use(axiosAuth(new TestAuth(new TokenIssuer(api)), { origins: [api.origin] }));
    api.on('/bad', fail(500));

    const error = await failure<AxiosError>(client.get(api.url('/bad')));
    const response = await client.get(api.url('/good'));

    expect(elsewhere.AxiosError).not.toBe(axios.AxiosError);
    expect(error).toBeInstanceOf(elsewhere.AxiosError);
    expect(error.response?.headers).toBeInstanceOf(elsewhere.AxiosHeaders);
    expect(response.headers).toBeInstanceOf(elsewhere.AxiosHeaders);
  });

  it('can be given', async () => {
    const api = await testApi();
    const client = required.create({ adapter: 'http' });
    client.interceptors.request.use(axiosAuth(new TestAuth(new TokenIssuer(api)), { origins: [api.origin], axios }));
    api.on('/bad', fail(500));

    expect(await failure(client.get(api.url('/bad')))).toBeInstanceOf(AxiosError);
  });
});

describe('what axiosAuth is given', () => {
  it.each([
    { wrong: 'nothing', args: [] },
    { wrong: 'no authenticator', args: [{}] },
    { wrong: 'a policy that there is not', args: [new TestAuth(new TokenIssuer()), { headerPolicy: 'maybe' }] },
    { wrong: 'an instance for axios', args: [new TestAuth(new TokenIssuer()), { axios: axios.create() }] },
    { wrong: 'origins that are none', args: [new TestAuth(new TokenIssuer()), { origins: ['example.com'] }] },
  ])('is checked at once: $wrong', ({ args }) => {
    expect(() => (axiosAuth as (...args: unknown[]) => unknown)(...args)).toThrow(ConfigurationError);
  });
});
