import { describe, expect, it } from 'vitest';
import { drivers } from '../../helpers/clients.ts';
import { echo, guarded, mentions, refuse, together } from '../../helpers/protected-api.ts';
import { TestAuth } from '../../helpers/test-auth.ts';
import { MARK, TokenIssuer } from '../../helpers/token-issuer.ts';
import { bound, outcome, setUpExpired, testApi } from './fixture.ts';

describe.each(drivers)('$name', (driver) => {
  it('carries two authenticators on one client, each in its own place', async () => {
    const api = await testApi({ accepts: ({ headers }, good) => inPlace(headers, good) });
    const [bearer, key] = [new TokenIssuer(api), new TokenIssuer(api)];
    const auths = [new TestAuth(bearer), new TestAuth(key, 'header')];
    const send = driver.create(auths, bound(api));

    expect((await outcome(driver, send({ url: api.url('/both') }))).status).toBe(200);
    expect(api.hits).toHaveLength(1);
    expect([bearer.requests, key.requests]).toEqual([1, 1]);
  });

  it.each(['first', 'second'] as const)('gets through when only the %s of two is refused', async (which) => {
    const api = await testApi({ accepts: ({ headers }, good) => inPlace(headers, good) });
    const [bearer, key] = [new TokenIssuer(api), new TokenIssuer(api)];
    const auths = [new TestAuth(bearer), new TestAuth(key, 'header')];
    const send = driver.create(auths, bound(api));
    await outcome(driver, send({ url: api.url('/warm-up') }));
    (which === 'first' ? bearer : key).expire();

    expect((await outcome(driver, send({ url: api.url('/both') }))).status).toBe(200);
    expect(bearer.requests).toBeLessThanOrEqual(2);
    expect(key.requests).toBeLessThanOrEqual(2);
  });

  it('keeps two authenticators for two origins apart', async () => {
    const [left, right] = [await testApi(), await testApi()];
    const [toLeft, toRight] = [new TokenIssuer(left), new TokenIssuer(right)];
    const auths = [
      new TestAuth(toLeft, 'authorization', { origins: [left.origin] }),
      new TestAuth(toRight, 'header', { origins: [right.origin] }),
    ];
    const send = driver.create(auths);

    expect((await outcome(driver, send({ url: left.url('/left') }))).status).toBe(200);
    expect((await outcome(driver, send({ url: right.url('/right') }))).status).toBe(200);
    expect(left.hits.map((hit) => mentions(hit, toRight.latest))).toEqual([false]);
    expect(right.hits.map((hit) => mentions(hit, toLeft.latest))).toEqual([false]);
  });

  it('serves two clients with one authenticator', async () => {
    const { api, issuer, auth, send } = await setUpExpired(driver);
    const other = driver.create(auth, bound(api));

    const both = [send({ url: api.url('/one') }), other({ url: api.url('/two') })];

    expect((await Promise.all(both.map((call) => outcome(driver, call)))).map(({ status }) => status)).toEqual([
      200, 200,
    ]);
    expect(issuer.requests).toBe(2);
  });
});

describe('all clients at once', () => {
  it('share one renewal of one authenticator', async () => {
    const api = await testApi();
    const issuer = new TokenIssuer(api);
    const auth = new TestAuth(issuer);
    const clients = drivers.map((driver) => ({ driver, send: driver.create(auth, bound(api)) }));
    const callAll = async (path: string) => {
      const calls = clients.map(({ driver, send }) => outcome(driver, send({ url: api.url(path) })));
      return (await Promise.all(calls)).map(({ status }) => status);
    };
    const fine = drivers.map(() => 200);
    expect(await callAll('/warm-up')).toEqual(fine);
    issuer.expire();
    api.on('/all', guarded(echo(), together(drivers.length, refuse())));

    expect(await callAll('/all')).toEqual(fine);
    expect(issuer.requests).toBe(2);
    expect(api.hitsOf('/all')).toHaveLength(2 * drivers.length);
    expect(api.hitsOf('/all').every((hit) => mentions(hit, MARK))).toBe(true);
  });
});

/** Both credentials have to be there, each in its own place. */
function inPlace(headers: Record<string, unknown>, good: ReadonlySet<string>): boolean {
  return good.has(String(headers.authorization).replace('Bearer ', '')) && good.has(String(headers['x-api-key']));
}
