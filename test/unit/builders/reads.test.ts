import { afterEach, describe, expect, it } from 'vitest';
import { AuthApiKey } from '../../../src/authenticators/api-key.ts';
import { AuthBasic } from '../../../src/authenticators/basic.ts';
import { basicOptions } from '../../../src/builders/basic.ts';
import { buildAuthenticator } from '../../../src/builders/build-authenticator.ts';
import { buildWith } from '../../../src/builders/build-with.ts';
import { type AuthenticatorClass, addAuth, type BuildOptions } from '../../../src/builders/registry.ts';
import { ConfigurationError } from '../../../src/errors.ts';
import type { CredentialFields } from '../../../src/fields/credential-fields.ts';
import { credentialSchema } from '../../../src/fields/credential-schema.ts';
import { secret } from '../../../src/secret.ts';
import { fakeRequest } from '../../helpers/fake-request.ts';

let classes = 0;

afterEach(() => {
  classes += 1;
});

/** Registers a class of its own for each test. */
function named(build: AuthenticatorClass['build'], fields: readonly string[] = []): string {
  const authType = `AuthReads${classes}`;
  const target = { prototype: AuthApiKey.prototype, getName: () => authType, getDesc: () => 'made for a test' };
  addAuth({ ...target, fields, build });
  return authType;
}

/** Takes its key, and looks at nothing else. */
function keyOnly(fields: CredentialFields) {
  return new AuthApiKey({ key: fields.apikey ?? '', header: 'x-key' });
}

describe('an own class that does not read a field', () => {
  it.each<CredentialFields>([
    { url: 'https://api.example' },
    { debug: true },
    { proxy: true },
    { sslverifypeer: 'false' },
    { ca_path: '/ca.pem' },
    { httpHeader1: 'x-a: 1' },
    { httpHeader2: 'x-a: 1' },
    { httpHeaders: { 'x-a': '1' } },
    { opts: '{"a":1}' },
    { authHeader: 'x-other' },
    { username: 'ada' },
    { password: secret('open sesame') },
    { password: () => 'open sesame' },
    { timeToNextRequest: 5 },
    { tokenRefreshTTL: 0 },
    { url: 'what is no URL' },
  ])('is refused where the field is given: %o', (given) => {
    const [option] = Object.keys(given);
    const authType = named(keyOnly);
    const build = () => buildAuthenticator({ authType, apikey: 'key', ...given });
    expect(build).toThrow(ConfigurationError);
    expect(build).toThrow(expect.objectContaining({ option }));
    expect(build).toThrow(new RegExp(`field '${option}' is set, but ${authType} does not read it`));
  });

  it('is told of all of them at once, and of no value', () => {
    const authType = named(keyOnly);
    const fields = { authType, apikey: 'key', url: 'https://api.example', password: 'open sesame' };
    expect(() => buildAuthenticator(fields)).toThrow(/field 'url' is set.*field 'password' is set/);
    expect(() => buildAuthenticator(fields)).not.toThrow(/sesame|api\.example/);
  });

  it('is refused where the field is its own', () => {
    const authType = named(keyOnly, ['tenant']);
    expect(() => buildAuthenticator<{ tenant: string }>({ authType, apikey: 'key', tenant: 'a' })).toThrow(
      expect.objectContaining({ option: 'tenant' }),
    );
  });

  it('works where the fields say nothing else than their defaults', () => {
    const defaults = Object.keys(credentialSchema).map((name) => [name, '']);
    const forms = { debug: 'false', proxy: false, sslverifypeer: 'true', opts: '{}', httpHeaders: {}, tokenKey: null };
    const fields = { ...Object.fromEntries(defaults), ...forms, timeToNextRequest: '60', authHeader: 'Authorization' };
    const authType = named(keyOnly);
    expect(() => buildAuthenticator({ ...fields, authType, apikey: 'key' } as CredentialFields)).not.toThrow();
  });

  it('works where the address of a proxy is there, and the proxy is off', () => {
    const authType = named(keyOnly);
    expect(() =>
      buildAuthenticator({ authType, apikey: 'key', proxy: false, proxyHost: 'proxy.example' }),
    ).not.toThrow();
  });

  it('hears its own error first', () => {
    const authType = named(() => {
      throw new ConfigurationError('mine');
    });
    expect(() => buildAuthenticator({ authType, url: 'https://api.example' })).toThrow('mine');
  });
});

describe('an own class that does read its fields', () => {
  it('reads those that all share with buildWith', async () => {
    const authType = named((fields, options = {}) =>
      buildWith(fields, options, (common) => new AuthApiKey({ ...common, key: fields.apikey ?? '' })),
    );
    const auth = buildAuthenticator({ authType, apikey: 'key', url: 'https://api.example/v1', httpHeader1: 'x-a: 1' });
    expect(auth.origins).toEqual(['https://api.example']);
    const request = fakeRequest();
    await auth.modifyRequest(request, await auth.authenticate({ request }));
    expect(request.headers.get('x-a')).toBe('1');
  });

  it('builds a subclass of a built-in scheme with its reader', async () => {
    class AuthTenant extends AuthBasic {
      static override getName() {
        return `AuthReads${classes}`;
      }
      static getDesc() {
        return 'our tenants';
      }
      static build(fields: CredentialFields, options: BuildOptions = {}) {
        return buildWith(fields, options, () => new AuthTenant(basicOptions(fields, options)));
      }
    }
    addAuth(AuthTenant);
    const fields = { authType: AuthTenant.getName(), username: 'ada', password: 'open sesame', debug: true };
    const auth = buildAuthenticator({ ...fields, url: 'https://api.example', opts: { encoding: 'form' } });
    expect(auth).toBeInstanceOf(AuthTenant);
    expect(auth.origins).toEqual(['https://api.example']);
    expect(auth.log.enabled).toBe(true);
    expect(await auth.authenticate({ request: fakeRequest() })).toBe(`Basic ${btoa('ada:open+sesame')}`);
    expect(() => buildAuthenticator({ ...fields, apikey: 'key' })).toThrow(
      expect.objectContaining({ option: 'apikey' }),
    );
  });

  it('counts what it copies as read', () => {
    const authType = named(({ ...fields }) => keyOnly(fields));
    expect(() => buildAuthenticator({ authType, apikey: 'key', debug: true })).not.toThrow();
  });
});

describe('a built-in authenticator', () => {
  it('leaves the fields of other schemes alone: forms keep them', () => {
    const fields = { authType: 'AuthBearer', apikey: 'token', username: 'ada', prefix: 'Key' };
    expect(() => buildAuthenticator(fields)).not.toThrow();
  });
});
