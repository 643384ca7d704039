import { Readable } from 'node:stream';
import ky, { type KyInstance } from 'ky';
import kyOne from 'ky1';
import { describe, expect, it } from 'vitest';
import { fetchAuth } from '../../src/adapters/fetch.ts';
import { type KyAuthCallOptions, kyAuth } from '../../src/adapters/ky.ts';
import { AuthBearer } from '../../src/authenticators/bearer.ts';
import { AuthError } from '../../src/errors.ts';
import { fail, guarded, sequence, sha256, times } from '../helpers/protected-api.ts';
import { TestAuth } from '../helpers/test-auth.ts';
import { TokenIssuer } from '../helpers/token-issuer.ts';
import { testApi } from './contract/fixture.ts';

async function setUp() {
  const api = await testApi();
  const issuer = new TokenIssuer(api);
  return { api, issuer, auth: new TestAuth(issuer) };
}

const majors: [string, KyInstance][] = [
  ['ky 2', ky],
  ['ky 1', kyOne as unknown as KyInstance],
];

describe.each(majors)('%s', (name, base) => {
  it('is installed by extend, and says nothing more than before about a call', async () => {
    const { api, auth, issuer } = await setUp();
    const client = base.extend(kyAuth(auth, { origins: [api.origin] }));

    expect((await client(api.url('/a'))).status).toBe(200);
    expect(api.hits[0]?.headers.authorization).toBe(`Bearer ${issuer.latest}`);
  });

  it('renews even where ky may not retry, and spends none of its retries', async () => {
    const { api, auth, issuer } = await setUp();
    const retry = { limit: 2, delay: () => 0 };
    const client = base.extend(kyAuth(auth, { origins: [api.origin] })).extend({ retry });
    await client(api.url('/warm-up'));
    issuer.expire();
    api.forget();
    api.on('/a', sequence(guarded(fail(500)), guarded(fail(500)), guarded(fail(500)), guarded(fail(500))));

    await expect(client(api.url('/a'))).rejects.toMatchObject({ name: 'HTTPError' });
    expect(api.hits).toHaveLength(4);
    await expect(client(api.url('/ok'), { retry: 0 })).resolves.toMatchObject({ status: 200 });
  });

  it('gives the AuthError of a failed renewal to the caller, after one try', async () => {
    const { api, auth, issuer } = await setUp();
    const client = base.extend(kyAuth(auth, { origins: [api.origin] }));
    issuer.failWith(new Error('the issuer is closed'));

    await expect(client(api.url('/a'), { retry: 0 })).rejects.toMatchObject({ code: 'ERR_AUTH_CREDENTIAL' });
    expect(issuer.requests).toBe(1);
  });

  it('stands beneath hooks: beforeRequest sees no credential, afterResponse sees no 401', async () => {
    const { api, auth, issuer } = await setUp();
    const seen: unknown[] = [];
    const client = base.extend(kyAuth(auth, { origins: [api.origin] })).extend({
      hooks: {
        beforeRequest: [
          ((...args: { request: Request }[]) => {
            const request = name === 'ky 1' ? (args[0] as unknown as Request) : args[0]?.request;
            seen.push(request?.headers.get('authorization'));
          }) as never,
        ],
        afterResponse: [
          ((...args: unknown[]) => {
            const response = name === 'ky 1' ? args[2] : (args[0] as { response: Response }).response;
            seen.push((response as Response).status);
          }) as never,
        ],
      },
    });
    await client(api.url('/a'));
    issuer.expire();
    await client(api.url('/a'));

    expect(seen).toEqual([null, 200, null, 200]);
  });

  it("counts the renewal into ky's own time-out", async () => {
    const { api, auth, issuer } = await setUp();
    const client = base.extend(kyAuth(auth, { origins: [api.origin] }));
    const release = issuer.hold();

    await expect(client(api.url('/a'), { timeout: 30 })).rejects.toMatchObject({ name: 'TimeoutError' });
    release();
    expect(api.hits).toHaveLength(0);
  });

  it('wraps the fetch of the instance that it extends', async () => {
    const { api, auth } = await setUp();
    const urls: string[] = [];
    const mine = (input: RequestInfo | URL, init?: RequestInit) => {
      urls.push((input as Request).url);
      return fetch(input, init);
    };
    await base.create({ fetch: mine }).extend(kyAuth(auth, { origins: [api.origin] }))(api.url('/a'));

    expect(urls).toEqual([api.url('/a')]);
    expect(api.hits[0]?.headers.authorization).toBeDefined();
  });

  it('works twice over without signing twice', async () => {
    const { api, auth, issuer } = await setUp();
    const once = kyAuth(auth, { origins: [api.origin] });
    await base.extend(once).extend(once)(api.url('/a'));

    expect(issuer.requests).toBe(1);
    expect(api.hits).toHaveLength(1);
  });

  it('asks a body factory again for the resend', async () => {
    const { api, auth, issuer } = await setUp();
    const client = base.extend(kyAuth(auth, { origins: [api.origin] }));
    await client(api.url('/warm-up'));
    issuer.expire();
    api.forget();
    const options: KyAuthCallOptions = { bodyFactory: () => Readable.toWeb(Readable.from(['fresh'])) as BodyInit };

    expect((await client.post(api.url('/a'), options)).status).toBe(200);
    expect(api.hits.map((hit) => hit.bodySha256)).toEqual([sha256('fresh'), sha256('fresh')]);
  });

  it('binds the credential to the base URL', async () => {
    const { api, auth } = await setUp();
    const foreign = await testApi({ host: 'localhost' });
    const option = name === 'ky 1' ? { prefixUrl: api.url('/') } : { baseUrl: api.url('/') };
    const client = base.extend(option as object).extend(kyAuth(auth, { origins: [api.origin] }));
    await client('a');
    await client(new URL(foreign.url('/a')), { throwHttpErrors: false });

    expect(api.hits[0]?.headers.authorization).toBeDefined();
    expect(foreign.hits[0]?.headers.authorization).toBeUndefined();
  });
});

describe('ky 2', () => {
  it('wraps a fetch that the call brings along', async () => {
    const { api, auth } = await setUp();
    let asked = 0;
    const mine = (input: RequestInfo | URL, init?: RequestInit) => {
      asked += 1;
      return fetch(input, init);
    };
    await ky.extend(kyAuth(auth, { origins: [api.origin] }))(api.url('/a'), { fetch: mine });

    expect(asked).toBe(1);
    expect(api.hits[0]?.headers.authorization).toBeDefined();
  });

  it('binds to the base URL of the call', async () => {
    const { api, auth } = await setUp();
    const foreign = await testApi({ host: 'localhost' });
    const client = ky.extend(kyAuth(auth));
    await client(foreign.url('/a'), { baseUrl: api.origin, throwHttpErrors: false });
    await client('a', { baseUrl: api.origin });

    expect(foreign.hits[0]?.headers.authorization).toBeUndefined();
    expect(api.hits[0]?.headers.authorization).toBeDefined();
  });

  it('leaves the retries of a stream to ky', async () => {
    const { api, auth } = await setUp();
    api.on('/a', times(1, fail(503), guarded()));
    const client = ky.extend(kyAuth(auth, { origins: [api.origin] }));
    const body = new Blob(['streamed']).stream();

    const response = await client.put(api.url('/a'), { body, retry: { limit: 1, delay: () => 0 } });

    expect(response.status).toBe(200);
    expect(api.hits.map((hit) => hit.bodySha256)).toEqual([sha256('streamed'), sha256('streamed')]);
  });
});

describe('any fetch', () => {
  it('can be given an authenticated fetch of its own', async () => {
    const { api, auth } = await setUp();
    await ky.create({ fetch: fetchAuth(auth, { origins: [api.origin] }) as typeof fetch })(api.url('/a'));

    expect(api.hits[0]?.headers.authorization).toBeDefined();
  });
});

describe('what a call gives to ky', () => {
  it('may be a relative base URL, of which ky says what is wrong', async () => {
    const client = ky.create({ baseUrl: '/v1/' }).extend(kyAuth(new AuthBearer(() => 'good'), { origins: '*' }));
    const plain = ky.create({ baseUrl: '/v1/' });

    const theirs = await Promise.resolve()
      .then(() => plain('reports'))
      .catch(({ name, message }: Error) => ({ name, message }));
    const ours = await Promise.resolve()
      .then(() => client('reports'))
      .catch(({ name, message }: Error) => ({ name, message }));

    expect(ours).toEqual(theirs);
  });

  it('is a stream that is cancelled where no token comes', async () => {
    const auth = new AuthBearer(() => Promise.reject(new Error('no token today')));
    const client = ky.create({ baseUrl: 'https://api.example.com', retry: 0 }).extend(kyAuth(auth));
    const reasons: unknown[] = [];
    const body = new ReadableStream({ cancel: (reason) => void reasons.push(reason) });

    await expect(client.post('upload', { body })).rejects.toThrow(AuthError);

    expect(reasons).toHaveLength(1);
  });

  it('are bytes that the caller may change afterwards', async () => {
    const api = await testApi();
    api.accept('good');
    let asked = 0;
    const auth = new AuthBearer(async () => (++asked === 1 ? 'worn-out' : 'good'));
    const client = ky.create({ baseUrl: api.origin }).extend(kyAuth(auth));
    const bytes = new TextEncoder().encode('one');

    const answer = client.post('upload', { body: bytes });
    bytes.fill(0);

    expect((await answer).status).toBe(200);
    expect(api.hits.map(({ bodySha256 }) => bodySha256)).toEqual([sha256('one'), sha256('one')]);
  });
});
