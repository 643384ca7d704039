import { beforeAll, describe, expect, it } from 'vitest';
import { fetchAuth } from '../../../src/adapters/fetch.ts';
import { AuthOAuth2 } from '../../../src/authenticators/oauth2.ts';
import { authorizationCode } from '../../../src/oauth/grants/authorization-code.ts';
import { clientCredentials } from '../../../src/oauth/grants/client-credentials.ts';
import { deviceAuthorization } from '../../../src/oauth/grants/device-authorization.ts';
import { refreshToken } from '../../../src/oauth/grants/refresh-token.ts';
import { resourceOwnerPassword } from '../../../src/oauth/grants/resource-owner-password.ts';
import { USER } from './configure.ts';
import { browser, byKey, confidential, glewlwyd, issuer, loggedIn, recorder, signal } from './fixture.ts';
import type { Session } from './session.ts';

let session: Session;
beforeAll(async () => {
  session = await loggedIn();
});

const scope = 'openid read';
const owner = { ...confidential, ...USER, scope };
const me = async (auth: AuthOAuth2) => (await fetchAuth(auth, { baseUrl: issuer })(`${issuer}/userinfo`)).status;

describe('the password', () => {
  it('gives a token whose type is written small, and an ID token', async () => {
    const auth = new AuthOAuth2(resourceOwnerPassword(owner));
    expect(await me(auth)).toBe(200);
    expect(auth.tokens.peek()).toMatchObject({ tokenType: 'Bearer', refreshToken: expect.any(String) });
    expect(await auth.claims()).toMatchObject({ iss: issuer, aud: 'cc' });
  });

  it('that is wrong is refused with an empty body', async () => {
    const source = resourceOwnerPassword({ ...owner, password: 'x' });
    await expect(source.requestToken({ signal: signal() })).rejects.toMatchObject({ kind: 'http-status', status: 403 });
  });

  it('is used again when the refresh token has been used already, which an empty 400 says', async () => {
    const { fetch, answers } = recorder();
    const source = resourceOwnerPassword({ ...owner, fetch });
    const previous = await source.requestToken({ signal: signal() });
    const next = await source.requestToken({ previous, signal: signal() });
    expect(next.refreshToken).not.toBe(previous.refreshToken);
    expect(await source.requestToken({ previous, signal: signal() })).toHaveProperty('accessToken');
    const tokenRequests = answers.filter(({ path }) => path === '/token');
    expect(tokenRequests.map(({ sent, status }) => [sent.get('grant_type'), status])).toEqual([
      ['password', 200],
      ['refresh_token', 200],
      ['refresh_token', 400],
      ['password', 200],
    ]);
  });
});

describe('a refresh token', () => {
  it('is replaced each time', async () => {
    const first = await resourceOwnerPassword(owner).requestToken({ signal: signal() });
    const auth = new AuthOAuth2(refreshToken({ ...confidential, refreshToken: first.refreshToken ?? '' }));
    const seen = new Set([first.refreshToken]);
    for (let round = 0; round < 3; round += 1) {
      expect(await me(auth)).toBe(200);
      seen.add(auth.tokens.peek()?.refreshToken);
      auth.tokens.set({ ...(auth.tokens.peek() ?? expect.unreachable()), expiresAt: Date.now() - 1 });
    }
    expect(seen.size).toBe(4);
  });

  it('that is none is refused for good', async () => {
    const source = refreshToken({ ...confidential, refreshToken: 'not-a-refresh-token' });
    await expect(source.requestToken({ signal: signal() })).rejects.toMatchObject({ kind: 'http-status', status: 400 });
  });
});

describe('a login in the browser', () => {
  it.each([
    ['of a client with a secret', confidential, {}],
    ['of a client with a key', byKey, {}],
    ['of a public client', { issuer, clientId: 'public' }, {}],
    ['that is pushed', confidential, { pushAuthorizationRequest: true }],
  ])('%s gives a token and an ID token that hold', async (_whose, client, more) => {
    const auth = new AuthOAuth2(authorizationCode({ ...client, ...browser(session), ...more, scope }));
    expect(await me(auth)).toBe(200);
    expect(await auth.claims()).toMatchObject({ iss: issuer, aud: client.clientId });
  });

  it('that comes back from another issuer is not believed', async () => {
    const { fetch, answers } = recorder();
    const authorize = async ({ url }: { readonly url: URL }) => {
      const back = await session.open(url);
      expect(back.searchParams.get('iss')).toBe(issuer);
      back.searchParams.set('iss', glewlwyd.nonceIssuer);
      return back;
    };
    const source = authorizationCode({ ...confidential, ...browser(session), authorize, scope, fetch });
    await expect(source.requestToken({ signal: signal() })).rejects.toMatchObject({ code: 'ERR_AUTH_REFUSED' });
    expect(answers.filter(({ path }) => path === '/token')).toEqual([]);
  });
});

describe('a login on another device', () => {
  it('is waited for, more slowly when the server says so', async () => {
    const waits: number[] = [];
    let approve: (() => Promise<unknown>) | undefined;
    const source = deviceAuthorization({
      ...confidential,
      scope,
      show: ({ verificationUriComplete }) => {
        approve = () => session.open(verificationUriComplete ?? expect.unreachable());
      },
      // Time stands still, so that the server finds us hasty; the user logs in before the third question.
      wait: async (ms) => {
        if (waits.push(ms) === 3) await approve?.();
      },
    });
    const auth = new AuthOAuth2(source);
    expect(await me(auth)).toBe(200);
    expect(waits).toEqual([1000, 1000, 6000]);
  });
});

describe('a token', () => {
  it('can be asked about, and revoked', async () => {
    const source = clientCredentials({ ...confidential, scope: 'read' });
    const token = await source.requestToken({ signal: signal() });
    expect(await source.introspect(token, signal())).toMatchObject({ active: true, client_id: 'cc', scope: 'read' });
    await source.revoke(token, signal());
    expect(await source.introspect(token, signal())).toMatchObject({ active: false });
  });

  it('that was revoked is refused by the API, and renewed', async () => {
    const source = resourceOwnerPassword(owner);
    const auth = new AuthOAuth2(source);
    expect(await me(auth)).toBe(200);
    const { accessToken, tokenType } = auth.tokens.peek() ?? expect.unreachable();
    await source.revoke({ accessToken, tokenType }, signal());
    expect(await me(auth)).toBe(200);
    expect(auth.tokens.peek()?.accessToken).not.toBe(accessToken);
  });
});
