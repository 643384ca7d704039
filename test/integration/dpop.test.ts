import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { fetchAuth } from '../../src/adapters/fetch.ts';
import { AuthBearer } from '../../src/authenticators/bearer.ts';
import { AuthOAuth2 } from '../../src/authenticators/oauth2.ts';
import { Dpop } from '../../src/oauth/dpop.ts';
import { type Authorize, authorizationCode } from '../../src/oauth/grants/authorization-code.ts';
import { clientCredentials } from '../../src/oauth/grants/client-credentials.ts';
import { resourceOwnerPassword } from '../../src/oauth/grants/resource-owner-password.ts';
import { MemoryTokenStore } from '../../src/tokens/memory-store.ts';
import type { TokenAuthenticator } from '../../src/tokens/token-authenticator.ts';
import { browseTo } from '../helpers/authorization-server/browser.ts';
import { type AuthorizationServer, clientSecrets, startAuthorizationServer } from '../helpers/authorization-server.ts';
import { drivers } from '../helpers/clients.ts';
import { leaks } from '../helpers/leaks.ts';

let as: AuthorizationServer;

beforeEach(async () => {
  as = await startAuthorizationServer();
});
afterEach(() => as.close());

/** A client that the server gives nothing but bound tokens. */
const client = (dpop = new Dpop()) => ({
  issuer: as.issuer,
  clientId: 'dpop',
  clientSecret: clientSecrets.dpop,
  dpop,
});
const machine = (dpop?: Dpop) => new AuthOAuth2(clientCredentials({ ...client(dpop), scope: 'read' }));

async function call(auth: TokenAuthenticator, path = '/me') {
  return (await fetchAuth(auth, { baseUrl: as.resource })(`${as.resource}${path}?q=1#f`)).status;
}

const wave = (auth: TokenAuthenticator, size = 200) => Promise.all(Array.from({ length: size }, () => call(auth)));
const allGood = Array(200).fill(200);
const tokens = () => as.traffic.count({ path: '/token', status: 200 });
const calls = (status: number) => as.traffic.count({ path: '/api/me', status });
const revoke = (auth: TokenAuthenticator) => as.revoke(auth.tokens.peek()?.accessToken ?? expect.unreachable());

describe('a token that is bound to a key', () => {
  it.each(['ES256', 'Ed25519'] as const)('is got and used with %s', async (algorithm) => {
    const dpop = new Dpop({ algorithm });
    const auth = machine(dpop);
    expect(await call(auth)).toBe(200);
    const { accessToken = '', tokenType } = auth.tokens.peek() ?? {};
    expect(tokenType).toBe('DPoP');
    expect((await as.verify(accessToken))?.jkt).toBe(await dpop.thumbprint());
  });

  it('is worth nothing to a thief', async () => {
    const auth = machine();
    await call(auth);
    const stolen = auth.tokens.peek()?.accessToken ?? '';
    expect(await call(new AuthBearer(async () => stolen))).toBe(401);
    const thief = { requestToken: async () => ({ accessToken: stolen, tokenType: 'DPoP' }), proof: new Dpop() };
    expect(await call(new AuthBearer(thief))).toBe(401);
  });

  it('is renewed when it is refused, and its refresh token with the same key', async () => {
    const user = { username: 'alice', password: 'wonderland', scope: 'openid read' };
    const auth = new AuthOAuth2(resourceOwnerPassword({ ...client(), ...user }));
    expect(await call(auth)).toBe(200);
    await revoke(auth);
    expect(await call(auth)).toBe(200);
    expect(as.traffic.count({ grantType: 'refresh_token', status: 200 })).toBe(1);
    expect(as.traffic.count({ grantType: 'password', status: 200 })).toBe(1);
  });

  it('of a user who has logged in with a browser is bound from the start', async () => {
    const authorize: Authorize = async ({ url }) => (await browseTo(url)).url;
    const login = { issuer: as.issuer, clientId: 'spa', redirectUri: 'http://127.0.0.1:51234/cb', authorize };
    as.settings.dpopNonceAtServer = true;
    const auth = new AuthOAuth2(authorizationCode({ ...login, scope: 'openid', dpop: new Dpop() }));
    expect(await call(auth)).toBe(200);
    await revoke(auth);
    expect(await call(auth)).toBe(200);
    expect(as.traffic.count({ grantType: 'authorization_code', status: 200 })).toBe(1);
    expect(as.traffic.count({ grantType: 'refresh_token', status: 200 })).toBe(1);
  });

  it('is shared through a store by those who have the key', async () => {
    const store = new MemoryTokenStore();
    const dpop = new Dpop();
    const sharing = (key: Dpop) => new AuthOAuth2(clientCredentials(client(key)), { store });
    for (const key of [dpop, dpop, new Dpop()]) expect(await call(sharing(key))).toBe(200);
    expect(tokens()).toBe(2);
  });

  it.each(drivers)('travels with $name', async (driver) => {
    const auth = machine();
    as.settings.dpopNonceAtResource = true;
    const send = driver.create(auth, { origins: [as.issuer] });
    const { status, text } = await send({ url: `${as.resource}/me?q=1` });
    expect([status, JSON.parse(await text())]).toEqual([200, expect.objectContaining({ sub: 'dpop' })]);
    expect([calls(401), calls(200), tokens()]).toEqual([1, 1, 1]);
  });

  it('leaks neither itself nor its key', async () => {
    const auth = machine();
    const response = await fetchAuth(auth, { baseUrl: as.resource })(`${as.resource}/me`);
    expect(leaks([auth, response], auth.tokens.peek()?.accessToken ?? '')).toEqual([]);
  });
});

describe('nonces', () => {
  it('of both servers are learned by one silent repeat each, and used from then on', async () => {
    Object.assign(as.settings, { dpopNonceAtServer: true, dpopNonceAtResource: true });
    const auth = machine();
    expect(await call(auth)).toBe(200);
    expect(as.traffic.count({ error: 'use_dpop_nonce', status: 400 })).toBe(1);
    expect([tokens(), calls(401), calls(200)]).toEqual([1, 1, 1]);

    expect(await call(auth)).toBe(200);
    await revoke(auth);
    expect(await call(auth)).toBe(200);
    expect(as.traffic.count({ error: 'use_dpop_nonce' })).toBe(1);
    expect([tokens(), calls(401), calls(200)]).toEqual([2, 2, 3]);
  });

  it('that come with a good answer replace the former without a repeat', async () => {
    Object.assign(as.settings, { dpopNonceAtResource: true, dpopNonceOverlap: true });
    const auth = machine();
    await call(auth);
    for (let round = 0; round < 5; round += 1) {
      as.rotateResourceNonce();
      expect(await call(auth)).toBe(200);
    }
    expect([calls(401), calls(200)]).toEqual([1, 6]);
  });

  it('for 200 requests at once: all succeed with one token', async () => {
    Object.assign(as.settings, { dpopNonceAtServer: true, dpopNonceAtResource: true });
    expect(await wave(machine())).toEqual(allGood);
    expect(tokens()).toBe(1);
    expect(as.traffic.count({ path: '/token' })).toBe(2);
  });

  it('may change between 200 requests and the next 200', async () => {
    as.settings.dpopNonceAtResource = true;
    const auth = machine();
    for (let round = 0; round < 3; round += 1) {
      expect(await wave(auth)).toEqual(allGood);
      as.rotateResourceNonce();
    }
    expect(tokens()).toBe(1);
  });

  it('may change in the midst of 200 requests', async () => {
    Object.assign(as.settings, { dpopNonceAtResource: true, dpopNonceOverlap: true });
    let good = 0;
    as.settings.challenge = () => {
      good += 1;
      if (good === 100) as.rotateResourceNonce();
      return undefined;
    };
    const auth = machine();
    expect(await wave(auth)).toEqual(allGood);
    expect(await wave(auth)).toEqual(allGood);
    expect([tokens(), calls(401)]).toEqual([1, 200]);
  });

  it('may have worn out together with the token', async () => {
    as.settings.dpopNonceAtResource = true;
    const auth = machine();
    await call(auth);
    as.rotateResourceNonce();
    await revoke(auth);
    expect(await wave(auth)).toEqual(allGood);
    expect(tokens()).toBe(2);
  });

  it('that changes between the refusal and the resend costs a third send', async () => {
    as.settings.dpopNonceAtResource = true;
    let rotations = 0;
    const rotating: typeof fetch = async (...request) => {
      const response = await fetch(...request);
      if (response.status === 401 && rotations < 1) {
        rotations += 1;
        as.rotateResourceNonce();
      }
      return response;
    };
    const api = fetchAuth(machine(), { baseUrl: as.resource, fetch: rotating });
    expect((await api(`${as.resource}/me`)).status).toBe(200);
    expect([tokens(), calls(401)]).toEqual([1, 2]);
  });

  it('that a server wants without end go to the caller after two repeats', async () => {
    as.settings.challenge = () => 'DPoP error="use_dpop_nonce"';
    as.settings.dpopNonceAtResource = true;
    const auth = machine();
    expect(await call(auth)).toBe(401);
    expect([tokens(), calls(401)]).toEqual([1, 2]);
  });
});

it('a server that gives a bearer token gives none, and the caller learns why', async () => {
  as.settings.fault = (context) => {
    if (context.path !== '/token') return false;
    context.body = { access_token: 'unbound-token', token_type: 'Bearer', expires_in: 60 };
    return true;
  };
  const onRenewalFailed = vi.fn();
  const auth = new AuthOAuth2(clientCredentials(client()), { onRenewalFailed });
  const error = await call(auth).catch((reason: unknown) => reason);
  expect(error).toMatchObject({
    name: 'TokenEndpointError',
    kind: 'malformed',
    message: expect.stringMatching(/not DPoP/),
  });
  expect(onRenewalFailed).toHaveBeenCalledTimes(1);
  expect(leaks(error, 'unbound-token')).toEqual([]);
  expect(as.traffic.count({ path: '/api/me' })).toBe(0);
});
