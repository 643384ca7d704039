import { Readable } from 'node:stream';
import { describe, expect, it, vi } from 'vitest';
import { type GotAuthContext, gotAuth } from '../../../src/adapters/got.ts';
import { echo, fail, guarded, mentions, redirect, refuse, sequence, sha256 } from '../../helpers/protected-api.ts';
import { TestAuth } from '../../helpers/test-auth.ts';
import { MARK, TokenIssuer } from '../../helpers/token-issuer.ts';
import { failure, presented, setUp, setUpExpired, testApi, versions } from './fixture.ts';

describe.each(versions)('$name', ({ got }) => {
  it('asks the authenticator once for all hops of an attempt, and anew for every attempt', async () => {
    const { api, auth, client } = await setUp(got);
    api.on('/old', redirect(302, '/new'));
    api.on('/new', sequence(fail(500), echo()));
    let asked = 0;
    let signed = 0;
    const [authenticate, modifyRequest] = [auth.authenticate.bind(auth), auth.modifyRequest.bind(auth)];
    auth.authenticate = (context) => {
      asked += 1;
      return authenticate(context);
    };
    auth.modifyRequest = (...parameters) => {
      signed += 1;
      modifyRequest(...parameters);
    };

    await client(api.url('/old'), { retry: { limit: 1 } });

    // got goes on where the redirect has led to.
    expect(api.hits.map(({ path }) => path)).toEqual(['/old', '/new', '/new']);
    expect(asked).toBe(2);
    expect(signed).toBe(3);
  });

  it('resends what the redirect made of the request', async () => {
    const { api, client } = await setUpExpired(got);
    api.on('/form', redirect(303, '/result'));
    api.on('/result', guarded());

    await client.post(api.url('/form'), { json: { a: 1 } });

    expect(api.hits.map(({ method, path, bodyLength }) => [method, path, bodyLength])).toEqual([
      ['POST', '/form', 7],
      ['GET', '/result', 0],
      ['GET', '/result', 0],
    ]);
  });

  it.each([
    { what: 'a form', make: () => ({ body: form() }) },
    { what: 'a factory', make: () => ({ context: { bodyFactory: () => Readable.from(['fresh']) } as GotAuthContext }) },
    {
      what: 'a factory of web streams',
      make: () => ({ context: { bodyFactory: () => new Blob(['fresh']).stream() } as GotAuthContext }),
    },
  ])('takes $what along, over a redirect and into the resend behind it', async ({ make }) => {
    const { api, client } = await setUpExpired(got);
    api.on('/old', redirect(307, '/new'));
    api.on('/new', guarded());

    await client.post(api.url('/old'), make());

    expect(api.hits.map(({ path }) => path)).toEqual(['/old', '/new', '/new']);
    const [first] = api.hits;
    expect(first?.bodyLength).toBeGreaterThan(0);
    expect(new Set(api.hits.map(({ bodySha256 }) => bodySha256)).size).toBe(1);
    expect(new Set(api.hits.map(({ contentType }) => contentType)).size).toBe(1);
  });

  it('asks a factory for no body where the redirect has dropped it', async () => {
    const { api, client } = await setUpExpired(got);
    api.on('/form', redirect(303, '/result'));
    api.on('/result', guarded());
    let asked = 0;
    const bodyFactory = () => {
      asked += 1;
      return 'fresh';
    };

    await client.post(api.url('/form'), { context: { bodyFactory } });

    expect(asked).toBe(1);
    expect(api.hits.map(({ bodySha256 }) => bodySha256)).toEqual([sha256('fresh'), sha256(''), sha256('')]);
  });

  it('asks a factory once for each body, however many authenticators there are', async () => {
    const { api, issuer, client } = await setUpExpired(got);
    api.on('/old', redirect(307, '/new'));
    api.on('/new', guarded());
    const second = new TestAuth(new TokenIssuer(), 'header');
    let asked = 0;
    const bodyFactory = () => {
      asked += 1;
      return Readable.from(['fresh']);
    };

    await client.extend(gotAuth(second, { origins: [api.origin] })).post(api.url('/old'), { context: { bodyFactory } });

    expect(api.hits).toHaveLength(3);
    expect(asked).toBe(3);
    expect(issuer.requests).toBe(2);
  });

  it('takes a retry for an attempt, also where a redirect was about to be followed', async () => {
    const { api, auth, client } = await setUp(got);
    api.on('/old', redirect(302, '/new'));
    const authenticate = vi.spyOn(auth, 'authenticate');
    let failed = false;
    const beforeRedirect = () => {
      if (failed) return;
      failed = true;
      throw new Error('not yet');
    };

    await client(api.url('/old'), {
      retry: { limit: 1, enforceRetryRules: false, calculateDelay: () => 1 },
      hooks: { beforeRedirect: [beforeRedirect] },
    });

    expect(api.hits.map(({ path }) => path)).toEqual(['/old', '/old', '/new']);
    expect(authenticate).toHaveBeenCalledTimes(2);
  });

  it("stays away from a server on the way back from a foreign one, also in got's retries", async () => {
    const { api, issuer, client } = await setUp(got);
    const foreign = await testApi();
    api.on('/start', redirect(302, foreign.url('/detour')));
    foreign.on('/detour', redirect(302, api.url('/landing')));
    api.on('/landing', sequence(fail(500), refuse()));

    const error = await failure(client(api.url('/start'), { retry: { limit: 1 } }));

    expect(error.response.statusCode).toBe(401);
    expect(presented(api, '/landing')).toEqual([undefined, undefined]);
    expect(foreign.hits.map((hit) => mentions(hit, MARK))).toEqual([false]);
    expect(issuer.requests).toBe(1);
  });

  it('starts anew with the next call', async () => {
    const { api, issuer, client } = await setUp(got);
    const foreign = await testApi();
    api.on('/start', redirect(302, foreign.url('/detour')));
    foreign.on('/detour', echo());
    await client(api.url('/start'));

    await client(api.url('/again'));

    expect(presented(api)).toEqual([issuer.latest, issuer.latest]);
  });

  it('signs everywhere where everywhere is allowed', async () => {
    const foreign = await testApi();
    const { api, client } = await setUp(got, { origins: '*' });
    api.on('/start', redirect(302, foreign.url('/landing')));
    foreign.on('/landing', echo());

    await client(api.url('/start'));

    expect(foreign.hits.map((hit) => mentions(hit, MARK))).toEqual([true]);
  });

  it('judges a redirect that nobody follows', async () => {
    const { api, issuer, auth, client } = await setUp(got);
    auth.checkResult = ({ status, headers }) => status !== 302 || headers.get('location') !== '/login';
    api.on('/page', guarded(sequence(redirect(302, '/login'), echo())));

    const { statusCode } = await client(api.url('/page'), { followRedirect: false });

    expect(statusCode).toBe(200);
    expect(issuer.requests).toBe(2);
  });

  it('does not judge a redirect that is followed', async () => {
    const { api, issuer, auth, client } = await setUp(got);
    auth.checkResult = ({ status }) => status !== 302;
    api.on('/old', redirect(302, '/new'));

    await client(api.url('/old'));

    expect(api.hits.map(({ path }) => path)).toEqual(['/old', '/new']);
    expect(issuer.requests).toBe(1);
  });

  it('leaves what hooks of the caller change on the way to them', async () => {
    const { api, client } = await setUpExpired(got);
    api.on('/old', redirect(302, '/new'));
    api.on('/new', guarded());

    await client(api.url('/old'), {
      hooks: { beforeRedirect: [(options) => void Object.assign(options.headers, { 'x-hop': 'yes' })] },
    });

    expect(api.hits.map(({ headers }) => headers['x-hop'])).toEqual([undefined, 'yes', 'yes']);
  });
});

function form(): FormData {
  const data = new FormData();
  data.append('field', 'text');
  data.append('file', new Blob(['bytes']), 'bytes.bin');
  return data;
}
