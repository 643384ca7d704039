import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { gotAuth } from '../../../src/adapters/got.ts';
import { leaks } from '../../helpers/leaks.ts';
import { echo, guarded, type Responder } from '../../helpers/protected-api.ts';
import { placements, TestAuth } from '../../helpers/test-auth.ts';
import { MARK, TokenIssuer } from '../../helpers/token-issuer.ts';
import { setUp, setUpExpired, testApi, versions } from './fixture.ts';

/** An answer that names its caller, for a cache to keep. */
function personal(headers: Readonly<Record<string, string>>): Responder {
  let count = 0;
  return guarded(({ response }) => {
    count += 1;
    response.writeHead(200, { 'content-type': 'text/plain', ...headers }).end(`answer ${count}`);
  });
}

describe.each(versions)('$name', ({ got }) => {
  describe.each(placements)('credential in %s', (placement) => {
    it('renews through a cache', async () => {
      const { api, issuer, client } = await setUpExpired(got, { placement });

      expect((await client(api.url('/cached'), { cache: new Map() })).statusCode).toBe(200);
      expect(api.hits).toHaveLength(2);
      expect(issuer.requests).toBe(2);
    });

    it.each([
      { 'cache-control': 'max-age=60' },
      { 'cache-control': 'max-age=60', vary: 'authorization, x-api-key, cookie' },
      { 'cache-control': 'public, max-age=60', vary: 'authorization, x-api-key, cookie' },
      { 'cache-control': 'private, max-age=60', vary: '*' },
    ])("does not give one user's answer to the next: %j", async (headers) => {
      const { api, issuer, client } = await setUp(got, { placement });
      const other = new TokenIssuer(api);
      // Two users of one API have one cache.
      const cache = new Map();
      const otherClient = got.extend(gotAuth(new TestAuth(other, placement), { origins: [api.origin] }));
      api.on('/me', personal(headers));

      const first = await client(api.url('/me'), { cache });
      api.accept(issuer.latest);
      const second = await otherClient(api.url('/me'), { cache });
      // Without any credential.
      const third = await got(api.url('/me'), { cache, throwHttpErrors: false });

      expect([first.body, second.body]).toEqual(['answer 1', 'answer 2']);
      expect(third.statusCode).toBe(401);
    });

    it('lets the cache keep what the server calls public, and no credential with it', async () => {
      const { api, client } = await setUp(got, { placement });
      const cache = new Map();
      api.on('/public', personal({ 'cache-control': 'public, max-age=60', vary: 'accept' }));

      const answers = [await client(api.url('/public'), { cache }), await client(api.url('/public'), { cache })];

      expect(answers.map(({ body, isFromCache }) => [body, isFromCache])).toEqual([
        ['answer 1', false],
        ['answer 1', true],
      ]);
      expect(leaks(cache, MARK)).toEqual([]);
      expect(leaks([...cache.values()], MARK)).toEqual([]);
      for (const answer of answers) expect(leaks(answer, MARK)).toEqual([]);
    });

    it('lets a cache of one user keep what is public', async () => {
      const { api, client } = await setUp(got, { placement });
      const cache = new Map();
      api.on('/mine', personal({ 'cache-control': 'public, max-age=60' }));
      const options = { cache, cacheOptions: { shared: false } };

      await client(api.url('/mine'), options);

      expect((await client(api.url('/mine'), options)).isFromCache).toBe(true);
    });
  });

  it('ends with an answer that somebody else has put into the cache meanwhile', async () => {
    const { api, issuer, client } = await setUpExpired(got);
    const options = { cache: new Map(), cacheOptions: { shared: false } };
    api.on('/shared', personal({ 'cache-control': 'max-age=60' }));
    api.accept('another');
    const release = issuer.hold();
    const waiting = client(api.url('/shared'), options);
    await issuer.asked(2);
    await got(api.url('/shared'), { ...options, headers: { authorization: 'Bearer another' } });

    release();

    expect(await waiting).toMatchObject({ body: 'answer 1', isFromCache: true });
  });

  it('signs the question whether a kept answer is still good', async () => {
    const { api, issuer, client } = await setUp(got);
    const cache = new Map();
    const etag = '"1"';
    api.on(
      '/kept',
      guarded(({ hit, response }) => {
        response.setHeader('etag', etag);
        response.setHeader('cache-control', 'public, max-age=0, must-revalidate');
        if (hit.headers['if-none-match'] === etag) response.writeHead(304).end();
        else response.end('kept');
      }),
    );

    await client(api.url('/kept'), { cache });
    const again = await client(api.url('/kept'), { cache });
    issuer.expire();
    const renewed = await client(api.url('/kept'), { cache });

    expect([again.body, renewed.body]).toEqual(['kept', 'kept']);
    // A 401 makes got forget what it kept.
    expect(api.hits.map(({ headers }) => headers['if-none-match'])).toEqual([undefined, etag, etag, undefined]);
    expect(issuer.requests).toBe(2);
  });

  it('does not wait for the end of a refused answer below a cache', { timeout: 5000 }, async () => {
    const { api, client } = await setUpExpired(got);
    api.on(
      '/open',
      guarded(echo(), ({ response }) => {
        response.writeHead(401, { 'cache-control': 'public, max-age=60' });
        response.write('more to come');
      }),
    );

    expect((await client(api.url('/open'), { cache: new Map() })).statusCode).toBe(200);
  });

  it('holds no credential in an answer that was compressed', async () => {
    const { api, client } = await setUp(got);
    api.on(
      '/zipped',
      guarded(({ response }) => {
        response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync('zipped'));
      }),
    );

    const response = await client(api.url('/zipped'));

    expect(response.body).toBe('zipped');
    expect(leaks(response, MARK)).toEqual([]);
  });

  it('holds no credential in what a caller sees on the way', async () => {
    const api = await testApi();
    const issuer = new TokenIssuer(api);
    const client = got.extend(gotAuth(new TestAuth(issuer), { origins: [api.origin] }));
    const seen: unknown[] = [];
    const see = <Value>(value: Value): Value => {
      seen.push(value);
      return value;
    };
    const call = client(api.url('/events'), { hooks: { afterResponse: [see] } });
    for (const event of ['request', 'response', 'downloadProgress'] as const) {
      call.on(event as 'request', (...values: unknown[]) => void seen.push(...values));
    }

    await call;

    expect(seen.length).toBeGreaterThan(3);
    expect(leaks(seen, MARK)).toEqual([]);
  });
});
