import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { fetchAuth } from '../../src/adapters/fetch.ts';
import { AuthBearer } from '../../src/authenticators/bearer.ts';
import { AuthOAuth2 } from '../../src/authenticators/oauth2.ts';
import { buildAuthenticator } from '../../src/builders/build-authenticator.ts';
import { clientCredentials } from '../../src/oauth/grants/client-credentials.ts';
import { refreshToken } from '../../src/oauth/grants/refresh-token.ts';
import { resourceOwnerPassword } from '../../src/oauth/grants/resource-owner-password.ts';
import type { TokenEndpointOptions } from '../../src/oauth/token-endpoint.ts';
import type { TokenAuthenticator } from '../../src/tokens/token-authenticator.ts';
import { type AuthorizationServer, clientSecrets, startAuthorizationServer } from '../helpers/authorization-server.ts';

let as: AuthorizationServer;

beforeEach(async () => {
  as = await startAuthorizationServer();
});
afterEach(() => as.close());

const methods = [
  ['client_secret_basic', 'basic', 'Basic'],
  ['client_secret_post', 'post', 'body'],
] as const;

/** The options of a client that authenticates like this. */
function client(method: (typeof methods)[number][0]): TokenEndpointOptions {
  const clientId = method === 'client_secret_basic' ? 'basic' : 'post';
  const clientSecret = clientSecrets[clientId];
  return { tokenEndpoint: as.tokenEndpoint, clientId, clientSecret, clientAuthentication: method };
}

/** Calls the API: who does it think we are? */
async function whoAmI(auth: TokenAuthenticator, path = '/me') {
  const response = await fetchAuth(auth, { baseUrl: as.resource })(as.resource + path);
  return { status: response.status, ...((await response.json()) as { sub?: string }) };
}

const currentToken = (auth: TokenAuthenticator) => auth.tokens.peek()?.accessToken ?? expect.unreachable();

describe.each(methods)('with %s', (method, clientId, clientAuthentication) => {
  it('client credentials get a token, use it, and renew it once it is refused', async () => {
    const auth = new AuthOAuth2(clientCredentials({ ...client(method), scope: 'read' }));
    expect(await whoAmI(auth)).toMatchObject({ status: 200, sub: clientId });
    await as.revoke(currentToken(auth));
    expect(await whoAmI(auth)).toMatchObject({ status: 200, sub: clientId });
    expect(as.traffic.count({ grantType: 'client_credentials', status: 200, clientAuthentication })).toBe(2);
  });

  it('the password gets a token, then the refresh token does, then the password again', async () => {
    const user = { username: 'alice', password: 'wonderland', scope: 'openid read' };
    const auth = new AuthOAuth2(resourceOwnerPassword({ ...client(method), ...user }));
    expect(await whoAmI(auth)).toMatchObject({ status: 200, sub: 'alice' });
    await as.revoke(currentToken(auth));
    expect(await whoAmI(auth)).toMatchObject({ status: 200, sub: 'alice' });
    expect(as.traffic.count({ grantType: 'refresh_token', status: 200, clientAuthentication })).toBe(1);

    await as.revokeRefreshToken(auth.tokens.peek()?.refreshToken ?? '');
    await as.revoke(currentToken(auth));
    expect(await whoAmI(auth)).toMatchObject({ status: 200, sub: 'alice' });
    expect(as.traffic.count({ grantType: 'refresh_token', error: 'invalid_grant' })).toBe(1);
    expect(as.traffic.count({ grantType: 'password', status: 200, clientAuthentication })).toBe(2);
  });

  it('a refresh token is used, and its successor after it', async () => {
    const source = resourceOwnerPassword({ ...client(method), username: 'bob', password: 'builder' });
    const first = await source.requestToken({ signal: AbortSignal.timeout(10_000) });
    const auth = new AuthOAuth2(refreshToken({ ...client(method), refreshToken: first.refreshToken ?? '' }));
    for (let round = 0; round < 3; round += 1) {
      expect(await whoAmI(auth)).toMatchObject({ status: 200, sub: 'bob' });
      await as.revoke(currentToken(auth));
    }
    expect(as.traffic.count({ grantType: 'refresh_token', status: 200, clientAuthentication })).toBe(3);
    expect(as.traffic.count({ error: 'invalid_grant' })).toBe(0);
  });

  it('a refresh token that the server does not replace is kept', async () => {
    as.settings.rotate = false;
    const source = resourceOwnerPassword({ ...client(method), username: 'bob', password: 'builder' });
    const token = await source.requestToken({ signal: AbortSignal.timeout(10_000) });
    const auth = new AuthOAuth2(refreshToken(client(method)), { token });
    for (let round = 0; round < 3; round += 1) {
      await as.revoke(currentToken(auth));
      expect(await whoAmI(auth)).toMatchObject({ status: 200, sub: 'bob' });
    }
    expect(as.traffic.count({ grantType: 'refresh_token', status: 200 })).toBe(3);
  });

  it('a wrong secret is a typed error that does not print it', async () => {
    const wrong = { ...client(method), clientSecret: 'not-the-right-one' };
    const auth = new AuthOAuth2(clientCredentials(wrong));
    await expect(whoAmI(auth)).rejects.toMatchObject({ kind: 'oauth-error', error: 'invalid_client', status: 401 });
    await expect(whoAmI(auth)).rejects.not.toThrow(/not-the-right-one/);
    expect(as.traffic.count({ path: '/token' })).toBe(1);
  });

  it('credential fields say the same', async () => {
    const oauth2AuthType = method === 'client_secret_basic' ? 'basic_auth' : 'post_body';
    const shared = { authType: 'AuthOAuth2', oauth2ClientId: clientId, oauth2TokenURL: as.tokenEndpoint };
    const secrets = { oauth2ClientSecret: clientSecrets[clientId], oauth2AuthType } as const;
    const machine = buildAuthenticator({ ...shared, ...secrets, oauth2Type: 'ClientCredentials' });
    expect(await whoAmI(machine as TokenAuthenticator)).toMatchObject({ sub: clientId });
    const owner = { oauth2ResourceOwnerUsername: 'bob', oauth2ResourceOwnerPassword: 'builder' };
    const user = buildAuthenticator({ ...shared, ...secrets, ...owner, oauth2Type: 'ResourceOwner' });
    expect(await whoAmI(user as TokenAuthenticator)).toMatchObject({ sub: 'bob' });
    expect(as.traffic.count({ path: '/token', status: 200, clientAuthentication })).toBe(2);
  });
});

describe('a real server', () => {
  it('refuses the secret that was not form-encoded', async () => {
    const raw = clientCredentials({ ...client('client_secret_basic'), basicEncoding: 'raw' });
    await expect(whoAmI(new AuthOAuth2(raw))).rejects.toMatchObject({ code: 'ERR_AUTH_TOKEN_ENDPOINT' });
  });

  it('asks once for fifty callers, and once more when all are refused', async () => {
    const auth = new AuthOAuth2(clientCredentials(client('client_secret_basic')));
    const all = () => Promise.all(Array.from({ length: 50 }, () => whoAmI(auth)));
    expect((await all()).every(({ status }) => status === 200)).toBe(true);
    await as.revoke(currentToken(auth));
    expect((await all()).every(({ status }) => status === 200)).toBe(true);
    expect(as.traffic.count({ path: '/token' })).toBe(2);
  });

  it('binds a token to the resource that was asked for (RFC 8707)', async () => {
    const source = clientCredentials({ ...client('client_secret_post'), resource: as.resource, scope: 'read' });
    const auth = new AuthOAuth2(source);
    expect(await whoAmI(auth)).toMatchObject({ status: 200, sub: 'post' });
    expect((await as.verify(currentToken(auth)))?.aud).toBe(as.resource);
  });

  it('serves AuthBearer with any grant', async () => {
    const auth = new AuthBearer(clientCredentials(client('client_secret_basic')));
    expect(await whoAmI(auth)).toMatchObject({ status: 200, sub: 'basic' });
  });
});
