import { afterAll, beforeAll, expect, it } from 'vitest';
import { fetchAuth } from '../../src/adapters/fetch.ts';
import { AuthOAuth2 } from '../../src/authenticators/oauth2.ts';
import { LoginRequiredError } from '../../src/errors.ts';
import { resourceOwnerPassword } from '../../src/oauth/grants/resource-owner-password.ts';
import { type AuthorizationServer, clientSecrets, startAuthorizationServer } from '../helpers/authorization-server.ts';

let as: AuthorizationServer;
beforeAll(async () => {
  as = await startAuthorizationServer();
});
afterAll(() => as.close());

const login = async (scope = 'openid read') => {
  const client = { issuer: as.issuer, clientId: 'basic', clientSecret: clientSecrets.basic };
  const user = { username: 'alice', password: 'wonderland', scope };
  const auth = new AuthOAuth2(resourceOwnerPassword({ ...client, ...user }));
  await fetchAuth(auth, { baseUrl: as.resource })(`${as.resource}/me`);
  return auth;
};

it('a token that was revoked is dead at the server, and so is its refresh token', async () => {
  const auth = await login();
  const { accessToken, refreshToken = '' } = auth.tokens.peek() ?? expect.unreachable();
  expect(await auth.introspect()).toMatchObject({ active: true, sub: 'alice' });
  await auth.revoke();
  expect(await as.verify(accessToken)).toBeUndefined();
  expect(await as.provider.RefreshToken.find(refreshToken)).toBeUndefined();
  expect(auth.tokens.peek()).toBeUndefined();
});

it('a token that the server has forgotten is revoked all the same', async () => {
  const auth = await login();
  const { accessToken, refreshToken = '' } = auth.tokens.peek() ?? expect.unreachable();
  await as.revoke(accessToken);
  await as.revokeRefreshToken(refreshToken);
  expect(await auth.introspect()).toEqual({ active: false });
  await auth.revoke();
  expect(as.traffic.count({ path: '/token/revocation', status: 200 })).toBe(4);
});

it('whoever has left stays out until they log in anew', async () => {
  const auth = await login();
  await auth.revoke();
  await expect(fetchAuth(auth, { baseUrl: as.resource })(`${as.resource}/me`)).rejects.toBeInstanceOf(
    LoginRequiredError,
  );
  await auth.tokens.login();
  expect((await fetchAuth(auth, { baseUrl: as.resource })(`${as.resource}/me`)).status).toBe(200);
});
