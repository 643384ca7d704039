import { describe, expect, it } from 'vitest';
import { fetchAuth } from '../../../src/adapters/fetch.ts';
import { AuthOpenStack, type AuthOpenStackOptions } from '../../../src/authenticators/openstack.ts';
import { MultiFactorRequiredError } from '../../../src/errors.ts';
import { MemoryTokenStore } from '../../../src/tokens/memory-store.ts';
import { Administrator } from './administrator.ts';
import { CAREFUL_USER, DOMAIN, SERVICES } from './configure.ts';
import { ada, authUrl, keystone, reports } from './fixture.ts';
import { passcode } from './passcode.ts';

/** A `fetch` that counts logins. */
function counter() {
  const counted = { logins: 0 };
  const counting: typeof fetch = (input, init) => {
    if (init?.method === 'POST') counted.logins += 1;
    return fetch(input, init);
  };
  return { counted, counting };
}

describe('a token', () => {
  it('that Keystone has revoked is replaced once for everybody', async () => {
    const { counted, counting } = counter();
    const auth = new AuthOpenStack({ ...ada, ...reports, fetch: counting });
    const api = fetchAuth(auth, { baseUrl: authUrl });
    const projects = () => api(`${authUrl}/auth/projects`);
    expect((await projects()).status).toBe(200);
    const revoked = await auth.tokens.get();
    await (await Administrator.logIn(keystone.origin)).revoke(revoked.accessToken);
    const refused = await fetch(`${authUrl}/auth/projects`, { headers: { 'x-auth-token': revoked.accessToken } });
    expect(refused.headers.get('www-authenticate')).toBe(`Keystone uri="${authUrl}"`);

    const statuses = await Promise.all(Array.from({ length: 5 }, async () => (await projects()).status));

    expect(statuses).toEqual(Array(5).fill(200));
    expect(counted.logins).toBe(2);
  });

  /** A token that lives for two seconds, as our clock says, and what the API has answered. */
  async function shortLived(clock: Pick<AuthOpenStackOptions, 'now' | 'monotonic'>) {
    const { counted, counting } = counter();
    const projects = `${keystone.shortLived}/v3/auth/projects`;
    const statuses: number[] = [];
    const watching: typeof fetch = async (...call) => {
      const response = await fetch(...call);
      statuses.push(response.status);
      return response;
    };
    const auth = new AuthOpenStack({ ...ada, authUrl: `${keystone.shortLived}/v3`, fetch: counting, ...clock });
    const api = fetchAuth(auth, { baseUrl: authUrl, fetch: watching });
    const { accessToken } = await auth.tokens.get();
    const headers = { 'x-auth-token': accessToken };
    // Keystone's clock decides: its last yes has been said after two seconds.
    for (let status = 200; status === 200; ) status = (await fetch(projects, { headers })).status;
    expect((await api(projects)).status).toBe(200);
    return { statuses, logins: counted.logins };
  }

  it('that has lived for its two seconds is replaced before anybody refuses it', async () => {
    expect(await shortLived({})).toEqual({ statuses: [200], logins: 2 });
  });

  it('that Keystone lets expire before we think so is replaced after its 401', async () => {
    const start = Date.now();
    const clock = { now: () => start, monotonic: () => start };
    expect(await shortLived(clock)).toEqual({ statuses: [401, 200], logins: 2 });
  });
});

describe('the service catalogue', () => {
  it('says where services are, under other names and by region too', async () => {
    const auth = new AuthOpenStack({ ...ada, ...reports });

    expect(await auth.endpointFor('compute', { region: 'RegionTwo' })).toBe(SERVICES.compute.RegionTwo);
    expect(await auth.endpointFor('block-storage')).toBe(SERVICES.volumev3.RegionOne);
    await expect(auth.endpointFor('compute')).rejects.toThrow('RegionOne, RegionTwo');
    await expect(auth.endpointFor('object-store')).rejects.toThrow('compute, identity, volumev3');
    await expect(auth.endpointFor('identity', { interface: 'secret' })).rejects.toThrow('public in RegionOne');
  });

  it.each([
    ['a project', reports, SERVICES.volumev3.RegionOne],
    ['nothing', { unscoped: true }, 'empty'],
  ])('of a token for %s out of a store comes from Keystone', async (_name, scope, expected) => {
    const store = new MemoryTokenStore();
    const first = new AuthOpenStack({ ...ada, ...scope, store });
    await first.tokens.get();
    const { counted, counting } = counter();
    const second = new AuthOpenStack({ ...ada, ...scope, store, fetch: counting });

    const found = await second.endpointFor('volumev3').catch((error: Error) => error.message);

    expect(found).toContain(expected);
    expect(counted.logins).toBe(0);
  });
});

describe('a user who needs two factors', () => {
  const careful = { authUrl, userDomainName: DOMAIN, username: CAREFUL_USER.username };

  it('gives both at once', async () => {
    const auth = new AuthOpenStack({ ...careful, password: CAREFUL_USER.password, passcode: () => passcode() });
    expect((await fetchAuth(auth, { baseUrl: authUrl })(`${authUrl}/auth/projects`)).status).toBe(200);
  });

  it('gets a receipt for the first, and a token for that and the second', async () => {
    const first = new AuthOpenStack({ ...careful, password: CAREFUL_USER.password });
    const error = await Promise.resolve(first.tokens.get()).catch((one: unknown) => one);

    expect(error).toBeInstanceOf(MultiFactorRequiredError);
    const { receipt, methods, requiredMethods, expiresAt } = error as MultiFactorRequiredError;
    // Keystone keeps them as a set: in any order.
    const required = requiredMethods.map((rule) => [...rule].sort());
    expect({ methods, required }).toEqual({ methods: ['password'], required: [['password', 'totp']] });
    expect(expiresAt).toBeGreaterThan(Date.now());
    expect(String(receipt)).toBe('*****');

    const second = new AuthOpenStack({ ...careful, passcode: () => passcode(), receipt });
    expect((await fetchAuth(second, { baseUrl: authUrl })(`${authUrl}/auth/projects`)).status).toBe(200);
  });

  it('is refused with a wrong second factor', async () => {
    const auth = new AuthOpenStack({ ...careful, password: CAREFUL_USER.password, passcode: '000000' });
    await expect(auth.tokens.get()).rejects.toMatchObject({ status: 401, code: 'ERR_AUTH_TOKEN_ENDPOINT' });
  });
});
