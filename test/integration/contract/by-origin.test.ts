import { describe, expect, it } from 'vitest';
import { AuthApiKey } from '../../../src/authenticators/api-key.ts';
import { AuthBasic } from '../../../src/authenticators/basic.ts';
import { AuthByOrigin } from '../../../src/authenticators/by-origin.ts';
import { drivers } from '../../helpers/clients.ts';
import { echo, guarded, type Hit, redirect } from '../../helpers/protected-api.ts';
import { TestAuth } from '../../helpers/test-auth.ts';
import { TokenIssuer } from '../../helpers/token-issuer.ts';
import { outcome, testApi } from './fixture.ts';

const BASIC = `Basic ${btoa('ada:wonderland')}`;

/** Two origins with a credential each: Basic at the one, a key at the other. */
async function twoOrigins() {
  const [one, other] = await Promise.all([testApi(), testApi()]);
  one.accept(btoa('ada:wonderland'));
  other.accept('key-of-ada');
  const auth = new AuthByOrigin({
    [one.origin]: new AuthBasic({ username: 'ada', password: 'wonderland' }),
    [other.origin]: new AuthApiKey({ header: 'x-api-key', key: 'key-of-ada' }),
  });
  return { one, other, auth };
}

/** What of the two a request brought along. */
const brought = (hits: readonly Hit[]) =>
  hits.map(({ headers }) => [headers.authorization, headers['x-api-key']].filter((value) => value !== undefined));

describe.each(drivers)('$name', (driver) => {
  it('gives each of two origins its own credential, and a third nothing', async () => {
    const { one, other, auth } = await twoOrigins();
    const third = await testApi();
    third.on('/x', echo());
    const send = driver.create(auth);

    const results = await Promise.all([one, other, third].map((api) => outcome(driver, send({ url: api.url('/x') }))));

    expect(results.map(({ status }) => status)).toEqual([200, 200, 200]);
    expect([one, other, third].flatMap(({ hits }) => brought(hits))).toEqual([[BASIC], ['key-of-ada'], []]);
  });

  it.each([301, 302, 307, 308])('gives each hop of a %i its own credential', async (status) => {
    const { one, other, auth } = await twoOrigins();
    one.on('/start', redirect(status, other.url('/middle')));
    other.on('/middle', redirect(status, other.url('/end')));

    const result = await outcome(driver, driver.create(auth)({ url: one.url('/start') }));

    expect(result.status).toBe(200);
    expect(brought(one.hits)).toEqual([[BASIC]]);
    expect(brought(other.hits)).toEqual([['key-of-ada'], ['key-of-ada']]);
  });

  it('takes nothing along to an origin without a route', async () => {
    const { other, auth } = await twoOrigins();
    const evil = await testApi();
    other.on('/start', redirect(302, evil.url('/landing')));
    evil.on('/landing', echo());

    const result = await outcome(driver, driver.create(auth)({ url: other.url('/start') }));

    expect(result.status).toBe(200);
    expect(brought(evil.hits)).toEqual([[]]);
  });

  it('renews at each origin what that origin refuses, once for everybody', async () => {
    const apis = await Promise.all([testApi(), testApi()]);
    const issuers = apis.map((api) => new TokenIssuer(api));
    const [first, second] = apis.map((api, n) => [api.origin, new TestAuth(issuers[n] as TokenIssuer)] as const) as [
      Route,
      Route,
    ];
    const send = driver.create(new AuthByOrigin([first, second]));
    const callAll = () =>
      Promise.all(
        apis.flatMap((api) => Array.from({ length: 10 }, (_, n) => outcome(driver, send({ url: api.url(`/${n}`) })))),
      );
    await callAll();
    issuers[0]?.expire();

    const results = await callAll();

    expect(results.map(({ status }) => status)).toEqual(Array(20).fill(200));
    expect(issuers.map(({ requests }) => requests)).toEqual([2, 1]);
  });

  it('renews behind a redirect to the other origin, where the client lets a hop wait or has the token', async () => {
    const { one } = await twoOrigins();
    const api = await testApi();
    const issuer = new TokenIssuer(api);
    const auth = new AuthByOrigin({
      [one.origin]: new AuthBasic({ username: 'ada', password: 'wonderland' }),
      [api.origin]: new TestAuth(issuer),
    });
    const send = driver.create(auth);
    one.on('/start', redirect(307, api.url('/landing')));
    api.on('/landing', guarded());
    await outcome(driver, send({ url: api.url('/warm-up') }));
    issuer.expire();
    api.forget();

    const result = await outcome(driver, send({ url: one.url('/start') }));

    expect(result.status).toBe(200);
    expect(issuer.requests).toBe(2);
    expect(brought(one.hits).every(([value]) => value === BASIC)).toBe(true);
    expect(api.hits.map(({ headers }) => headers.authorization)).toEqual(
      issuer.issued.map((token) => `Bearer ${token}`),
    );
  });

  it('signs a body that can be read only once, and sends it once', async () => {
    const { other, auth } = await twoOrigins();
    const body = driver.stream(['one-', 'shot']);

    const result = await outcome(driver, driver.create(auth)({ method: 'POST', url: other.url('/x'), body }));

    expect(result.status).toBe(200);
    expect(brought(other.hits)).toEqual([['key-of-ada']]);
    expect(Buffer.from(other.hits[0]?.body ?? '').toString()).toBe('one-shot');
  });
});

type Route = readonly [string, TestAuth];
