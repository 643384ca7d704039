import { describe, expect, it } from 'vitest';
import { AuthApiKey } from '../../../src/authenticators/api-key.ts';
import { AuthBasic } from '../../../src/authenticators/basic.ts';
import { AuthBearer } from '../../../src/authenticators/bearer.ts';
import { AuthByChallenge } from '../../../src/authenticators/by-challenge.ts';
import { AuthByOrigin } from '../../../src/authenticators/by-origin.ts';
import { AuthDigest } from '../../../src/authenticators/digest.ts';
import { type Client, type ClientDriver, drivers } from '../../helpers/clients.ts';
import { startDigestServer } from '../../helpers/digest-server.ts';
import { echo, type ProtectedApi, type Responder } from '../../helpers/protected-api.ts';
import { TestAuth } from '../../helpers/test-auth.ts';
import { TokenIssuer } from '../../helpers/token-issuer.ts';
import { bound, outcome, testApi } from './fixture.ts';

const LOGIN = { username: 'ada', password: 'wonderland' };
const DIGEST = 'Digest realm="r", nonce="n", qop="auth", algorithm=SHA-256';

/** Lets in whom the API knows, and asks everybody else for these challenges. */
function asking(...challenges: readonly string[]): Responder {
  return (exchange) => {
    if (exchange.accepted) return echo()(exchange);
    const fields = challenges.flatMap((one) => ['www-authenticate', one]);
    exchange.response.writeHead(401, fields).end();
    return undefined;
  };
}

const schemes = (api: ProtectedApi) => api.hits.map(({ headers }) => headers.authorization?.split(' ')[0]);

function callAll(driver: ClientDriver, send: Client, urls: readonly string[]) {
  return Promise.all(urls.map((url) => outcome(driver, send({ url }))));
}

describe.each(drivers)('$name', (driver) => {
  it('50 first calls at once cost two sends each at most, and three when the nonce is stale', async () => {
    const server = await startDigestServer({ ...LOGIN, algorithms: ['SHA-256', 'MD5'] });
    const auth = new AuthByChallenge({ basic: new AuthBasic(LOGIN), digest: new AuthDigest(LOGIN) });
    const send = driver.create(auth, bound(server));
    const urls = Array.from({ length: 50 }, (_, n) => server.url(`/${n}`));

    const first = await callAll(driver, send, urls);
    const sends = server.hits.length;
    server.expireNonces();
    const second = await callAll(driver, send, urls);

    expect([...first, ...second].map(({ status }) => status)).toEqual(Array(100).fill(200));
    expect(sends).toBeLessThanOrEqual(100);
    expect(server.hits.length - sends).toBeLessThanOrEqual(150);
    expect(new Set(server.hits.map(({ authorization }) => authorization?.split(' ')[0]))).toEqual(
      new Set([undefined, 'Digest']),
    );
  });

  it('a man in the middle who leaves nothing but Basic gets no password', async () => {
    const api = await testApi();
    const auth = new AuthByChallenge({ basic: new AuthBasic(LOGIN), digest: new AuthDigest(LOGIN) });
    const send = driver.create(auth, bound(api));
    api.on('/x', asking(DIGEST, 'Basic realm="r"'));
    await outcome(driver, send({ url: api.url('/x') }));
    api.on('/x', asking('Basic realm="r"'));

    const results = await callAll(driver, send, Array(10).fill(api.url('/x')));

    expect(results.map(({ status }) => status)).toEqual(Array(10).fill(401));
    expect(schemes(api)).not.toContain('Basic');
  });

  it('a server that wants a token instead of the password gets one for all calls', async () => {
    const api = await testApi();
    const issuer = new TokenIssuer(api);
    const auth = new AuthByChallenge({ basic: new AuthBasic(LOGIN), bearer: new TestAuth(issuer) });
    const send = driver.create(auth, bound(api));
    api.accept(btoa('ada:wonderland'));
    api.on('/x', asking('Basic realm="r"'));
    const [before] = await callAll(driver, send, [api.url('/x')]);
    api.current.clear();
    api.on('/x', asking('Bearer realm="r", Basic realm="r"'));

    const results = await callAll(driver, send, Array(20).fill(api.url('/x')));

    expect([before, ...results].map((one) => one?.status)).toEqual(Array(21).fill(200));
    expect(issuer.requests).toBe(1);
  });

  it('a login that fails is no reason to send a password', async () => {
    const api = await testApi();
    const bearer = new AuthBearer(() => Promise.reject(new Error('no token')));
    const send = driver.create(new AuthByChallenge({ bearer, basic: new AuthBasic(LOGIN) }), bound(api));
    api.on('/x', asking('Bearer realm="r", Basic realm="r"'));

    const results = await callAll(driver, send, Array(20).fill(api.url('/x')));

    expect(results.filter(({ error }) => error === undefined)).toEqual([]);
    expect(api.hits).toHaveLength(20);
    expect(schemes(api)).not.toContain('Basic');
  });

  it('one chooser in another one, and one authenticator for two schemes', async () => {
    const server = await startDigestServer(LOGIN);
    const api = await testApi();
    api.accept('key-of-ada');
    const digest = new AuthDigest(LOGIN);
    const key = new AuthApiKey({ header: 'x-api-key', key: 'key-of-ada' });
    const byOrigin = new AuthByOrigin({
      [server.origin]: new AuthByChallenge({ digest, negotiate: digest }),
      [api.origin]: key,
    });
    const byChallenge = new AuthByChallenge({ digest: new AuthByOrigin({ [server.origin]: new AuthDigest(LOGIN) }) });
    const twice = new AuthByChallenge({ digest: new AuthByChallenge({ digest: new AuthDigest(LOGIN) }) });

    for (const auth of [byOrigin, byChallenge, twice]) {
      const send = driver.create(auth, { origins: [server.origin, api.origin] });
      const statuses = [];
      for (const path of ['/1', '/2']) statuses.push((await outcome(driver, send({ url: server.url(path) }))).status);
      server.expireNonces();
      statuses.push((await outcome(driver, send({ url: server.url('/3') }))).status);
      expect(statuses).toEqual([200, 200, 200]);
    }
    const send = driver.create(byOrigin, { origins: [server.origin, api.origin] });
    expect((await outcome(driver, send({ url: api.url('/4') }))).status).toBe(200);
    expect(server.hits.some(({ authorization }) => authorization?.includes('key-of-ada'))).toBe(false);
  });
});
