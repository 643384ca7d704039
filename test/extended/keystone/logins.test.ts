import { describe, expect, it } from 'vitest';
import { AuthOpenStack, type AuthOpenStackOptions } from '../../../src/authenticators/openstack.ts';
import { Administrator } from './administrator.ts';
import { DOMAIN, PROJECT, USER } from './configure.ts';
import { ada, admin, authUrl, keystone, reports, tokenOf } from './fixture.ts';

describe('Keystone gives a token for', () => {
  it.each<[string, AuthOpenStackOptions, object]>([
    ['a password with names', { ...ada, ...reports }, { project: { name: PROJECT } }],
    [
      'a password with ids',
      { authUrl, userId: keystone.userId, password: USER.password, projectId: keystone.projectId },
      { project: { id: keystone.projectId } },
    ],
    [
      'a password with ids of domains',
      { ...ada, ...reports, userDomainName: undefined, userDomainId: keystone.domainId } as never,
      { user: { name: USER.username } },
    ],
    ['nothing, explicitly', { ...ada, unscoped: true }, { methods: ['password'] }],
    ['the whole system', { ...admin, systemScope: 'all' }, { system: { all: true } }],
    ['whatever it thinks, where no scope is said', ada, { methods: ['password'] }],
  ])('%s', async (_name, options, about) => {
    const { status, token, expiresAt } = await tokenOf(options);

    expect(status).toBe(200);
    expect(token).toMatchObject(about);
    expect(expiresAt).toBe(Date.parse(token.expires_at));
  });

  it('a token, which gets another scope and keeps its end', async () => {
    const first = await tokenOf({ ...ada, unscoped: true });
    const second = await tokenOf({ authUrl, token: first.accessToken, ...reports });

    expect(second.token).toMatchObject({
      methods: expect.arrayContaining(['token', 'password']),
      project: { name: PROJECT },
    });
    expect(first.token.project).toBeUndefined();
    expect(second.expiresAt).toBe(first.expiresAt);
  });

  it('an application credential, by its id and by its name', async () => {
    const { accessToken } = await tokenOf({ ...ada, ...reports });
    const self = new Administrator(keystone.origin, accessToken);
    const about = { application_credential: { name: 'robot' } };
    const created = await self.send('POST', `/users/${keystone.userId}/application_credentials`, about);
    const { id, secret } = (created as { application_credential: { id: string; secret: string } })
      .application_credential;
    const { username, userDomainName } = ada;
    const named = { username, userDomainName, applicationCredentialName: 'robot' };
    for (const who of [{ applicationCredentialId: id }, named]) {
      const { token } = await tokenOf({ authUrl, ...who, applicationCredentialSecret: secret });
      expect(token).toMatchObject({ methods: ['application_credential'], project: { name: PROJECT } });
    }
  });

  it('an address without /v3, which it finds by itself', async () => {
    const auth = new AuthOpenStack({ ...ada, ...reports, authUrl: keystone.origin });
    expect(await auth.endpointFor('identity')).toBe(authUrl);
  });
});

describe('Keystone refuses', () => {
  it.each<[string, AuthOpenStackOptions]>([
    ['a wrong password', { ...ada, password: 'wrong' }],
    ['an unknown user', { ...ada, username: 'nobody' }],
    ['an unknown domain', { ...ada, userDomainName: 'nowhere' }],
    ['an unknown project', { ...ada, projectName: 'nothing', projectDomainName: DOMAIN }],
    ['the system to a user without a role there', { ...ada, systemScope: 'all' }],
    [
      'an unknown application credential',
      { authUrl, applicationCredentialId: 'x', applicationCredentialSecret: 'unknown' },
    ],
    ['an invalid token', { authUrl, token: 'gAAAAA' }],
  ])('%s, and is not asked again', async (_name, options) => {
    let requests = 0;
    const counting: typeof fetch = (...args) => {
      requests += 1;
      return fetch(...args);
    };
    const auth = new AuthOpenStack({ ...options, fetch: counting });
    for (let call = 0; call < 2; call += 1) {
      await expect(auth.tokens.get()).rejects.toMatchObject({
        code: 'ERR_AUTH_TOKEN_ENDPOINT',
        status: expect.any(Number),
      });
    }
    expect(requests).toBe(1);
  });
});
