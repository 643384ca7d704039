import { describe, expect, it } from 'vitest';
import { AuthApiKey } from '../../../src/authenticators/api-key.ts';
import { AuthBasic } from '../../../src/authenticators/basic.ts';
import { AuthByChallenge } from '../../../src/authenticators/by-challenge.ts';
import { AuthDigest } from '../../../src/authenticators/digest.ts';
import { drivers } from '../../helpers/clients.ts';
import { startDigestServer } from '../../helpers/digest-server.ts';
import { echo, type ProtectedApi, type Responder, redirect } from '../../helpers/protected-api.ts';
import { TestAuth } from '../../helpers/test-auth.ts';
import { TokenIssuer } from '../../helpers/token-issuer.ts';
import { bound, outcome, testApi } from './fixture.ts';

const BASIC = `Basic ${btoa('ada:wonderland')}`;
const basic = () => new AuthBasic({ username: 'ada', password: 'wonderland' });

/** Lets in whom the API knows, and asks everybody else for these challenges, each in a field of its own. */
function asking(...challenges: readonly string[]): Responder {
  return (exchange) => {
    if (exchange.accepted) return echo()(exchange);
    exchange.response
      .writeHead(
        401,
        [...challenges].flatMap((one) => ['www-authenticate', one]),
      )
      .end();
    return undefined;
  };
}

const sent = (api: ProtectedApi) => api.hits.map(({ headers }) => headers.authorization);

describe.each(drivers)('$name', (driver) => {
  it.each<[string, readonly string[]]>([
    ['one field', ['Basic realm="x, y", ApiKey, Negotiate']],
    ['many fields', ['Negotiate', 'Basic realm="x"', 'ApiKey']],
  ])(
    'answers the strongest challenge that is configured, from %s, and signs at once from then on',
    async (_name, fields) => {
      const api = await testApi();
      api.accept('key-of-ada');
      for (const path of ['/1', '/2']) api.on(path, asking(...fields));
      const auth = new AuthByChallenge({ basic: basic(), apikey: new AuthApiKey({ key: 'Key key-of-ada' }) });
      const send = driver.create(auth, bound(api));

      const results = [
        await outcome(driver, send({ url: api.url('/1') })),
        await outcome(driver, send({ method: 'POST', url: api.url('/2'), json: { a: 1 } })),
      ];

      expect(results.map(({ status }) => status)).toEqual([200, 200]);
      expect(sent(api)).toEqual([undefined, 'Key key-of-ada', 'Key key-of-ada']);
    },
  );

  it('takes Digest before Basic, whose password then never travels', async () => {
    const server = await startDigestServer({ username: 'ada', password: 'wonderland' });
    const digest = new AuthDigest({ username: 'ada', password: 'wonderland' });
    const auth = new AuthByChallenge({ basic: basic(), digest });
    const send = driver.create(auth, bound(server));

    const results = [];
    for (const path of ['/1', '/2']) results.push(await outcome(driver, send({ url: server.url(path) })));
    server.expireNonces();
    results.push(await outcome(driver, send({ url: server.url('/3') })));

    expect(results.map(({ status }) => status)).toEqual([200, 200, 200]);
    expect(server.hits.map(({ authorization }) => authorization?.split(' ')[0])).toEqual([
      undefined,
      ...Array(server.hits.length - 1).fill('Digest'),
    ]);
    // One to learn the first nonce, one more for the stale one.
    expect(server.hits).toHaveLength(5);
  });

  it('renews a token that has expired, asked for once for everybody', async () => {
    const api = await testApi();
    const issuer = new TokenIssuer(api);
    const send = driver.create(new AuthByChallenge({ bearer: new TestAuth(issuer), basic: basic() }), bound(api));
    const paths = Array.from({ length: 10 }, (_, n) => `/${n}`);
    for (const path of paths) api.on(path, asking('Basic realm="x"', 'Bearer realm="x"'));
    const callAll = () => Promise.all(paths.map((path) => outcome(driver, send({ url: api.url(path) }))));

    const first = await callAll();
    issuer.expire();
    const second = await callAll();

    expect([...first, ...second].map(({ status }) => status)).toEqual(Array(20).fill(200));
    expect(issuer.requests).toBe(2);
    expect(sent(api)).not.toContain(BASIC);
  });

  it('learns from a body that can be read only once, and hands its 401 on', async () => {
    const api = await testApi();
    api.accept(btoa('ada:wonderland'));
    api.on('/x', asking('Basic realm="x"'));
    const send = driver.create(new AuthByChallenge({ basic: basic() }), bound(api));
    const post = () => send({ method: 'POST', url: api.url('/x'), body: driver.stream(['one-', 'shot']) });

    const [first, second] = [await outcome(driver, post()), await outcome(driver, post())];

    expect(first.status).toBe(driver.capabilities.resendsStreams ? 200 : 401);
    expect(second.status).toBe(200);
    expect(Buffer.from(api.hits.at(-1)?.body ?? '').toString()).toBe('one-shot');
  });

  it('asks each origin on the way of a redirect for itself', async () => {
    const [one, other] = await Promise.all([testApi(), testApi()]);
    one.accept('key-of-ada');
    one.on('/start', (exchange) =>
      exchange.accepted ? redirect(307, other.url('/end'))(exchange) : asking('ApiKey')(exchange),
    );
    other.accept(btoa('ada:wonderland'));
    other.on('/end', asking('Basic realm="x"'));
    const schemes = { apikey: new AuthApiKey({ key: 'Key key-of-ada' }), basic: basic() };
    const auth = new AuthByChallenge(schemes, { origins: [one.origin, other.origin] });
    const send = driver.create(auth);

    const [first, second] = [
      await outcome(driver, send({ url: one.url('/start') })),
      await outcome(driver, send({ url: one.url('/start') })),
    ];

    // Two origins to learn, and two more sends at most.
    expect([first.status, second.status]).toEqual([200, 200]);
    expect(new Set(sent(one))).toEqual(new Set([undefined, 'Key key-of-ada']));
    expect(new Set(sent(other))).toEqual(new Set([undefined, BASIC]));
  });

  it('sends no password to a server that has wanted a token', async () => {
    const api = await testApi();
    const issuer = new TokenIssuer(api);
    const send = driver.create(new AuthByChallenge({ bearer: new TestAuth(issuer), basic: basic() }), bound(api));
    api.on('/x', asking('Bearer realm="x"'));
    await outcome(driver, send({ url: api.url('/x') }));
    issuer.expire();
    api.on('/x', asking('Basic realm="x"'));

    const { status } = await outcome(driver, send({ url: api.url('/x') }));

    expect(status).toBe(401);
    expect(sent(api)).not.toContain(BASIC);
  });
});
