import { describe, expect, it } from 'vitest';
import { drivers } from '../../helpers/clients.ts';
import { leaks } from '../../helpers/leaks.ts';
import { fail, guarded, hang, refuse } from '../../helpers/protected-api.ts';
import { placements, TestAuth } from '../../helpers/test-auth.ts';
import { MARK, TokenIssuer } from '../../helpers/token-issuer.ts';
import { outcome, setUp, setUpExpired, testApi } from './fixture.ts';

describe.each(drivers)('$name', (driver) => {
  describe.each(placements)('credential in %s', (placement) => {
    it('holds no credential in a response', async () => {
      const { api, send } = await setUpExpired(driver, { placement });

      const { response, status } = await outcome(driver, send({ url: api.url('/fine') }));

      expect(status).toBe(200);
      expect(leaks(response?.native, MARK)).toEqual([]);
    });

    it.each([
      { status: 401, responder: refuse({ bodyBytes: 10 }) },
      { status: 403, responder: fail(403) },
      { status: 500, responder: guarded(fail(500)) },
    ])('holds no credential in what a $status gives', async ({ status, responder }) => {
      const { api, send } = await setUp(driver, { placement });
      api.on('/bad', responder);

      const result = await outcome(driver, send({ url: api.url('/bad') }));

      expect(result.status).toBe(status);
      expect(leaks(result.error, MARK)).toEqual([]);
      expect(leaks(result.response?.native, MARK)).toEqual([]);
    });

    it('holds no credential in the error of a time limit', async () => {
      const { api, send } = await setUp(driver, { placement });
      api.on('/hanging', hang());

      const { error } = await outcome(driver, send({ url: api.url('/hanging'), timeoutMs: 60 }));

      expect(error).toBeDefined();
      expect(leaks(error, MARK)).toEqual([]);
    });

    it('holds no credential in the error of an abort', async () => {
      const { api, send } = await setUp(driver, { placement });
      api.on('/hanging', hang());
      const controller = new AbortController();
      const call = outcome(driver, send({ url: api.url('/hanging'), signal: controller.signal }));
      await api.arrived(1);
      controller.abort();

      const { error } = await call;

      expect(error).toBeDefined();
      expect(leaks(error, MARK)).toEqual([]);
    });

    it('holds no credential in the error of a connection that is refused', async () => {
      const closed = await testApi();
      const url = closed.url('/closed');
      const { origin } = closed;
      await closed.close();
      const api = await testApi();
      const issuer = new TokenIssuer(api);
      const send = driver.create(new TestAuth(issuer, placement), { origins: [origin] });

      const { error } = await outcome(driver, send({ url }));

      expect(issuer.requests).toBe(1);
      expect(error).toBeDefined();
      expect(leaks(error, MARK)).toEqual([]);
    });

    it('holds no credential in the error of a connection that breaks after the renewal', async () => {
      const { api, send } = await setUpExpired(driver, { placement });
      api.on(
        '/breaking',
        guarded(({ response }) => void response.destroy()),
      );

      const { error } = await outcome(driver, send({ url: api.url('/breaking') }));

      expect(error).toBeDefined();
      expect(leaks(error, MARK)).toEqual([]);
    });
  });

  it('holds no credential in the error of a renewal that fails', async () => {
    const { api, issuer, send } = await setUpExpired(driver);
    issuer.failWith(new Error('the token endpoint is on fire'));

    const { error } = await outcome(driver, send({ url: api.url('/failing') }));

    expect(error).toBeDefined();
    expect(leaks(error, MARK)).toEqual([]);
  });
});

describe('the search for leaks', () => {
  it.each([
    ['a property', { headers: { authorization: `Bearer ${MARK}` } }, 'inspect'],
    ['a property far down', { a: { b: { c: { d: { e: MARK } } } } }, 'inspect, depth null'],
    ['a message', new Error(`refused: ${MARK}`), 'message'],
    ['a value in base64', { auth: btoa(MARK) }, 'inspect'],
    ['only JSON', { toJSON: () => ({ secret: MARK }) }, 'JSON.stringify'],
  ])('finds %s', (_where, value, printer) => {
    expect(leaks(value, MARK)).toContain(printer);
  });
});
