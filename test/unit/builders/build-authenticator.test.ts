import { afterEach, describe, expect, it } from 'vitest';
import { AuthNone } from '../../../src/authenticators/none.ts';
import { buildAuthenticator, knownAuthenticators } from '../../../src/builders/build-authenticator.ts';
import { addAuth, type BuildOptions } from '../../../src/builders/registry.ts';
import { ConfigurationError } from '../../../src/errors.ts';
import type { CredentialFields } from '../../../src/fields/credential-fields.ts';
import { Authenticator, type AuthRequest } from '../../../src/lifecycle/contract.ts';
import { fakeRequest } from '../../helpers/fake-request.ts';

const NAMES = [
  'AuthNone',
  'AuthBasic',
  'AuthDigest',
  'AuthApiKey',
  'AuthQuery',
  'AuthBearer',
  'AuthJwt',
  'AuthForward',
  'AuthToken',
  'AuthOAuth2',
  'AuthOpenStack',
];

/** The smallest credential of each type that works. */
const SMALLEST: Record<string, CredentialFields> = {
  AuthNone: {},
  AuthBasic: { username: 'ada' },
  AuthDigest: { username: 'ada' },
  AuthApiKey: { apikey: 'key' },
  AuthQuery: { apikey: 'key', authHeader: 'api_key' },
  AuthBearer: { apikey: 'token' },
  AuthJwt: { apikey: 'a.b.c' },
  AuthForward: {},
  AuthToken: { username: 'ada', password: 'p', url: 'https://api.example/login' },
  AuthOAuth2: {
    oauth2Type: 'ClientCredentials',
    oauth2ClientId: 'id',
    oauth2ClientSecret: 's',
    oauth2TokenURL: 'https://as.example/token',
  },
  AuthOpenStack: { apikey: 'token', authEndpoint: 'https://keystone.example/v3' },
};

const incoming = () => ({ headers: { authorization: 'Bearer forwarded' } });
const registered: string[] = [];

function register(name: string, marker: string) {
  class AuthCustom extends Authenticator<string> {
    readonly options: BuildOptions | undefined;
    constructor(options?: BuildOptions) {
      super(options);
      this.options = options;
    }
    static override getName() {
      return name;
    }
    static getDesc() {
      return 'custom';
    }
    static build(_fields: CredentialFields, options?: BuildOptions) {
      return new AuthCustom(options);
    }
    override authenticate() {
      return marker;
    }
    override modifyRequest(request: AuthRequest, value: string) {
      request.headers.set('x-custom', value);
    }
  }
  registered.push(name);
  return addAuth(AuthCustom);
}

afterEach(() => {
  const shared: unknown = Reflect.get(globalThis, Symbol.for('authwire.addAuth.v1'));
  for (const name of registered.splice(0)) (shared as Map<string, unknown>).delete(name);
});

async function signed(fields: CredentialFields, options = {}, request = fakeRequest()) {
  const auth = buildAuthenticator(fields, options);
  await auth.modifyRequest(request, await auth.authenticate({ request }));
  return request;
}

describe('buildAuthenticator', () => {
  it('knows the built-in names', () => {
    expect([...knownAuthenticators().keys()]).toEqual(NAMES);
  });

  it.each(NAMES)('builds %s, which goes by that name and has a description', (authType) => {
    const auth = buildAuthenticator({ authType, ...SMALLEST[authType] }, { incoming });
    expect(auth.getName()).toBe(authType);
    expect(auth).toBeInstanceOf(Authenticator);
    expect(knownAuthenticators().get(authType)?.getDesc()).toMatch(/\w/);
  });

  it('takes AuthNone where nothing is said', () => {
    expect(buildAuthenticator({}).getName()).toBe('AuthNone');
    expect(buildAuthenticator({ authType: '', authOverride: '' }).getName()).toBe('AuthNone');
  });

  it('lets authOverride win', () => {
    const fields = { authType: 'AuthNope', authOverride: 'AuthBasic', username: 'ada' };
    expect(buildAuthenticator(fields).getName()).toBe('AuthBasic');
  });

  it.each<[CredentialFields, string]>([
    [{ authType: 'AuthNope' }, 'authType'],
    [{ authType: 'AuthBasic', authOverride: 'AuthNope', username: 'ada' }, 'authOverride'],
    [{ authType: 'authbasic' }, 'authType'],
    [{ authType: 'toString' }, 'authType'],
    [{ authType: '__proto__' }, 'authType'],
  ])('lists the known names for %o', (fields, option) => {
    register('AuthTenant', 'x');
    const build = () => buildAuthenticator(fields);
    expect(build).toThrow(ConfigurationError);
    expect(build).toThrow(expect.objectContaining({ option }));
    for (const name of [...NAMES, 'AuthTenant']) expect(build).toThrow(new RegExp(`\\b${name}\\b`));
  });

  it.each(['sk-live/77', 'two words', 'x'.repeat(61), 'ghp_16C7e42F292c6912E7710c8', '\n'])(
    'repeats nothing that looks like no name: %j',
    (authType) => {
      expect(() => buildAuthenticator({ authType })).toThrow(/^field 'authType' is something else, which is none of:/);
    },
  );

  it.each([undefined, null, 'AuthBasic'])('refuses %o as fields', (fields) => {
    expect(() => buildAuthenticator(fields as unknown as CredentialFields)).toThrow(ConfigurationError);
  });

  it('knows what was registered, and hands it the options', () => {
    register('AuthTenant', 'x');
    const options = { origins: '*' as const };
    expect(buildAuthenticator({ authType: 'AuthTenant' }, options)).toMatchObject({ options });
  });

  it('lets a registered class have fields of its own, and nobody else', () => {
    const built = (fields: object) => Object.assign(new AuthNone(), { tenant: Reflect.get(fields, 'tenant') });
    Object.assign(register('AuthTenant', 'x'), { fields: ['tenant'], build: built });
    expect(() => buildAuthenticator<{ tenant: string }>({ authType: 'AuthTenant', tenant: 'a' })).not.toThrow();
    const misspelt = { authType: 'AuthTenant', tennant: 'a' };
    expect(() => buildAuthenticator(misspelt)).toThrow("field 'tennant' is not known. Did you mean 'tenant'?");
    expect(() => buildAuthenticator<{ tenant: string }>({ tenant: 'a' })).toThrow(/field 'tenant' is not known/);
  });

  it('refuses fields that nobody knows, whatever the authenticator', () => {
    register('AuthTenant', 'x');
    for (const authType of [...NAMES, 'AuthTenant']) {
      const fields = { authType, ...SMALLEST[authType], usrname: 's3cret' };
      const build = () => buildAuthenticator(fields, { incoming });
      expect(build, authType).toThrow("field 'usrname' is not known. Did you mean 'username'?");
      expect(build, authType).toThrow(expect.objectContaining({ option: 'usrname' }));
    }
  });

  it('prefers a registered class to a built-in one', () => {
    register('AuthBasic', 'mine');
    expect(buildAuthenticator({ authType: 'AuthBasic' }).authenticate({ request: fakeRequest() })).toBe('mine');
  });
});

describe('every build', () => {
  it.each(NAMES)('of %s takes no option from a prototype', (authType) => {
    const fields = { authType, ...SMALLEST[authType], url: 'https://api.example' };
    try {
      Object.assign(Object.prototype, { origins: '*', debug: true });
      const auth = buildAuthenticator(fields, { incoming });
      expect([auth.origins, auth.log.enabled]).toEqual([['https://api.example'], false]);
    } finally {
      for (const name of ['origins', 'debug']) Reflect.deleteProperty(Object.prototype, name);
    }
  });

  it.each(NAMES)('of %s binds the credential to the origin of url', (authType) => {
    const fields = { authType, ...SMALLEST[authType], url: 'https://API.example:443/v1?x=1' };
    expect(buildAuthenticator(fields, { incoming }).origins).toEqual(['https://api.example']);
    expect(buildAuthenticator(fields, { incoming, origins: '*' }).origins).toBe('*');
  });

  it.each(NAMES)('of %s speaks when debug is on', (authType) => {
    const fields = { authType, ...SMALLEST[authType] };
    expect(buildAuthenticator({ ...fields, debug: 'true' }, { incoming }).log.enabled).toBe(true);
    expect(buildAuthenticator(fields, { incoming }).log.enabled).toBe(false);
  });

  it.each(NAMES)('of %s sets the extra headers, in order', async (authType) => {
    const extra = { httpHeader1: 'X-A: 1', httpHeader2: 'X-B: 2', httpHeaders: '{"x-b":"3","x-c":"4"}' };
    const fields = { authType, ...SMALLEST[authType], ...extra };
    const auth = buildAuthenticator(fields, { incoming });
    const request = fakeRequest({ headers: { 'x-a': 'caller', 'x-d': 'caller' } });
    const token = { accessToken: 't', tokenType: 'Bearer' };
    const isToken = ['AuthToken', 'AuthOAuth2', 'AuthOpenStack'].includes(authType);
    await auth.modifyRequest(request, isToken ? token : await auth.authenticate({ request }));
    const { headers } = request;
    expect(['x-a', 'x-b', 'x-c', 'x-d'].map((name) => headers.get(name))).toEqual(['1', '3', '4', 'caller']);
    expect(headers.added.slice(0, 3)).toEqual(['x-a', 'x-b', 'x-c']);
  });

  it('sets the credential last', async () => {
    const fields = { authType: 'AuthApiKey', apikey: 'real', httpHeaders: '{"Authorization":"extra"}' };
    expect((await signed(fields)).headers.get('authorization')).toBe('real');
  });

  it.each(NAMES)('of %s refuses what it cannot honour', (authType) => {
    for (const [field, value] of [
      ['proxy', true],
      ['sslverifypeer', false],
      ['ca_path', '/ca.pem'],
      ['opts', '{"a":1}'],
      ['opts', '[]'],
      ['httpHeader1', 'no colon'],
      ['httpHeaders', 'no JSON'],
      ['debug', 'perhaps'],
      ['url', 'not a URL'],
    ] as const) {
      const fields = { ...SMALLEST[authType], authType, authEndpoint: 'https://api.example/login', [field]: value };
      const build = () => buildAuthenticator(fields, { incoming });
      expect(build, field).toThrow(ConfigurationError);
      expect(build, field).toThrow(expect.objectContaining({ option: field }));
    }
  });
});

describe('build from fields', () => {
  it.each<[CredentialFields, string, string]>([
    [
      { authType: 'AuthBasic', username: 'Aladdin', password: 'open sesame' },
      'authorization',
      'Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==',
    ],
    [{ authType: 'AuthApiKey', apikey: 'k', prefix: 'A', suffix: 'z' }, 'authorization', 'A k z'],
    [{ authType: 'AuthApiKey', apikey: () => 'k', authHeader: 'X-Key' }, 'x-key', 'k'],
    [{ authType: 'AuthBearer', apikey: 't' }, 'authorization', 'Bearer t'],
    [{ authType: 'AuthBearer', apikey: () => 't', authHeader: 'x-t', tokenFormat: 'T {}' }, 'x-t', 'T t'],
    [{ authType: 'AuthJwt', apikey: 'a.b.c' }, 'authorization', 'Bearer a.b.c'],
    [{ authType: 'AuthForward', authHeader: 'x-user' }, 'x-user', 'Bearer forwarded'],
  ])('%o', async (fields, header, value) => {
    expect((await signed(fields, { incoming })).headers.get(header)).toBe(value);
  });

  it('takes the query parameter of AuthQuery from authHeader', async () => {
    expect((await signed({ authType: 'AuthQuery', apikey: 'k', authHeader: 'key' })).url.search).toBe('?key=k');
  });

  it.each(NAMES)('of %s does the same without buildAuthenticator', (authType) => {
    const target = knownAuthenticators().get(authType);
    expect(target?.build({ ...SMALLEST[authType] }, { incoming } as object).getName()).toBe(authType);
    for (const fields of [null, undefined, 'x', { usrname: 'x' }, { ...SMALLEST[authType], opts: '{"nope":1}' }]) {
      expect(() => target?.build(fields as CredentialFields, { incoming } as object)).toThrow(ConfigurationError);
    }
  });

  it('names the field where a class names its option', () => {
    const fields = { ...SMALLEST.AuthOAuth2, authType: 'AuthOAuth2', oauth2TokenURL: 'http://as.example/token' };
    expect(() => buildAuthenticator(fields)).toThrow(/^field 'oauth2TokenURL' must be https/);
    const login = { authType: 'AuthToken', username: 'ada', url: 'http://api.example/' };
    expect(() => buildAuthenticator(login)).toThrow(/^field 'url' must be https/);
    expect(() => buildAuthenticator({ ...login, authEndpoint: '/login' })).toThrow(
      /^field 'authEndpoint' must be https/,
    );
  });

  it.each<[CredentialFields, string]>([
    [{ authType: 'AuthBasic' }, 'username'],
    [{ authType: 'AuthApiKey' }, 'apikey'],
    [{ authType: 'AuthApiKey', apikey: 'k', authHeader: 'a b' }, 'authHeader'],
    [{ authType: 'AuthQuery', apikey: 'k' }, 'authHeader'],
    [{ authType: 'AuthQuery', authHeader: 'k' }, 'apikey'],
    [{ authType: 'AuthBearer' }, 'apikey'],
    [{ authType: 'AuthJwt' }, 'apikey'],
    [{ authType: 'AuthForward' }, 'incoming'],
    [{ authType: 'AuthToken', username: 'ada' }, 'authEndpoint'],
    [{ authType: 'AuthToken', url: 'https://h/' }, 'username'],
    [{ authType: 'AuthToken', ...SMALLEST.AuthToken, tokenFormat: 'Bearer' }, 'tokenFormat'],
    [{ authType: 'AuthToken', ...SMALLEST.AuthToken, tokenKey: '__proto__' }, 'tokenKey'],
    [{ authType: 'AuthToken', ...SMALLEST.AuthToken, tokenRefreshTTL: 'long' }, 'tokenRefreshTTL'],
    [{ authType: 'AuthToken', ...SMALLEST.AuthToken, tokenAuthRefresh: 'sometimes' as '' }, 'tokenAuthRefresh'],
    [{ authType: 'AuthOAuth2' }, 'oauth2Type'],
    [{ authType: 'AuthOAuth2', oauth2Type: 'None' }, 'oauth2Type'],
    [{ authType: 'AuthOAuth2', oauth2Type: 'Implicit' as '' }, 'oauth2Type'],
    [{ authType: 'AuthOAuth2', ...SMALLEST.AuthOAuth2, oauth2ClientId: '' }, 'oauth2ClientId'],
    [{ authType: 'AuthOAuth2', ...SMALLEST.AuthOAuth2, oauth2ClientSecret: '' }, 'oauth2ClientSecret'],
    [{ authType: 'AuthOAuth2', ...SMALLEST.AuthOAuth2, oauth2TokenURL: '' }, 'oauth2TokenURL'],
    [{ authType: 'AuthOAuth2', ...SMALLEST.AuthOAuth2, oauth2TokenFormat: 'x' }, 'oauth2TokenFormat'],
    [{ authType: 'AuthOAuth2', ...SMALLEST.AuthOAuth2, oauth2TokenLabel: 'a b' }, 'oauth2TokenLabel'],
    [{ authType: 'AuthOAuth2', ...SMALLEST.AuthOAuth2, oauth2AuthType: 'both' as '' }, 'oauth2AuthType'],
    [{ authType: 'AuthOAuth2', ...SMALLEST.AuthOAuth2, oauth2Type: 'ResourceOwner' }, 'oauth2ResourceOwnerUsername'],
  ])('refuses %o, naming the field', (fields, option) => {
    expect(() => buildAuthenticator(fields)).toThrow(ConfigurationError);
    expect(() => buildAuthenticator(fields)).toThrow(expect.objectContaining({ option }));
  });
});
