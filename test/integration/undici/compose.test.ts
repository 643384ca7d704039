import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { type Dispatcher, errors, interceptors } from 'undici';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { undiciAuth } from '../../../src/adapters/undici.ts';
import { testAgent } from '../../helpers/clients/pool.ts';
import {
  echo,
  fail,
  guarded,
  mentions,
  type Responder,
  redirect,
  refuse,
  sequence,
  startProtectedApi,
} from '../../helpers/protected-api.ts';
import { type Placement, TestAuth } from '../../helpers/test-auth.ts';
import { MARK, TokenIssuer } from '../../helpers/token-issuer.ts';

type Interceptor = Dispatcher.DispatcherComposeInterceptor;

const refusedOnce = (then: Responder) => guarded(then, refuse({ bodyBytes: 100 }));

interface Others {
  /** Next to the wire. */
  readonly below?: readonly Interceptor[];
  /** Next to the caller. */
  readonly above?: readonly Interceptor[];
  readonly placement?: Placement;
}

/** An agent with undiciAuth between other interceptors, and a token that the server has just stopped accepting. */
async function setUp({ below = [], above = [], placement }: Others, others: readonly string[] = []) {
  const api = await testApi();
  const issuer = new TokenIssuer(api);
  const auth = undiciAuth(new TestAuth(issuer, placement), { origins: [api.origin, ...others] });
  const agent = testAgent().compose(...below, auth, ...above);
  const get = (path = '/') => agent.request({ origin: api.origin, path, method: 'GET' });
  await (await get('/warm-up')).body.dump();
  issuer.expire();
  api.forget();
  return { api, issuer, agent, get };
}

async function testApi() {
  const api = await startProtectedApi();
  onTestFinished(() => api.close());
  return api;
}

const follow = interceptors.redirect({ maxRedirections: 3 });
const retry = interceptors.retry({ maxRetries: 2, minTimeout: 1, maxTimeout: 1 });

describe('redirect', () => {
  const placements = ['authorization', 'header', 'query', 'cookie'] as const;

  it.each(placements)('above us: every hop is signed at home, none elsewhere (%s)', async (placement) => {
    const { api, get } = await setUp({ above: [follow], placement });
    const other = await testApi();
    api.on('/', guarded(redirect(302, '/next')));
    api.on('/next', guarded(redirect(307, other.url('/landing'))));
    other.on('/landing', echo());

    const { statusCode, context } = await get();

    expect(statusCode).toBe(200);
    expect(other.hits.map((hit) => mentions(hit, MARK))).toEqual([false]);
    const { history } = context as { history: URL[] };
    expect(history.map(({ origin, pathname }) => origin + pathname)).toEqual([
      api.url('/'),
      api.url('/next'),
      other.url('/landing'),
    ]);
  });

  it.each(['authorization', 'cookie'] as const)('below us: undici takes the credential off (%s)', async (placement) => {
    const { api, get } = await setUp({ below: [follow], placement });
    const other = await testApi();
    api.on('/', guarded(redirect(302, '/next')));
    api.on('/next', guarded(redirect(302, other.url('/landing'))));
    other.on('/landing', echo());

    expect((await get()).statusCode).toBe(200);
    expect(other.hits.map((hit) => mentions(hit, MARK))).toEqual([false]);
  });

  it('below us: a header that undici would not take off goes nowhere', async () => {
    const { api, get } = await setUp({ below: [follow], placement: 'header' });
    const other = await testApi();
    api.on('/', guarded(redirect(302, other.url('/landing'))));

    await expect(get()).rejects.toThrow(/compose it after undiciAuth/);
    expect(other.hits).toHaveLength(0);
    expect((await get('/elsewhere')).statusCode).toBe(200);
  });

  it('below us: a 401 from where the credential was taken off renews nothing, even if it may go there', async () => {
    const other = await testApi();
    const { api, issuer, get } = await setUp({ below: [follow] }, [other.origin]);
    api.on('/', redirect(302, other.url('/landing')));
    other.on('/landing', refuse());

    expect((await get()).statusCode).toBe(401);
    expect(other.hits.map((hit) => mentions(hit, MARK))).toEqual([false]);
    expect(issuer.requests).toBe(1);
  });

  it('below us: the context tells of the hops of the last attempt', async () => {
    const { api, get } = await setUp({ below: [follow] });
    api.on('/', redirect(302, '/landing'));

    const { statusCode, context } = await get();

    expect(statusCode).toBe(200);
    expect((context as { history: URL[] }).history.map(String)).toEqual([api.url('/'), api.url('/landing')]);
  });

  it('a redirect that drops the body drops the bodyFactory too', async () => {
    const { api, agent } = await setUp({ above: [follow] });
    api.on('/', guarded(redirect(303, '/landing')));
    const upload = { origin: api.origin, path: '/', method: 'POST', bodyFactory: () => 'made' } as const;

    expect((await agent.request(upload)).statusCode).toBe(200);
    expect(api.hits.map(({ method, body }) => [method, body.toString()])).toEqual([
      ['POST', 'made'],
      ['POST', 'made'],
      ['GET', ''],
    ]);
  });
});

describe('retry', () => {
  it('above us: every attempt is signed with the credential of its time', async () => {
    const { api, issuer, get } = await setUp({ above: [retry] });
    api.on('/', sequence(fail(503), fail(503), guarded()));

    expect((await get()).statusCode).toBe(200);
    const [first, second] = issuer.issued;
    expect(api.hits.map((hit) => hit.headers.authorization)).toEqual(
      [first, first, first, second].map((token) => `Bearer ${token}`),
    );
  });

  it('above us: an authenticator that fails is not retried', async () => {
    const { issuer, get } = await setUp({ above: [retry] });
    issuer.failWith(new Error('no token today'));

    await expect(get()).rejects.toMatchObject({ code: 'ERR_AUTH_CREDENTIAL' });
    expect(issuer.requests).toBe(2);
  });

  it('below us: what it retries stays signed, and a refusal still renews', async () => {
    const { api, issuer, get } = await setUp({ below: [retry] });
    api.on('/', sequence(fail(503), refuse(), fail(503), guarded()));

    expect((await get()).statusCode).toBe(200);
    expect(api.hits).toHaveLength(4);
    expect(issuer.requests).toBe(2);
  });

  it('resumes a download that broke off, behind a renewal', async () => {
    const { api, get } = await setUp({ above: [retry] });
    const half: Responder = ({ response }) => {
      response.writeHead(200, { 'content-length': 10, etag: '"one"' });
      response.write('first', () => response.destroy());
    };
    const rest: Responder = ({ response }) => {
      response.writeHead(206, { 'content-range': 'bytes 5-9/10', 'content-length': 5, etag: '"one"' }).end('after');
    };
    api.on('/', refusedOnce(sequence(half, rest)));

    expect(await (await get()).body.text()).toBe('firstafter');
    expect(api.hits.map((hit) => hit.headers.range)).toEqual([undefined, undefined, 'bytes=5-9']);
  });
});

describe.each(['above', 'below'] as const)('%s us', (side) => {
  it('responseError gives an error only for what stands', async () => {
    const { api, issuer, get } = await setUp({ [side]: [interceptors.responseError()] });
    api.on('/', refusedOnce(echo()));

    expect((await get()).statusCode).toBe(200);

    issuer.issueWorthless();
    const error: unknown = await get().catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(errors.ResponseError);
    expect(error).toMatchObject({ statusCode: 401, body: 'r'.repeat(100) });
    expect(api.hits).toHaveLength(4);
    expect(issuer.requests).toBe(3);
  });

  it('dump drops the body of the final answer', async () => {
    const { api, get } = await setUp({ [side]: [interceptors.dump({ maxSize: 1_000_000 })] });
    api.on('/', guarded(echo(), refuse({ bodyBytes: 500_000 })));

    const { statusCode, body } = await get();

    expect([statusCode, await body.text()]).toEqual([200, '']);
    expect(api.hits).toHaveLength(2);
  });

  it('decompress decodes the final answer', async () => {
    const { api, get } = await setUp({ [side]: [interceptors.decompress()] });
    api.on(
      '/',
      refusedOnce(
        ({ response }) => void response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync('plain')),
      ),
    );

    expect(await (await get()).body.text()).toBe('plain');
  });
});

it('deduplicate below us sends what is asked twice at a time once, and once more after the refusal', async () => {
  const { api, issuer, get } = await setUp({ below: [interceptors.deduplicate()] });

  const [one, two] = await Promise.all([get(), get()]);

  expect([one.statusCode, two.statusCode]).toEqual([200, 200]);
  expect(api.hits.length).toBeLessThanOrEqual(3);
  expect(issuer.requests).toBe(2);
});

it('cache below us keeps what the server calls public', async () => {
  const { api, issuer, get } = await setUp({ below: [interceptors.cache()] });
  api.on(
    '/',
    refusedOnce(({ response }) => void response.writeHead(200, { 'cache-control': 'public, max-age=60' }).end('kept')),
  );

  for (let i = 0; i < 3; i += 1) expect(await (await get()).body.text()).toBe('kept');

  expect(api.hits).toHaveLength(2);
  expect(issuer.requests).toBe(2);
});

it('dns below us leaves the name of the origin to us', async () => {
  const api = await testApi();
  const issuer = new TokenIssuer(api);
  const auth = undiciAuth(new TestAuth(issuer), { origins: [api.originAs('localhost')] });
  const lookup = (_origin: unknown, _options: unknown, done: (error: null, records: unknown[]) => void) =>
    done(null, [{ address: '127.0.0.1', ttl: 1000, family: 4 }]);
  const agent = testAgent().compose(interceptors.dns({ lookup } as never), auth);

  const { statusCode } = await agent.request({ origin: api.originAs('localhost'), path: '/', method: 'GET' });

  expect(statusCode).toBe(200);
  expect(api.hits.map((hit) => hit.origin)).toEqual([api.originAs('localhost')]);
});

it('two authenticators share a bodyFactory, which is asked once for each attempt', async () => {
  const { api, issuer, agent } = await setUp({});
  const key = new TokenIssuer();
  const both = agent.compose(undiciAuth(new TestAuth(key, 'query'), { origins: [api.origin] }));
  const bodyFactory = vi.fn(() => Readable.from(['made']));
  const upload = { origin: api.origin, path: '/', method: 'POST', bodyFactory } as const;

  expect((await both.request(upload)).statusCode).toBe(200);
  expect(bodyFactory).toHaveBeenCalledTimes(2);
  expect(api.hits.map((hit) => hit.body.toString())).toEqual(['made', 'made']);
  expect([issuer.requests, key.requests]).toEqual([2, 2]);
});

it('two authenticators sign one request, and each renews its own', async () => {
  const api = await startProtectedApi({
    accepts: (hit, good) => good.has(String(hit.headers.authorization).slice(7)) && good.has(hit.query.api_key ?? ''),
  });
  onTestFinished(() => api.close());
  const tokens = new TokenIssuer(api);
  const keys = new TokenIssuer(api);
  const origins = [api.origin];
  const agent = testAgent().compose(
    undiciAuth(new TestAuth(tokens), { origins }),
    undiciAuth(new TestAuth(keys, 'query'), { origins }),
  );
  const get = () => agent.request({ origin: api.origin, path: '/', method: 'GET' });
  await (await get()).body.dump();
  keys.expire();

  expect((await get()).statusCode).toBe(200);
});
