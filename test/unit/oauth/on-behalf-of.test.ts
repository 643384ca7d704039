import { AsyncLocalStorage } from 'node:async_hooks';
import { setImmediate } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { fetchAuth } from '../../../src/adapters/fetch.ts';
import { AuthOAuth2 } from '../../../src/authenticators/oauth2.ts';
import { tokenExchange } from '../../../src/oauth/grants/token-exchange.ts';
import { type Endpoint, startEndpoint } from '../../helpers/endpoint.ts';

let server: Endpoint;
let api: Endpoint;
beforeAll(async () => {
  [server, api] = await Promise.all([startEndpoint(), startEndpoint()]);
});
afterAll(() => Promise.all([server[Symbol.asyncDispose](), api[Symbol.asyncDispose]()]));
beforeEach(() => {
  server.received.length = 0;
  api.received.length = 0;
  server.answer(({ form }) => ({
    json: {
      access_token: `for:${form.subject_token}`,
      issued_token_type: 'urn:ietf:params:oauth:token-type:access_token',
      expires_in: 3600,
    },
  }));
  api.answer({ json: {} });
});

const served = new AsyncLocalStorage<string>();
const exchange = (more: object = {}) =>
  new AuthOAuth2(
    tokenExchange({
      tokenEndpoint: server.url,
      clientId: 'app',
      subjectToken: async () => {
        await setImmediate();
        return served.getStore() ?? 'nobody';
      },
      ...more,
    }),
    { origins: [new URL(api.url).origin] },
  );
const jwt = (claims: object) => `e30.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.c2ln`;

/** One answer for all users. */
describe('a subject token that is a function', () => {
  it('gives each request the token of its own user, for one token request each', async () => {
    const call = fetchAuth(exchange());
    const users = Array.from({ length: 60 }, (_, i) => `user-${i % 3}`);
    await Promise.all(users.map((user) => served.run(user, () => call(api.url, { headers: { 'x-user': user } }))));
    expect(api.received).toHaveLength(60);
    for (const { headers } of api.received) expect(headers.authorization).toBe(`Bearer for:${headers['x-user']}`);
    expect(server.received.map(({ form }) => form.subject_token).sort()).toEqual(['user-0', 'user-1', 'user-2']);
  });

  it('renews the token of the user who was refused, and of nobody else', async () => {
    let renewed = 0;
    server.answer(({ form }) => {
      renewed += 1;
      return {
        json: {
          access_token: `for:${form.subject_token}:${renewed}`,
          issued_token_type: 'urn:ietf:params:oauth:token-type:access_token',
        },
      };
    });
    const call = fetchAuth(exchange());
    const as = (user: string) => served.run(user, () => call(api.url));
    await as('ada');
    await as('grace');
    api.answer({ status: 401 }, { json: {} });
    expect((await as('ada')).status).toBe(200);
    await as('grace');
    expect(api.received.map(({ headers }) => headers.authorization)).toEqual([
      'Bearer for:ada:1',
      'Bearer for:grace:2',
      'Bearer for:ada:1',
      'Bearer for:ada:3',
      'Bearer for:grace:2',
    ]);
  });

  it('is not kept longer than the answer lives', async () => {
    let now = 1_800_000_000_000;
    const call = fetchAuth(exchange({ now: () => now }));
    const user = jwt({ sub: 'ada', exp: now / 1000 + 60 });
    const send = () => served.run(user, () => call(api.url));
    await send();
    await send();
    expect(server.received).toHaveLength(1);
    now += 61_000;
    server.answer({ status: 400, json: { error: 'invalid_request' } });
    await expect(send()).rejects.toThrow(/invalid_request/);
  });

  it('is not widened for a server: its user must have the scope', async () => {
    const auth = new AuthOAuth2(
      tokenExchange({ tokenEndpoint: server.url, clientId: 'app', subjectToken: () => 'ada' }),
      { origins: [new URL(api.url).origin], scopeStepUp: ['admin'], onStepUp: () => true },
    );
    const challenges = ['insufficient_scope", scope="admin', 'insufficient_user_authentication'];
    for (const error of challenges) {
      api.answer({ status: 401, headers: { 'www-authenticate': `Bearer error="${error}"` } });
      expect((await fetchAuth(auth)(api.url)).status).toBe(401);
    }
    expect(server.received).toHaveLength(1);
  });

  it('keeps the tokens of the last 1,000 subjects only', async () => {
    const source = tokenExchange({
      tokenEndpoint: server.url,
      clientId: 'app',
      subjectToken: () => served.getStore() ?? '',
      fetch: async (_url, init) => {
        asked += 1;
        const access_token = `for:${new URLSearchParams(String(init?.body)).get('subject_token')}`;
        return Response.json({ access_token, issued_token_type: 'urn:ietf:params:oauth:token-type:access_token' });
      },
    });
    let asked = 0;
    const ask = (user: string) => served.run(user, async () => source.perRequest?.(undefined));
    for (let i = 0; i <= 1000; i += 1) await ask(`user-${i}`);
    await ask('user-1000');
    expect(asked).toBe(1001);
    expect(await ask('user-0')).toMatchObject({ accessToken: 'for:user-0' });
    expect(asked).toBe(1002);
  });
});
