import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { fetchAuth } from '../../src/adapters/fetch.ts';
import { AuthOAuth2 } from '../../src/authenticators/oauth2.ts';
import { LoginRequiredError } from '../../src/errors.ts';
import {
  type AuthorizationCodeOptions,
  type Authorize,
  type AuthorizeRequest,
  authorizationCode,
} from '../../src/oauth/grants/authorization-code.ts';
import { browseTo } from '../helpers/authorization-server/browser.ts';
import { type AuthorizationServer, clientSecrets, startAuthorizationServer } from '../helpers/authorization-server.ts';

const signal = AbortSignal.timeout(60_000);
let as: AuthorizationServer;
let asked: AuthorizeRequest[];
beforeEach(async () => {
  as = await startAuthorizationServer();
  asked = [];
});
afterEach(() => as.close());

const authorize: Authorize = async (request) => {
  asked.push(request);
  return (await browseTo(request.url)).url;
};
const spa = (more: Partial<AuthorizationCodeOptions> = {}) =>
  authorizationCode({
    issuer: as.issuer,
    clientId: 'spa',
    redirectUri: 'http://127.0.0.1:51234/cb',
    scope: 'openid read',
    authorize,
    ...more,
  } as AuthorizationCodeOptions);

async function whoAmI(auth: AuthOAuth2) {
  const response = await fetchAuth(auth, { baseUrl: as.resource })(`${as.resource}/me`);
  return { status: response.status, ...((await response.json()) as { sub?: string }) };
}

describe('a login', () => {
  it('gives a token, whose ID token has been validated', async () => {
    const source = spa();
    const token = await source.requestToken({ signal });
    expect(token).toMatchObject({ refreshToken: expect.any(String), scope: ['openid', 'read'] });
    expect(source.claims(token)).toMatchObject({ iss: as.issuer, aud: 'spa', sub: 'alice' });
  });

  it('sends S256, and nothing twice', async () => {
    const source = spa();
    await source.requestToken({ signal });
    await source.requestToken({ signal });
    const [first, second] = asked.map(({ url }) => url.searchParams);
    for (const name of ['state', 'nonce', 'code_challenge']) {
      expect(first?.get(name)).toMatch(/^[\w-]{43}$/);
      expect(first?.get(name)).not.toBe(second?.get(name));
    }
    expect(first?.get('code_challenge_method')).toBe('S256');
  });

  it('is needed once: then the refresh token does', async () => {
    const auth = new AuthOAuth2(spa());
    for (let round = 0; round < 3; round += 1) {
      expect(await whoAmI(auth)).toMatchObject({ status: 200, sub: 'alice' });
      await as.revoke(auth.tokens.peek()?.accessToken ?? '');
    }
    expect(asked).toHaveLength(1);
    expect(as.traffic.count({ grantType: 'refresh_token', status: 200 })).toBe(2);
  });

  it('is needed again when the refresh token has been revoked', async () => {
    const auth = new AuthOAuth2(spa());
    await whoAmI(auth);
    await as.revokeRefreshToken(auth.tokens.peek()?.refreshToken ?? '');
    await as.revoke(auth.tokens.peek()?.accessToken ?? '');
    expect(await whoAmI(auth)).toMatchObject({ status: 200 });
    expect(asked).toHaveLength(2);
  });

  it('is not asked for while the server is only in trouble', async () => {
    const source = spa();
    const previous = await source.requestToken({ signal });
    as.settings.fault = (context) => {
      if (context.path !== '/token') return false;
      context.status = 503;
      return true;
    };
    await expect(source.requestToken({ signal, previous })).rejects.toMatchObject({ status: 503 });
    expect(asked).toHaveLength(1);
  });

  it('that the user denies is a typed error', async () => {
    await expect(spa({ loginHint: 'deny' }).requestToken({ signal })).rejects.toMatchObject({
      kind: 'oauth-error',
      error: 'access_denied',
      errorDescription: 'End-User said no',
    });
  });

  it('without anybody who could log in is asked for by name', async () => {
    const source = authorizationCode({ issuer: as.issuer, clientId: 'spa', redirectUri: 'http://127.0.0.1/cb' });
    await expect(source.requestToken({ signal })).rejects.toThrow(LoginRequiredError);
  });

  it('that answers for another server is refused, and its code not sent', async () => {
    const source = spa({
      authorize: async (request) => {
        const back = new URL((await browseTo(request.url)).url);
        back.searchParams.set('iss', 'https://evil.example');
        return back;
      },
    });
    await expect(source.requestToken({ signal })).rejects.toMatchObject({ code: 'ERR_AUTH_REFUSED' });
    expect(as.traffic.count({ path: '/token' })).toBe(0);
  });

  it('proves how fresh it is, where that is demanded', async () => {
    const source = spa();
    const token = await source.requestToken({ signal, demand: { maxAgeMs: 60_000 } });
    expect(asked[0]?.url.searchParams.get('max_age')).toBe('60');
    expect(source.claims(token)?.auth_time).toEqual(expect.any(Number));
  });

  it('goes to a resource (RFC 8707)', async () => {
    const token = await spa({ resource: as.resource }).requestToken({ signal });
    expect((await as.verify(token.accessToken))?.aud).toBe(as.resource);
  });

  it('works with endpoints as well, without ID tokens', async () => {
    const endpoints = { tokenEndpoint: as.tokenEndpoint, authorizationEndpoint: `${as.issuer}/auth` };
    const token = await spa({ ...endpoints, issuer: undefined, scope: 'read' } as never).requestToken({ signal });
    expect(token.accessToken).toEqual(expect.any(String));
  });
});

describe('a pushed authorization request (RFC 9126)', () => {
  const par = (more = {}) =>
    spa({ clientId: 'par', clientSecret: clientSecrets.par, redirectUri: `${as.issuer}/cb`, ...more });

  it('leaves the browser a reference only', async () => {
    const token = await par({ pushAuthorizationRequest: true }).requestToken({ signal });
    expect(token.idToken).toEqual(expect.any(String));
    expect([...(asked[0]?.url.searchParams.keys() ?? [])]).toEqual(['client_id', 'request_uri']);
    expect(asked[0]?.expiresAt).toBeGreaterThan(Date.now());
    expect(as.traffic.count({ path: '/request', clientAuthentication: 'Basic', status: 201 })).toBe(1);
  });

  it('is new for every login', async () => {
    const source = par({ pushAuthorizationRequest: true });
    await source.requestToken({ signal });
    await source.requestToken({ signal });
    const [first, second] = asked.map(({ url }) => url.searchParams.get('request_uri'));
    expect(first).not.toBe(second);
  });

  it('is made by itself where the server requires it', async () => {
    await as.close();
    as = await startAuthorizationServer({ requirePar: true });
    await spa().requestToken({ signal });
    expect(as.traffic.count({ path: '/request', status: 201 })).toBe(1);
  });

  it('with the wrong secret ends there', async () => {
    const source = par({ pushAuthorizationRequest: true, clientSecret: 'wrong' });
    await expect(source.requestToken({ signal })).rejects.toMatchObject({ error: 'invalid_client' });
    expect(asked).toEqual([]);
  });
});
