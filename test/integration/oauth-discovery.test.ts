import { afterAll, beforeAll, expect, it } from 'vitest';
import { fetchAuth } from '../../src/adapters/fetch.ts';
import { AuthOAuth2 } from '../../src/authenticators/oauth2.ts';
import { clientCredentials } from '../../src/oauth/grants/client-credentials.ts';
import { resourceOwnerPassword } from '../../src/oauth/grants/resource-owner-password.ts';
import { type AuthorizationServer, clientSecrets, startAuthorizationServer } from '../helpers/authorization-server.ts';

let as: AuthorizationServer;
beforeAll(async () => {
  as = await startAuthorizationServer();
});
afterAll(() => as.close());

it('an issuer is all that a grant needs', async () => {
  const { issuer } = as;
  const auth = new AuthOAuth2(clientCredentials({ issuer, clientId: 'basic', clientSecret: clientSecrets.basic }));
  expect((await fetchAuth(auth, { baseUrl: as.resource })(`${as.resource}/me`)).status).toBe(200);
  await auth.tokens.login();
  expect((await fetchAuth(auth, { baseUrl: as.resource })(`${as.resource}/me`)).status).toBe(200);
  expect(as.traffic.count({ path: '/.well-known/openid-configuration' })).toBe(1);
  expect(as.traffic.count({ grantType: 'client_credentials', status: 200 })).toBe(2);
});

it('an issuer that calls itself otherwise gets no secret', async () => {
  as.traffic.requests.length = 0;
  const source = resourceOwnerPassword({
    issuer: `${as.issuer}/`,
    clientId: 'basic',
    clientSecret: clientSecrets.basic,
    username: 'alice',
    password: 'wonderland',
  });
  await expect(source.requestToken({ signal: AbortSignal.timeout(10_000) })).rejects.toMatchObject({
    option: 'issuer',
  });
  expect(as.traffic.count({ path: '/token' })).toBe(0);
});
