import http from 'node:http';
import { Readable } from 'node:stream';
import type { RequestFunction } from 'got';
import { describe, expect, it, vi } from 'vitest';
import { type GotAuthContext, gotAuth } from '../../../src/adapters/got.ts';
import { echo, fail, guarded, refuse, sequence } from '../../helpers/protected-api.ts';
import { setUp, setUpExpired, versions } from './fixture.ts';

describe.each(versions)('$name', ({ got }) => {
  describe("with got's own ways to read an answer", () => {
    it('gives what the caller asked for after a renewal', async () => {
      const { api, client } = await setUpExpired(got);

      expect(await client(api.url('/a')).json()).toMatchObject({ path: '/a' });
      expect(await client(api.url('/b'), { responseType: 'json', resolveBodyOnly: true })).toMatchObject({
        path: '/b',
      });
      expect(Buffer.from(await client(api.url('/c')).buffer()).toString()).toContain('/c');
      expect(api.hits).toHaveLength(4);
    });

    it('gives a 401 as an answer where the caller wants no errors', async () => {
      const { api, issuer, client } = await setUpExpired(got);
      issuer.issueWorthless();

      const response = await client(api.url('/never'), { throwHttpErrors: false });

      expect(response.statusCode).toBe(401);
      expect(api.hits).toHaveLength(2);
    });

    it('renews although the refused answer is no JSON', async () => {
      const { api, client } = await setUpExpired(got);
      api.on('/json', guarded(echo(), refuse({ bodyBytes: 10 })));

      expect(await client(api.url('/json'), { responseType: 'json', resolveBodyOnly: true })).toMatchObject({
        path: '/json',
      });
    });
  });

  it("leaves nothing of its own in the caller's context", async () => {
    const { api, client } = await setUp(got);
    const seen: object[] = [];
    const look = client.extend({ hooks: { beforeRequest: [({ context }) => void seen.push(context)] } });

    const { request } = await look(api.url('/a'), { context: { mine: 1 } });

    for (const context of [...seen, request.options.context]) expect(Reflect.ownKeys(context)).toEqual(['mine']);
  });

  it('finds its call again where a wrapper hides the request function', async () => {
    const { api, client } = await setUpExpired(got);
    const wrapped = client.extend({
      handlers: [
        (options, next) => {
          const { request } = options;
          options.request = (url, native, callback) => request?.(url, native, callback);
          return next(options);
        },
      ],
    });

    expect((await wrapped(api.url('/a'))).statusCode).toBe(200);
  });

  describe("and the caller's retries", () => {
    it('renews where the caller forbids every retry', async () => {
      const { api, client } = await setUpExpired(got);
      const calculateDelay = vi.fn(() => 0);

      const { statusCode } = await client(api.url('/strict'), { retry: { limit: 0, calculateDelay } });

      expect(statusCode).toBe(200);
      expect(calculateDelay).not.toHaveBeenCalled();
    });

    it("leaves the caller's calculateDelay in charge of everything after the renewal", async () => {
      const { api, client } = await setUpExpired(got);
      api.on('/flaky', sequence(refuse(), fail(500), fail(500), echo()));
      const attempts: number[] = [];
      const calculateDelay = ({ attemptCount }: { attemptCount: number }) => {
        attempts.push(attemptCount);
        return attemptCount > 2 ? 0 : 1;
      };

      const response = await client(api.url('/flaky'), { retry: { limit: 2, calculateDelay } });

      expect(attempts).toEqual([1, 2]);
      expect(response.retryCount).toBe(2);
      expect(api.hits).toHaveLength(4);
    });

    it('counts no retry for a renewal', async () => {
      const { api, client } = await setUpExpired(got);

      expect((await client(api.url('/counted'))).retryCount).toBe(0);
    });

    it('renews for a method that got does not retry', async () => {
      const { api, client } = await setUpExpired(got);

      const { statusCode } = await client.post(api.url('/upload'), { json: { a: 1 }, retry: { limit: 2 } });

      expect(statusCode).toBe(200);
      expect(api.hits.map(({ method }) => method)).toEqual(['POST', 'POST']);
    });
  });

  describe("and the caller's hooks", () => {
    it('shows them the answer that stands and no other, every time', async () => {
      const { api, issuer, client } = await setUpExpired(got);
      const seen: number[] = [];
      const hook = (response: { statusCode: number }) => {
        seen.push(response.statusCode);
        return response as never;
      };
      const hooked = client.extend({ hooks: { afterResponse: [hook] } });

      await hooked(api.url('/one'), { hooks: { afterResponse: [hook] } });
      issuer.expire();
      await hooked(api.url('/two'));

      expect(seen).toEqual([200, 200, 200]);
    });

    it('lets a hook that was there before us change the answer after the renewal', async () => {
      const { api, auth } = await setUpExpired(got);
      const before = got.extend({
        hooks: { afterResponse: [(response) => Object.assign(response, { body: 'changed' })] },
      });

      expect((await before.extend(gotAuth(auth, { origins: [api.origin] }))(api.url('/one'))).body).toBe('changed');
    });

    it('renews also in a retry that a hook of the caller has asked for', async () => {
      const { api, issuer, client } = await setUp(got);
      api.on('/stale', sequence(echo(), refuse(), guarded()));
      let asked = 0;

      const response = await client(api.url('/stale'), {
        hooks: {
          afterResponse: [
            (answer, retry) => {
              asked += 1;
              return asked === 1 ? retry({ headers: { 'x-again': 'yes' } }) : answer;
            },
          ],
        },
      });

      expect(response.statusCode).toBe(200);
      expect(api.hits.map(({ headers }) => headers['x-again'])).toEqual([undefined, 'yes', 'yes']);
      expect(issuer.requests).toBe(2);
    });

    it('does not show them the credential', async () => {
      const { api, client } = await setUpExpired(got);
      const headers: unknown[] = [];

      await client(api.url('/seen'), {
        hooks: {
          beforeRequest: [(options) => void headers.push(options.headers.authorization)],
          beforeRetry: [(error) => void headers.push(error.options.headers.authorization)],
        },
      });

      expect(headers).toEqual([undefined, undefined, undefined]);
    });
  });

  describe("and the caller's `request` function", () => {
    it.each(['authorization', 'query'] as const)('hands it a signed request (%s)', async (placement) => {
      const { api, client } = await setUpExpired(got, { placement });
      const request = vi.fn<RequestFunction>((url, options) => http.request(url, options as object));

      expect((await client(api.url('/own?a=1'), { request })).statusCode).toBe(200);
      expect(request).toHaveBeenCalledTimes(2);
      expect(api.hits.map(({ query }) => query.a)).toEqual(['1', '1']);
    });

    it('sends by itself where that leaves it to got', async () => {
      const { api, client } = await setUpExpired(got);
      const request = vi.fn(async () => undefined) as unknown as RequestFunction;

      expect((await client(api.url('/own'), { request })).statusCode).toBe(200);
      expect(request).toHaveBeenCalledTimes(2);
    });

    it('renews also where that answers without any request on the wire', async () => {
      const { api, issuer, client } = await setUpExpired(got);
      const tokens: unknown[] = [];
      const request = ((_url, { headers }) => {
        tokens.push((headers as Record<string, unknown>).authorization);
        const statusCode = tokens.length === 1 ? 401 : 200;
        return Object.assign(Readable.from([Buffer.from('made up')]), { statusCode, headers: {}, complete: true });
      }) as RequestFunction;

      expect((await client(api.url('/'), { request })).body).toBe('made up');
      expect(tokens).toEqual(issuer.issued.map((token) => `Bearer ${token}`));
    });

    it('renews also where somebody has wrapped ours', async () => {
      const { api, client } = await setUpExpired(got);
      const wrapping = client.extend({
        handlers: [
          (options, next) => {
            const { request } = options;
            options.request = (...call) => request?.(...call);
            return next(options);
          },
        ],
      });

      expect((await wrapping(api.url('/wrapped'))).statusCode).toBe(200);
      expect(api.hits).toHaveLength(2);
    });
  });

  it('signs once for an authenticator that was given twice', async () => {
    const { api, issuer, auth, client } = await setUp(got);
    const modified = vi.spyOn(auth, 'modifyRequest');

    await client.extend(gotAuth(auth, { origins: [api.origin] }))(api.url('/once'));

    expect(modified).toHaveBeenCalledTimes(1);
    expect(issuer.requests).toBe(1);
    expect(api.hits[0]?.rawHeaders.filter((name) => name.toLowerCase() === 'authorization')).toHaveLength(1);
  });

  it('takes the options that an authenticator was given last', async () => {
    const { api, auth, client } = await setUp(got, { origins: ['https://elsewhere.example'] });

    expect((await client(api.url('/a'), { throwHttpErrors: false })).statusCode).toBe(401);
    expect((await client.extend(gotAuth(auth, { origins: [api.origin] }))(api.url('/b'))).statusCode).toBe(200);
  });

  it('makes instances that can be given to extend', async () => {
    const { api, client } = await setUpExpired(got);

    expect((await got.extend(client, { headers: { 'x-team': 'a' } })(api.url('/merged'))).statusCode).toBe(200);
    expect(api.hits).toHaveLength(2);
  });
});

describe.each(versions)('$name: options of one call', ({ got }) => {
  it('sends without a credential', async () => {
    const { api, issuer, client } = await setUp(got);
    const context: GotAuthContext = { skipAuth: true };

    const { statusCode } = await client.post(api.url('/login'), { context, throwHttpErrors: false });

    expect(statusCode).toBe(401);
    expect(issuer.requests).toBe(0);
    expect(api.hits[0]?.headers.authorization).toBeUndefined();
  });

  it('says what refuses, whether to resend, and hears of it', async () => {
    const { api, client } = await setUp(got);
    const resends: unknown[] = [];
    const context: GotAuthContext = { refusedWhen: [403], onResend: (resend) => void resends.push(resend) };
    api.on('/403', fail(403));
    await client(api.url('/'));

    await client(api.url('/403'), { context, throwHttpErrors: false });
    expect(api.hitsOf('/403')).toHaveLength(2);
    await client(api.url('/403'), { context: { ...context, resend: false }, throwHttpErrors: false });
    expect(api.hitsOf('/403')).toHaveLength(3);
    expect(resends).toEqual([{ status: 403, reason: 'refused' }]);
  });
});
