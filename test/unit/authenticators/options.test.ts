import { afterEach, describe, expect, it } from 'vitest';
import { AuthApiKey } from '../../../src/authenticators/api-key.ts';
import { AuthBasic } from '../../../src/authenticators/basic.ts';
import { AuthBearer } from '../../../src/authenticators/bearer.ts';
import { AuthDigest } from '../../../src/authenticators/digest.ts';
import { AuthForward } from '../../../src/authenticators/forward.ts';
import { AuthJwt } from '../../../src/authenticators/jwt.ts';
import { AuthNone } from '../../../src/authenticators/none.ts';
import { AuthOAuth2 } from '../../../src/authenticators/oauth2.ts';
import { AuthOpenStack } from '../../../src/authenticators/openstack.ts';
import { AuthQuery } from '../../../src/authenticators/query.ts';
import { AuthToken } from '../../../src/authenticators/token.ts';
import { ConfigurationError } from '../../../src/errors.ts';
import { Authenticator } from '../../../src/lifecycle/contract.ts';

const login = { username: 'ada', password: 'open sesame' };

const make: Readonly<Record<string, (more: object) => Authenticator>> = {
  AuthNone: (more) => new AuthNone(more),
  AuthBasic: (more) => new AuthBasic({ ...login, ...more }),
  AuthDigest: (more) => new AuthDigest({ ...login, ...more }),
  AuthApiKey: (more) => new AuthApiKey({ key: 'a-key', ...more }),
  AuthQuery: (more) => new AuthQuery({ name: 'key', key: 'a-key', ...more }),
  AuthBearer: (more) => new AuthBearer('a-token', more),
  AuthJwt: (more) => new AuthJwt({ token: 'a.b.c', ...more }),
  AuthForward: (more) => new AuthForward({ incoming: () => undefined, ...more }),
  AuthToken: (more) => new AuthToken({ ...login, tokenEndpoint: 'https://as.example/login', ...more }),
  AuthOAuth2: (more) => new AuthOAuth2(async () => 'a-token', more),
  AuthOpenStack: (more) =>
    new AuthOpenStack({ authUrl: 'https://keystone.example/v3', userId: 'ada', password: 'open sesame', ...more }),
};
const names = Object.keys(make);

describe.each(names)('the options of %s', (name) => {
  it('are known', () => {
    expect(() => make[name]?.({ Debug: true })).toThrow(ConfigurationError);
    expect(() => make[name]?.({ Debug: true })).toThrow(`${name} has no option 'Debug'.`);
    expect(() => make[name]?.({ orgins: '*' })).toThrow(expect.objectContaining({ option: 'orgins' }));
  });

  it.each([{ debug: 'yes' }, { logger: 'pino' }, { refusedWhen: 403 }])('are of their kinds: %o', (wrong) => {
    const [option] = Object.keys(wrong);
    expect(() => make[name]?.(wrong)).toThrow(expect.objectContaining({ code: 'ERR_AUTH_CONFIGURATION', option }));
  });
});

describe('an option that was written down and is undefined', () => {
  it.each<[string, object]>([
    ['AuthBasic', { password: undefined }],
    ['AuthDigest', { username: undefined }],
    ['AuthApiKey', { key: undefined }],
    ['AuthQuery', { key: undefined }],
    ['AuthJwt', { token: undefined }],
    ['AuthBearer', { token: undefined }],
    ['AuthToken', { password: undefined }],
    ['AuthOpenStack', { password: undefined }],
  ])('is refused where it changes the meaning: %s %o', (name, options) => {
    expect(() => make[name]?.(options)).toThrow(expect.objectContaining({ option: Object.keys(options)[0] }));
    expect(() => make[name]?.(options)).toThrow(/got undefined: leave the option out, or set the variable/);
  });

  it.each(names)('counts as left out elsewhere: %s', (name) => {
    expect(() => make[name]?.({ debug: undefined, origins: undefined })).not.toThrow();
  });
});

describe('what stands on Object.prototype', () => {
  const planted = ['origins', 'debug', 'store', 'header', 'format', 'token'] as const;
  afterEach(() => {
    for (const name of planted) Reflect.deleteProperty(Object.prototype, name);
  });

  it.each(names.filter((name) => name !== 'AuthNone'))('is no option of %s', (name) => {
    Object.assign(Object.prototype, { origins: '*', debug: true });
    const auth = make[name]?.({});
    expect(auth?.origins).not.toBe('*');
    expect(auth?.log.enabled).toBe(false);
  });

  it('is no option of an own class either', () => {
    class AuthTenant extends Authenticator<string> {
      authenticate() {
        return 'key';
      }
      modifyRequest() {}
    }
    Object.assign(Object.prototype, { origins: '*' });
    expect(new AuthTenant().origins).toBeUndefined();
    expect(new AuthTenant({}).origins).toBeUndefined();
  });
});

it('leaves the options of a subclass to the subclass', () => {
  class AuthTenant extends AuthBasic {
    readonly tenant: string;
    constructor(options: ConstructorParameters<typeof AuthBasic>[0] & { readonly tenant: string }) {
      super(options);
      this.tenant = options.tenant;
    }
  }
  expect(new AuthTenant({ ...login, tenant: 'acme' }).tenant).toBe('acme');
});
