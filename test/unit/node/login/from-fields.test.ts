import { describe, expect, it } from 'vitest';
import { buildAuthenticator as buildAnywhere } from '../../../../src/builders/build-authenticator.ts';
import { buildAuthenticator } from '../../../../src/node/build-authenticator.ts';
import { AuthDevice } from '../../../../src/node/login/auth-device.ts';
import { AuthPkce } from '../../../../src/node/login/auth-pkce.ts';
import { deviceOptions, pkceOptions } from '../../../../src/node/login/from-fields.ts';
import { MemoryTokenStore } from '../../../../src/tokens/memory-store.ts';
import { folder, messageOf } from '../../config/folder.ts';

const base = { oauth2ClientId: 'cli', issuer: 'https://login.example.com', credentialStore: 'memory' } as const;

describe('a sign-in from fields', () => {
  it('is built by authwire/node, and elsewhere the error says so', () => {
    expect(buildAuthenticator({ authType: 'AuthPkce', ...base })).toBeInstanceOf(AuthPkce);
    expect(buildAuthenticator({ authType: 'AuthDevice', ...base })).toBeInstanceOf(AuthDevice);
    expect(messageOf(() => buildAnywhere({ authType: 'AuthPkce' }))).toMatch(/needs Node: import .* 'authwire\/node'/);
  });

  it('reads the server, the client, the scope, and what has no field of its own', () => {
    const opts = { redirectUri: 'http://localhost/cb', ports: [8400], loginHint: 'ada', timeoutMs: 5, device: false };
    expect(pkceOptions({ ...base, scope: 'openid read', oauth2ClientSecret: 's3cr3t', opts })).toMatchObject({
      issuer: base.issuer,
      clientId: 'cli',
      clientSecret: 's3cr3t',
      clientAuthentication: 'client_secret_basic',
      scope: 'openid read',
      store: expect.any(MemoryTokenStore),
      ...opts,
    });
    const endpoints = {
      oauth2TokenURL: 'https://h/token',
      opts: { authorizationEndpoint: 'https://h/auth', preferBrowser: false },
    };
    expect(deviceOptions({ ...base, issuer: '', ...endpoints })).toMatchObject({
      tokenEndpoint: 'https://h/token',
      authorizationEndpoint: 'https://h/auth',
      preferBrowser: false,
    });
  });

  it('binds the token to the origin of url, and leaves header and format to the token', () => {
    const options = pkceOptions({ ...base, url: 'https://api.example.com/v1' });
    expect(options).toMatchObject({ origins: ['https://api.example.com'] });
    expect(options).not.toHaveProperty('header');
    expect(options).not.toHaveProperty('format');
  });

  it('has one login for both ways to sign in, one for each person and scope, and one by name', () => {
    const keyOf = (fields: object) => pkceOptions({ ...base, ...fields }).storeKey;
    expect(deviceOptions(base).storeKey).toBe(keyOf({}));
    const others = [{ scope: 'read' }, { opts: { loginHint: 'ada' } }, { oauth2ClientId: 'other' }].map(keyOf);
    expect(new Set([keyOf({}), ...others]).size).toBe(4);
    expect(keyOf({ opts: { storeKey: 'work' } })).toBe('work');
  });

  it.each([
    [{ oauth2ClientId: '' }, "'oauth2ClientId' must be set to the client identifier"],
    [{ issuer: '' }, "field 'issuer' must be set"],
    [{ credentialStore: 'cloud' }, "'credentialStore' must be one of auto, keyring, file, memory"],
    [{ opts: { redirectUrl: 'http://localhost' } }, "no option 'redirectUrl' here. Did you mean 'redirectUri'"],
    [{ opts: { ports: ['8400'] } }, 'must be a list of port numbers'],
    [{ issuer: 'nowhere' }, "field 'issuer'"],
  ])('refuses %j', (more, message) => {
    expect(messageOf(() => buildAuthenticator({ authType: 'AuthPkce', ...base, ...more } as object))).toContain(
      message,
    );
  });

  it('is refused as a field of other authenticators', () => {
    expect(messageOf(() => buildAuthenticator({ authType: 'AuthBasic', username: 'a', issuer: 'x' }))).toContain(
      "field 'issuer' is not known",
    );
  });
});

describe('a profile', () => {
  const profile = 'authType = "AuthPkce"\nissuer = "https://login.example.com"\noauth2ClientId = "cli"\n';

  it('builds a sign-in, and a command, which other fields do not', () => {
    using place = folder();
    const command = 'authType = "AuthCommand"\nopts = { command = ["true"] }';
    const config = place.load({ user: `[profiles.a]\n${profile}[profiles.b]\n${command}` });
    expect(buildAuthenticator(config.profile('a'))).toBeInstanceOf(AuthPkce);
    const fields = config.profile('b');
    expect(buildAuthenticator(fields).constructor.name).toBe('AuthCommand');
    expect(messageOf(() => buildAuthenticator({ ...fields }))).toContain('call addAuth(AuthCommand)');
  });

  it.each([
    ['defines a sign-in', `[profiles.a]\n${profile}`],
    ['says where a person signs in', '[profiles.a]\nissuer = "https://login.evil.example"'],
    ['says what keeps the login', '[profiles.a]\ncredentialStore = "file"'],
  ])('of a project is refused where it %s', (_name, project) => {
    using place = folder();
    expect(messageOf(() => place.load({ project }))).toContain("a project's file may not");
  });

  it('that the environment makes a sign-in takes no address from a project', () => {
    using place = folder();
    const env = { AUTHWIRE_A__AUTHTYPE: 'AuthPkce', AUTHWIRE_A__ISSUER: 'https://login.example.com' };
    const project = '[profiles.a]\nurl = "https://evil.example"';
    expect(messageOf(() => place.load({ project, env }))).toContain("field 'url'");
  });
});
