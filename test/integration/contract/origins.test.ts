import { describe, expect, it } from 'vitest';
import { ConfigurationError } from '../../../src/errors.ts';
import { drivers } from '../../helpers/clients.ts';
import { mentions } from '../../helpers/protected-api.ts';
import { placements, TestAuth } from '../../helpers/test-auth.ts';
import { MARK, TokenIssuer } from '../../helpers/token-issuer.ts';
import { authErrorOf, bound, outcome, setUp, testApi } from './fixture.ts';

describe.each(drivers)('$name', (driver) => {
  it('signs a relative URL below the base URL', async () => {
    const { api, issuer } = await setUp(driver);
    const send = driver.create(new TestAuth(issuer), { baseUrl: `${api.origin}/` });

    expect((await outcome(driver, send({ url: '/below' }))).status).toBe(200);
    expect(api.hits.map((hit) => hit.path)).toEqual(['/below']);
  });

  it.each(placements)('gives nothing to an absolute foreign URL when there is a base URL (%s)', async (placement) => {
    const { api, issuer } = await setUp(driver);
    const other = await testApi();
    const send = driver.create(new TestAuth(issuer, placement), { baseUrl: `${api.origin}/` });

    const { status } = await outcome(driver, send({ url: other.url('/foreign') }));

    expect(status).toBe(401);
    expect(other.hits.map((hit) => mentions(hit, MARK))).toEqual([false]);
    expect(issuer.requests).toBe(0);
  });

  it('gives nothing to an origin that `origins` does not name', async () => {
    const { api, issuer } = await setUp(driver);
    const other = await testApi();
    const send = driver.create(new TestAuth(issuer), { origins: [other.origin] });

    expect((await outcome(driver, send({ url: api.url('/foreign') }))).status).toBe(401);
    expect(api.hits.map((hit) => mentions(hit, MARK))).toEqual([false]);
    expect(issuer.requests).toBe(0);
  });

  it('signs for every origin that `origins` names', async () => {
    const other = await testApi();
    const api = await testApi();
    const issuer = new TokenIssuer(api, other);
    const send = driver.create(new TestAuth(issuer), { origins: [api.origin, other.origin] });

    expect((await outcome(driver, send({ url: api.url('/one') }))).status).toBe(200);
    expect((await outcome(driver, send({ url: other.url('/two') }))).status).toBe(200);
    expect(issuer.requests).toBe(1);
  });

  if (driver.capabilities.bindsLate) {
    it('fails a call that nobody has bound before anything is sent, with a line that binds it', async () => {
      const { api, issuer } = await setUp(driver);
      const unbound = driver.create(new TestAuth(issuer));

      const error = authErrorOf((await outcome(driver, unbound({ url: api.url('/one') }))).error);

      expect(error).toBeInstanceOf(ConfigurationError);
      expect(api.hits).toHaveLength(0);
      expect(issuer.requests).toBe(0);
      const line = /Name it: \w+\(auth, (.*)\)$/.exec(error?.message ?? '')?.[1];
      expect([`{ baseUrl: '${api.origin}' }`, `{ origins: ['${api.origin}'] }`]).toContain(line);
    });
  } else {
    it('wants to be told its origins', async () => {
      const api = await testApi();

      expect(() => driver.create(new TestAuth(new TokenIssuer(api)))).toThrow(/origins/);
    });
  }

  it('replaces a header that the caller set', async () => {
    const { api, issuer, send } = await setUp(driver);
    const headers = { authorization: 'Bearer of-the-caller' };

    expect((await outcome(driver, send({ url: api.url('/mine'), headers }))).status).toBe(200);
    expect(api.hits.map((hit) => hit.headers.authorization)).toEqual([`Bearer ${issuer.latest}`]);
  });

  it("leaves the caller's own header in place under the policy 'preserve', and renews nothing for it", async () => {
    const { api, issuer, send } = await setUp(driver, { headerPolicy: 'preserve' });
    const headers = { Authorization: 'Bearer of-the-caller' };

    expect((await outcome(driver, send({ url: api.url('/theirs'), headers }))).status).toBe(401);
    expect(api.hits.map((hit) => hit.headers.authorization)).toEqual(['Bearer of-the-caller']);
    expect(issuer.requests).toBeLessThanOrEqual(1);

    expect((await outcome(driver, send({ url: api.url('/ours') }))).status).toBe(200);
  });

  it("keeps the caller's other headers and query", async () => {
    const { api, issuer } = await setUp(driver);
    const send = driver.create(new TestAuth(issuer, 'query'), bound(api));
    const request = { url: api.url('/kept?a=1&b=x%20y&a=2'), headers: { 'x-trace': 'abc' } };

    expect((await outcome(driver, send(request))).status).toBe(200);
    const [hit] = api.hits;
    expect(hit?.headers['x-trace']).toBe('abc');
    expect(hit?.query).toMatchObject({ a: '2', b: 'x y', api_key: issuer.latest });
  });
});
