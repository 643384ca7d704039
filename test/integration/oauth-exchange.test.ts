import { decodeJwt } from 'jose';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { fetchAuth } from '../../src/adapters/fetch.ts';
import { AuthOAuth2 } from '../../src/authenticators/oauth2.ts';
import { jwtBearer } from '../../src/oauth/grants/jwt-bearer.ts';
import { resourceOwnerPassword } from '../../src/oauth/grants/resource-owner-password.ts';
import { tokenExchange } from '../../src/oauth/grants/token-exchange.ts';
import {
  type AuthorizationServer,
  clientSecrets,
  startAuthorizationServer,
  TRUSTED_ISSUER,
} from '../helpers/authorization-server.ts';

let as: AuthorizationServer;
beforeAll(async () => {
  as = await startAuthorizationServer();
});
afterAll(() => as.close());

const client = () => ({ issuer: as.issuer, clientId: 'basic', clientSecret: clientSecrets.basic });
const login = () => new AuthOAuth2(resourceOwnerPassword({ ...client(), username: 'bob', password: 'builder' }));
const target = () => ({ resource: as.resource, scope: 'read' });

async function whoAmI(auth: AuthOAuth2) {
  const response = await fetchAuth(auth, { baseUrl: as.resource })(`${as.resource}/me`);
  return { status: response.status, ...((await response.json()) as { sub?: string }) };
}

it('a token of a user becomes one for a resource, in which the client acts for the user', async () => {
  const auth = new AuthOAuth2(tokenExchange({ ...client(), ...target(), subjectToken: login().tokens }));
  expect(await whoAmI(auth)).toMatchObject({ status: 200, sub: 'bob' });
  const claims = decodeJwt(auth.tokens.peek()?.accessToken ?? '');
  expect(claims).toMatchObject({ sub: 'bob', aud: as.resource, act: { sub: 'basic' } });
});

it('a subject token that has been revoked is renewed and exchanged again', async () => {
  const user = login();
  const auth = new AuthOAuth2(tokenExchange({ ...client(), ...target(), subjectToken: user.tokens }));
  await whoAmI(auth);
  await as.revoke(user.tokens.peek()?.accessToken ?? '');
  await as.revoke(auth.tokens.peek()?.accessToken ?? '');
  expect(await whoAmI(auth)).toMatchObject({ status: 200, sub: 'bob' });
  expect(as.traffic.count({ error: 'invalid_request' })).toBe(1);
});

it('a signed assertion becomes a token, and another one when that is refused', async () => {
  const signer = { assertionIssuer: TRUSTED_ISSUER, key: as.bearerKey, subject: 'alice' };
  const auth = new AuthOAuth2(jwtBearer({ ...client(), ...signer, scope: 'read' }));
  expect(await whoAmI(auth)).toMatchObject({ status: 200, sub: 'alice' });
  await as.revoke(auth.tokens.peek()?.accessToken ?? '');
  expect(await whoAmI(auth)).toMatchObject({ status: 200, sub: 'alice' });
});

it('an assertion with the wrong key is refused', async () => {
  const signer = { assertionIssuer: TRUSTED_ISSUER, key: as.clientKey, subject: 'alice' };
  const auth = new AuthOAuth2(jwtBearer({ ...client(), ...signer }));
  await expect(whoAmI(auth)).rejects.toMatchObject({ error: 'invalid_grant' });
});
