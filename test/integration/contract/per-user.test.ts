import { AsyncLocalStorage } from 'node:async_hooks';
import { setImmediate } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { AuthApiKey } from '../../../src/authenticators/api-key.ts';
import { AuthBasic } from '../../../src/authenticators/basic.ts';
import { AuthJwt } from '../../../src/authenticators/jwt.ts';
import { AuthQuery } from '../../../src/authenticators/query.ts';
import { buildAuthenticator } from '../../../src/builders/build-authenticator.ts';
import type { Authenticator } from '../../../src/lifecycle/contract.ts';
import { drivers } from '../../helpers/clients.ts';
import { bound, outcome, testApi } from './fixture.ts';

/** Each request that a program serves has a user of its own. */
const served = new AsyncLocalStorage<{ readonly user: string; asked: number }>();

async function keyOfUser(): Promise<string> {
  const request = served.getStore();
  if (request === undefined) throw new Error('no request is being served');
  request.asked += 1;
  await setImmediate();
  return `key-of-${request.user}`;
}

const secrets: readonly [name: string, make: () => Authenticator][] = [
  ['AuthJwt', () => new AuthJwt({ token: keyOfUser })],
  ['AuthBasic', () => new AuthBasic({ username: 'app', password: keyOfUser })],
  ['AuthApiKey', () => new AuthApiKey({ header: 'x-key', key: keyOfUser })],
  ['AuthQuery', () => new AuthQuery({ name: 'key', key: keyOfUser })],
  ['AuthJwt from fields', () => buildAuthenticator({ authType: 'AuthJwt', apikey: keyOfUser })],
  ['AuthBearer from fields', () => buildAuthenticator({ authType: 'AuthBearer', apikey: keyOfUser })],
  ['AuthApiKey from fields', () => buildAuthenticator({ authType: 'AuthApiKey', apikey: keyOfUser })],
];

/** What a request carries, wherever it carries it. */
function userOf({ headers, query }: { headers: Record<string, unknown>; query: Record<string, unknown> }) {
  const basic = Buffer.from(String(headers.authorization ?? '').slice('Basic '.length), 'base64').toString();
  return /key-of-([\w-]+)/.exec([headers.authorization, headers['x-key'], query.key, basic].join(' '))?.[1];
}

describe.each(drivers)('$name', (driver) => {
  it.each(secrets)('asks the function of %s for every request, in the context of its user', async (_name, make) => {
    const api = await testApi({ accepts: () => true });
    const send = driver.create(make(), bound(api));
    const call = (user: string) =>
      served.run({ user, asked: 0 }, async () => (await send({ url: api.url(`/${user}`) })).text());
    const users = ['ada', 'grace', 'alan', 'edsger'];

    await Promise.all(users.map(call));
    for (const user of users) await call(user);

    expect(api.hits).toHaveLength(2 * users.length);
    expect(api.hits.map((hit) => [hit.path.slice(1).split('?')[0], userOf(hit)])).toEqual(
      api.hits.map(({ path }) => [path.slice(1).split('?')[0], path.slice(1).split('?')[0]]),
    );
  });

  it.each(secrets)('has nothing better where the function of %s gives what was refused', async (_name, make) => {
    const api = await testApi({ accepts: () => false });
    const send = driver.create(make(), bound(api));
    const request = { user: 'ada', asked: 0 };

    const { status } = await served.run(request, () => outcome(driver, send({ url: api.url('/') })));

    expect(status).toBe(401);
    expect(api.hits).toHaveLength(1);
    expect(request.asked).toBe(2);
  });

  it('sends what the function gives after a refusal, with the user of the same request', async () => {
    const api = await testApi({ accepts: ({ headers }) => headers.authorization === 'Bearer ada-2' });
    const tokens = new Map([['ada', ['ada-1', 'ada-2']]]);
    const auth = new AuthJwt({ token: () => tokens.get(served.getStore()?.user ?? '')?.shift() ?? 'nobody' });
    const send = driver.create(auth, bound(api));

    const { status } = await served.run({ user: 'ada', asked: 0 }, () => outcome(driver, send({ url: api.url('/') })));

    expect(status).toBe(200);
    expect(api.hits.map(({ headers }) => headers.authorization)).toEqual(['Bearer ada-1', 'Bearer ada-2']);
  });
});
