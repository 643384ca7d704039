import { describe, expect, it, onTestFinished } from 'vitest';
import { fetchAuth } from '../../../src/adapters/fetch.ts';
import { AuthByOrigin } from '../../../src/authenticators/by-origin.ts';
import { AuthOpenStack, type AuthOpenStackOptions } from '../../../src/authenticators/openstack.ts';
import { buildAuthenticator } from '../../../src/builders/build-authenticator.ts';
import { ConfigurationError, EndpointNotFoundError } from '../../../src/errors.ts';
import type { CredentialFields } from '../../../src/fields/credential-fields.ts';
import { MemoryTokenStore } from '../../../src/tokens/memory-store.ts';
import { type Answer, startEndpoint } from '../../helpers/endpoint.ts';
import { fakeRequest } from '../../helpers/fake-request.ts';
import { HandKeystone } from '../../helpers/hand-keystone.ts';

const ada = { userId: 'ada', password: 'open sesame' } as const;

async function startKeystone(services = {}): Promise<HandKeystone> {
  const keystone = await HandKeystone.start();
  onTestFinished(() => keystone[Symbol.asyncDispose]());
  keystone.services = services;
  return keystone;
}

describe('AuthOpenStack', () => {
  it('sends the token as X-Auth-Token, and nothing else', async () => {
    const { authUrl } = await startKeystone();
    const auth = new AuthOpenStack({ authUrl, ...ada });
    const request = fakeRequest();
    await auth.modifyRequest(request, await auth.authenticate({ request }));
    expect([...request.headers.added]).toEqual(['x-auth-token']);
    expect(request.headers.get('x-auth-token')).toBe('keystone-token-1');
  });

  it.each<[string, Partial<AuthOpenStackOptions>, unknown]>([
    ['to Keystone where nothing is said', {}, ['https://keystone.example']],
    ['to the origins that are said', { origins: ['https://nova.example'] }, ['https://nova.example']],
    ['everywhere where that is said', { origins: '*', allowEndpoints: ['compute'] }, '*'],
    ['to endpoints of the catalogue by a rule', { allowEndpoints: ['compute'] }, expect.any(Function)],
  ])('goes %s', (_name, options, origins) => {
    const auth = new AuthOpenStack({ authUrl: 'https://keystone.example/v3', ...ada, ...options });
    expect(auth.origins).toEqual(origins);
  });

  it('keeps to what is said beside what the catalogue allows', async () => {
    const { authUrl } = await startKeystone({ compute: 'https://nova.example/v2.1', image: 'https://glance.example' });
    const origins = ['https://other.example'];
    const auth = new AuthOpenStack({ authUrl, ...ada, origins, allowEndpoints: ['compute'] });
    const rule = auth.origins as (url: URL) => boolean;
    const allowed = () =>
      ['https://nova.example', 'https://glance.example', 'https://other.example', authUrl].map((url) =>
        rule(new URL(url)),
      );
    expect(allowed()).toEqual([false, false, true, false]);
    await auth.endpointFor('compute');
    expect(allowed()).toEqual([true, false, true, false]);
  });

  it.each<[Partial<AuthOpenStackOptions>, string]>([
    [{ authUrl: 'keystone' }, 'authUrl'],
    [{ authUrl: 'http://keystone.example/v3' }, 'authUrl'],
    [{ authUrl: 'https://keystone.example/v2.0' }, 'authUrl'],
    [{ authUrl: 'https://keystone.example/v3?x=1' }, 'authUrl'],
    [{ authUrl: 'https://ada@keystone.example/v3' }, 'authUrl'],
    [{ userDomainName: 'Default' }, 'userDomainName'],
    [{ projectName: 'reports' }, 'projectDomainName'],
    [{ allowEndpoints: 'compute' as never }, 'allowEndpoints'],
    [{ origins: ['nova'] }, 'origins'],
    [{ region: '' }, 'region'],
    [{ interface: 5 as never }, 'interface'],
    [{ interface: '' }, 'interface'],
    [{ interface: [] }, 'interface'],
    [{ authUrl: 'https://keystone.example/v2.0/tokens' }, 'authUrl'],
    [{ skewMs: -1 }, 'skewMs'],
  ])('refuses %o, naming the option', (options, option) => {
    const make = () => new AuthOpenStack({ authUrl: 'https://keystone.example/v3', ...ada, ...options });
    expect(make).toThrow(ConfigurationError);
    expect(make).toThrow(expect.objectContaining({ option }));
  });

  it.each<Partial<AuthOpenStackOptions>>([{ projectId: 'p' }, { systemScope: 'all' }, { unscoped: true }])(
    'refuses %o with an application credential, and says the way out',
    (scope) => {
      const credential = { applicationCredentialId: 'a', applicationCredentialSecret: 'secret' };
      const make = () => new AuthOpenStack({ authUrl: 'https://keystone.example/v3', ...credential, ...scope });
      expect(make).toThrow(expect.objectContaining({ option: Object.keys(scope)[0] }));
      expect(make).toThrow(/Leave it out/);
    },
  );

  it('is no source of a first token of its own: `token` logs in', async () => {
    const { authUrl } = await startKeystone();
    const auth = new AuthOpenStack({ authUrl, token: 'a-former-token' });
    expect(auth.checkIfAuthenticated()).toBe(false);
    expect(await auth.tokens.get()).toMatchObject({ accessToken: 'keystone-token-1' });
  });

  it('keeps tokens apart that were made of other tokens', async () => {
    const { authUrl } = await startKeystone();
    const store = new MemoryTokenStore();
    const ask = async (token: string) => (await new AuthOpenStack({ authUrl, token, store }).tokens.get()).accessToken;
    const first = await ask('token-of-ada');
    expect(await ask('token-of-ada')).toBe(first);
    expect(await ask('token-of-grace')).not.toBe(first);
  });

  it('shares a store with its like only', async () => {
    const { authUrl } = await startKeystone();
    const store = new MemoryTokenStore();
    const tokens = [];
    for (const more of [{}, {}, { projectId: 'p' }, { userId: 'grace' }]) {
      const auth = new AuthOpenStack({ authUrl, ...ada, store, ...more });
      tokens.push((await auth.tokens.get()).accessToken);
    }
    expect(tokens).toEqual(['keystone-token-1', 'keystone-token-1', 'keystone-token-2', 'keystone-token-3']);
  });
});

describe('where its endpoints are', () => {
  const services = { compute: 'https://nova.example/v2.1' };
  const learn = { allowEndpoints: ['compute'] };

  it('is learned once, and only where some are allowed', async () => {
    const keystone = await startKeystone(services);
    const options = { authUrl: keystone.authUrl, ...ada };
    expect(new AuthOpenStack(options).learnOrigins()).toBeUndefined();
    expect(keystone.logins).toBe(0);
    const auth = new AuthOpenStack({ ...options, ...learn });
    await Promise.all([auth.learnOrigins(), auth.learnOrigins()]);
    expect(auth.learnOrigins()).toBeUndefined();
    expect((auth.origins as (url: URL) => boolean)(new URL('https://nova.example'))).toBe(true);
    expect(keystone.logins).toBe(1);
  });

  it('is asked for a token out of a store', async () => {
    const keystone = await startKeystone(services);
    const options = { authUrl: keystone.authUrl, ...ada, ...learn, store: new MemoryTokenStore() };
    await new AuthOpenStack(options).tokens.get();
    const auth = new AuthOpenStack(options);
    await auth.learnOrigins();
    expect((auth.origins as (url: URL) => boolean)(new URL('https://nova.example'))).toBe(true);
    expect([keystone.logins, keystone.lookUps]).toEqual([1, 1]);
  });

  it('is learned for one of several authenticators too', async () => {
    await using api = await startEndpoint({ json: {} });
    const { origin } = new URL(api.url);
    const keystone = await startKeystone({ compute: origin });
    const auth = new AuthOpenStack({ authUrl: keystone.authUrl, ...ada, ...learn });
    await fetchAuth(new AuthByOrigin({ [origin]: auth }))(api.url);
    expect(api.received[0]?.headers).toMatchObject({ 'x-auth-token': 'keystone-token-1' });
  });

  it('fails the call with what Keystone says', async () => {
    await using server = await startEndpoint({ status: 401, json: { error: { message: 'no such user' } } });
    const auth = new AuthOpenStack({ authUrl: new URL('/v3', server.url), ...ada, ...learn });
    await expect(fetchAuth(auth)('https://nova.example/servers')).rejects.toThrow(/no such user/);
  });
});

describe('endpointFor', () => {
  const services = { compute: 'https://nova.example/v2.1/', volumev3: 'https://cinder.example/v3' };

  it('logs in when it must, and gives URLs without a slash at their end', async () => {
    const keystone = await startKeystone(services);
    const auth = new AuthOpenStack({ authUrl: keystone.authUrl, ...ada });
    const found = await Promise.all(['compute', 'block-storage', 'volumev3'].map((type) => auth.endpointFor(type)));
    expect(found).toEqual(['https://nova.example/v2.1', 'https://cinder.example/v3', 'https://cinder.example/v3']);
    expect([keystone.logins, keystone.lookUps]).toEqual([1, 0]);
  });

  it('has region and interface from the options, unless the call says otherwise', async () => {
    const { authUrl } = await startKeystone(services);
    const auth = new AuthOpenStack({ authUrl, ...ada, region: 'Nowhere', interface: 'internal' });
    await expect(auth.endpointFor('compute')).rejects.toThrow(EndpointNotFoundError);
    await expect(auth.endpointFor('compute')).rejects.toThrow(/internal endpoint of 'compute' in region 'Nowhere'/);
    const there = { region: 'RegionOne', interface: 'public' };
    expect(await auth.endpointFor('compute', there)).toBe('https://nova.example/v2.1');
  });

  it('takes the first of several interfaces that there is', async () => {
    const { authUrl } = await startKeystone(services);
    const auth = new AuthOpenStack({ authUrl, ...ada, interface: ['internalURL', 'publicURL'] });
    expect(await auth.endpointFor('compute')).toBe('https://nova.example/v2.1');
    expect(await auth.endpointFor('volume')).toBe('https://cinder.example/v3');
  });

  it('asks Keystone for the catalogue of a token out of a store, once', async () => {
    const keystone = await startKeystone(services);
    const options = { authUrl: keystone.authUrl, ...ada, store: new MemoryTokenStore() };
    await new AuthOpenStack(options).tokens.get();
    const auth = new AuthOpenStack(options);
    await Promise.all([auth.endpointFor('compute'), auth.endpointFor('volumev3')]);
    await auth.endpointFor('compute');
    expect([keystone.logins, keystone.lookUps]).toEqual([1, 1]);
  });

  it('logs in again where Keystone knows the stored token no more', async () => {
    const keystone = await startKeystone(services);
    const options = { authUrl: keystone.authUrl, ...ada, store: new MemoryTokenStore() };
    await new AuthOpenStack(options).tokens.get();
    keystone.revoke();
    expect(await new AuthOpenStack(options).endpointFor('compute')).toBe('https://nova.example/v2.1');
    expect([keystone.logins, keystone.lookUps]).toEqual([2, 1]);
  });

  it.each([undefined, '', 5])('refuses %j as a type of service', async (type) => {
    const auth = new AuthOpenStack({ authUrl: 'https://keystone.example/v3', ...ada });
    await expect(auth.endpointFor(type as string)).rejects.toMatchObject({ option: 'serviceType' });
  });

  it('waits for as long as it is told, however long that is', async () => {
    const { authUrl } = await startKeystone(services);
    const auth = new AuthOpenStack({ authUrl, ...ada, deadlineMs: Number.POSITIVE_INFINITY });
    expect(await auth.endpointFor('compute')).toBe('https://nova.example/v2.1');
  });

  it('fails as the catalogue does', async () => {
    await using server = await startEndpoint({ status: 503 });
    const authUrl = new URL('/v3', server.url);
    const auth = new AuthOpenStack({ authUrl, ...ada });
    await auth.tokens.set({ accessToken: 'stored', tokenType: 'Keystone' });
    await expect(auth.endpointFor('compute')).rejects.toMatchObject({ status: 503 });
    server.answer({ json: [] });
    await expect(auth.endpointFor('compute')).rejects.toThrow(/gave no service catalogue/);
    expect(server.received.map(({ headers }) => headers['x-auth-token'])).toEqual(['stored', 'stored']);
  });
});

describe('AuthOpenStack from fields', () => {
  const login: Answer = { status: 201, json: { token: {} }, headers: { 'x-subject-token': 'token-1' } };
  const opts = (options: object) => JSON.stringify(options);
  const user = { id: 'ada', password: 'sesame' };

  it.each<[string, CredentialFields, object]>([
    [
      'a password',
      { username: 'ada', password: 'sesame', opts: opts({ userDomainName: 'D', projectId: 'x' }) },
      {
        identity: {
          methods: ['password'],
          password: { user: { name: 'ada', domain: { name: 'D' }, password: 'sesame' } },
        },
        scope: { project: { id: 'x' } },
      },
    ],
    [
      'an id',
      { password: 'sesame', opts: opts({ userId: 'ada', unscoped: true }) },
      { identity: { methods: ['password'], password: { user } }, scope: 'unscoped' },
    ],
    [
      'an application credential',
      { password: 'sesame', opts: opts({ applicationCredentialId: 'a' }) },
      { identity: { methods: ['application_credential'], application_credential: { id: 'a', secret: 'sesame' } } },
    ],
    ['a token', { apikey: 'a-token' }, { identity: { methods: ['token'], token: { id: 'a-token' } } }],
  ])('logs in with %s', async (_name, fields, auth) => {
    await using server = await startEndpoint(login);
    const origin = new URL(server.url).origin;
    const made = buildAuthenticator({ authType: 'AuthOpenStack', url: origin, authEndpoint: '/id/v3', ...fields });
    const response = await fetchAuth(made)(`${origin}/servers`);
    expect(response.status).toBe(201);
    expect(server.received.map(({ path }) => path)).toEqual(['/id/v3/auth/tokens', '/servers']);
    expect(JSON.parse(server.received[0]?.body ?? '')).toEqual({ auth });
    expect(server.received[1]?.headers).toMatchObject({ 'x-auth-token': 'token-1' });
  });

  it('binds the token to url, else to Keystone, and to the endpoints allowed', () => {
    const fields = { authType: 'AuthOpenStack', authEndpoint: 'https://keystone.example/v3', apikey: 'a-token' };
    expect(buildAuthenticator(fields).origins).toEqual(['https://keystone.example']);
    expect(buildAuthenticator({ ...fields, url: 'https://nova.example/x' }).origins).toEqual(['https://nova.example']);
    expect(buildAuthenticator({ ...fields, opts: opts({ allowEndpoints: ['compute'] }) }).origins).toBeTypeOf(
      'function',
    );
  });

  it.each<[CredentialFields, string]>([
    [{ apikey: 'a-token' }, 'authEndpoint'],
    [{ apikey: 'a-token', authEndpoint: '/v3' }, 'authEndpoint'],
    [{ url: 'https://keystone.example/v3', apikey: 'a-token', opts: '{"region": ""}' }, 'opts'],
    [{ url: 'https://keystone.example/v3', apikey: 'a-token', opts: '{"allowEndpoints": "compute"}' }, 'opts'],
    [{ url: 'https://keystone.example/v3', apikey: 'a-token', opts: '{"password": "secret"}' }, 'opts'],
    [{ url: 'https://keystone.example/v3', username: 'ada', password: 'sesame' }, 'userDomainName'],
  ])('refuses %o, naming what is wrong', (fields, option) => {
    const build = () => buildAuthenticator({ authType: 'AuthOpenStack', ...fields });
    expect(build).toThrow(ConfigurationError);
    expect(build).toThrow(expect.objectContaining({ option }));
  });
});
