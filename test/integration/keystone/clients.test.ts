import { describe, expect, it, onTestFinished } from 'vitest';
import { AuthOpenStack, type AuthOpenStackOptions } from '../../../src/authenticators/openstack.ts';
import { drivers } from '../../helpers/clients.ts';
import { HandKeystone, KEYSTONE_CHALLENGE, startOpenStackApi, TOKEN_MARK } from '../../helpers/hand-keystone.ts';
import { echo, guarded, mentions, type ProtectedApi, redirect, refuse, together } from '../../helpers/protected-api.ts';
import { outcome } from '../contract/fixture.ts';

const CROWD = 50;

async function openStackApi(): Promise<ProtectedApi> {
  const api = await startOpenStackApi();
  onTestFinished(() => api.close());
  return api;
}

/** Two services, of which `compute` is allowed and `image` is not. */
async function setUp(options: Partial<AuthOpenStackOptions> = {}) {
  const [compute, image] = [await openStackApi(), await openStackApi()];
  const keystone = await HandKeystone.start(compute, image);
  onTestFinished(() => keystone[Symbol.asyncDispose]());
  keystone.services = { compute: `${compute.origin}/v2.1`, image: image.origin };
  const auth = new AuthOpenStack({
    authUrl: keystone.authUrl,
    userId: 'ada',
    password: 'open sesame',
    allowEndpoints: ['compute'],
    ...options,
  });
  return { compute, image, keystone, auth };
}

describe.each(drivers)('$name', (driver) => {
  it(`logs in once for ${CROWD} requests that are all refused`, async () => {
    const { compute, keystone, auth } = await setUp();
    const url = `${await auth.endpointFor('compute')}/servers`;
    const send = driver.create(auth);
    expect((await outcome(driver, send({ url }))).status).toBe(200);
    keystone.revoke();
    const challenge = refuse({ challenge: KEYSTONE_CHALLENGE });
    compute.on('/v2.1/servers', guarded(echo(), together(CROWD, challenge)));
    compute.forget();

    const calls = Array.from({ length: CROWD }, () => outcome(driver, send({ url })));
    const statuses = (await Promise.all(calls)).map(({ status }) => status);

    expect(statuses).toEqual(Array(CROWD).fill(200));
    expect(compute.hits).toHaveLength(2 * CROWD);
    expect(keystone.logins).toBe(2);
  });

  it('sends the token to an endpoint that is allowed, and to no other', async () => {
    const { compute, image, keystone, auth } = await setUp();
    const send = driver.create(auth);
    const urls = [await auth.endpointFor('compute'), await auth.endpointFor('image')];

    const statuses = [];
    for (const url of urls) statuses.push((await outcome(driver, send({ url: `${url}/x` }))).status);

    expect(statuses).toEqual([200, 401]);
    expect(compute.hits.map(({ headers }) => headers['x-auth-token'])).toEqual([`${TOKEN_MARK}1`]);
    expect(image.hits.map((hit) => mentions(hit, TOKEN_MARK))).toEqual([false]);
    expect(keystone.logins).toBe(1);
  });

  it('logs in for a first call whose URL nobody has looked up', async () => {
    const { compute, image, keystone, auth } = await setUp();
    const send = driver.create(auth);

    const calls = [compute.url('/x'), compute.url('/y'), image.url('/x')].map((url) => outcome(driver, send({ url })));
    const statuses = (await Promise.all(calls)).map(({ status }) => status);

    expect(statuses).toEqual([200, 200, 401]);
    expect(image.hits.map((hit) => mentions(hit, TOKEN_MARK))).toEqual([false]);
    expect([keystone.logins, keystone.lookUps]).toEqual([1, 0]);
  });

  it('sends nothing along to a foreign origin that an API redirects to', async () => {
    const { compute, image, auth } = await setUp();
    const url = `${await auth.endpointFor('compute')}/away`;
    compute.on('/v2.1/away', guarded(redirect(307, image.url('/trap'))));

    await outcome(driver, driver.create(auth)({ url }));

    expect(compute.hits.length).toBeGreaterThan(0);
    expect(image.hits.map((hit) => mentions(hit, TOKEN_MARK))).not.toContain(true);
  });

  it('sends nothing to an endpoint that a later catalogue has no more', async () => {
    const { compute, image, keystone, auth } = await setUp();
    const send = driver.create(auth);
    const former = await auth.endpointFor('compute');
    keystone.services = { compute: image.origin };
    keystone.revoke();
    await auth.tokens.login();
    expect(await auth.endpointFor('compute')).toBe(image.origin);

    expect((await outcome(driver, send({ url: image.url('/x') }))).status).toBe(200);
    expect((await outcome(driver, send({ url: `${former}/x` }))).status).toBe(401);
    expect(compute.hits.map((hit) => mentions(hit, TOKEN_MARK))).toEqual([false]);
  });
});
