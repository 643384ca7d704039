import { decodeJwt } from 'jose';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { fetchAuth } from '../../src/adapters/fetch.ts';
import { AuthOAuth2 } from '../../src/authenticators/oauth2.ts';
import { clientCredentials } from '../../src/oauth/grants/client-credentials.ts';
import { discoverProtectedResource } from '../../src/oauth/protected-resource.ts';
import { type AuthorizationServer, clientSecrets, startAuthorizationServer } from '../helpers/authorization-server.ts';

let as: AuthorizationServer;

beforeEach(async () => {
  as = await startAuthorizationServer();
});
afterEach(() => as.close());

it('an API that refuses leads to its authorization server, and to a token for it (RFC 9728, 8707)', async () => {
  const url = `${as.resource}/me`;
  const challenge = (await fetch(url)).headers.get('www-authenticate');
  const confirm = vi.fn((issuer: string) => issuer === as.issuer);
  const found = await discoverProtectedResource(url, { challenge, authorizationServers: confirm });
  expect(found).toMatchObject({ issuer: as.issuer, resource: as.resource, scopesSupported: ['read', 'write'] });
  expect(confirm.mock.calls).toEqual([[as.issuer]]);

  const { issuer, resource, scopesSupported: scope } = found;
  const client = { clientId: 'basic', clientSecret: clientSecrets.basic };
  const auth = new AuthOAuth2(clientCredentials({ issuer, resource, scope, ...client }));
  expect((await fetchAuth(auth, { baseUrl: url })(url)).status).toBe(200);
  expect(decodeJwt(auth.tokens.peek()?.accessToken ?? '').aud).toBe(as.resource);
});
