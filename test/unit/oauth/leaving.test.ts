import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { AuthOAuth2 } from '../../../src/authenticators/oauth2.ts';
import { ConfigurationError, StoreError } from '../../../src/errors.ts';
import { refreshToken } from '../../../src/oauth/grants/refresh-token.ts';
import { MemoryTokenStore } from '../../../src/tokens/memory-store.ts';
import { staticToken } from '../../../src/tokens/sources.ts';
import type { Token } from '../../../src/tokens/token.ts';
import { type HandIssuer, startHandIssuer } from '../../helpers/hand-issuer.ts';
import { HandClock } from '../tokens/by-hand.ts';
import { WatchedStore } from '../tokens/watched-store.ts';

const token: Token = { accessToken: 'a1', tokenType: 'Bearer', refreshToken: 'r1' };
let as: HandIssuer;
let waits: number[];
beforeAll(async () => {
  as = await startHandIssuer();
});
afterAll(() => as[Symbol.asyncDispose]());
beforeEach(() => {
  as.received.length = 0;
  waits = [];
  as.metadata = {};
  as.answers.set('/revoke', [{}]);
});

const clock = new HandClock();
const source = () =>
  refreshToken({
    issuer: as.issuer,
    clientId: 'id',
    clientSecret: 's3',
    now: clock.now,
    wait: async (ms) => void waits.push(ms),
  });
const login = (options = {}) => new AuthOAuth2(source(), { token, now: clock.now, ...options });
const revoked = () => as.to('/revoke').map(({ form }) => [form.token, form.token_type_hint]);

describe('revoking (RFC 7009)', () => {
  it('tells the server of the refresh token, then of the access token, as the client', async () => {
    const auth = login();
    await auth.revoke();
    expect(revoked()).toEqual([
      ['r1', 'refresh_token'],
      ['a1', 'access_token'],
    ]);
    expect(as.to('/revoke')[0]?.headers.authorization).toBe(`Basic ${btoa('id:s3')}`);
    expect(await auth.tokens.newest()).toBeUndefined();
  });

  it('is for a token that has expired, too', async () => {
    await login({ token: { ...token, expiresAt: clock.now() - 1 } }).revoke();
    expect(revoked()).toHaveLength(2);
  });

  it('is for a token that stands in the store only, and empties it', async () => {
    const store = new MemoryTokenStore();
    await store.write('k', { token }, undefined);
    await login({ token: undefined, store, storeKey: 'k' }).revoke();
    expect(revoked()).toHaveLength(2);
    expect(await store.read('k')).toMatchObject({ ended: { reason: 'cleared' } });
    expect(await store.read('k')).not.toHaveProperty('token');
  });

  it('asks nobody when there is nothing', async () => {
    await login({ token: undefined }).revoke();
    expect(as.received).toEqual([]);
  });

  it.each<[string, object, object]>([
    ['the server is in trouble', { status: 500 }, { status: 500 }],
    ['the server refuses', { status: 401, json: { error: 'invalid_client' } }, { error: 'invalid_client' }],
    ['the server redirects', { status: 307, headers: { location: '/x' } }, { status: 307 }],
  ])('forgets the token here although %s', async (_name, answer, error) => {
    as.answers.set('/revoke', [answer]);
    const auth = login();
    await expect(auth.revoke()).rejects.toMatchObject(error);
    expect(revoked()).toHaveLength(2);
    expect(await auth.tokens.newest()).toBeUndefined();
  });

  it('forgets the token here although the network fails', async () => {
    const broken = async () => Promise.reject(new TypeError('cut'));
    const offline = refreshToken({ issuer: as.issuer, clientId: 'id', fetch: broken });
    const auth = new AuthOAuth2(offline, { token });
    await expect(auth.revoke()).rejects.toMatchObject({ kind: 'network' });
    expect(await auth.tokens.newest()).toBeUndefined();
  });

  it('tells the server although the store fails', async () => {
    const store = new WatchedStore();
    await store.inner.write('k', { token }, undefined);
    store.before.write = () => {
      throw new Error('disk');
    };
    await expect(login({ token: undefined, store, storeKey: 'k' }).revoke()).rejects.toThrow(StoreError);
    expect(revoked()).toHaveLength(2);
  });

  it('tries again when the server is busy, as late as it asks', async () => {
    as.answers.set('/revoke', [{ status: 503, headers: { 'retry-after': '3' } }, { status: 503 }, {}]);
    await login().revoke();
    expect(waits).toEqual([3000, 1000]);
    expect(revoked().map(([value]) => value)).toEqual(['r1', 'r1', 'r1', 'a1']);
  });

  it('gives up on a server that stays busy', async () => {
    as.answers.set('/revoke', [{ status: 503 }]);
    await expect(login().revoke()).rejects.toMatchObject({ status: 503 });
    expect(revoked()).toHaveLength(6);
  });

  it('leaves access tokens alone that the server cannot revoke', async () => {
    as.answers.set('/revoke', [{}, { status: 400, json: { error: 'unsupported_token_type' } }]);
    await login().revoke();
    expect(revoked()).toHaveLength(2);
  });

  it.each([
    ['the server has no endpoint for it', () => login()],
    ['the source knows no server', () => new AuthOAuth2(staticToken('t'), { token })],
  ])('says so when %s, and forgets the token here', async (_name, make) => {
    as.metadata = { revocation_endpoint: undefined };
    const auth = make();
    await expect(auth.revoke()).rejects.toThrow(ConfigurationError);
    expect(await auth.tokens.newest()).toBeUndefined();
  });
});

describe('introspection (RFC 7662)', () => {
  it('asks about the access token, as the client', async () => {
    as.answers.set('/introspect', [{ json: { active: true, sub: 'ada', scope: 'read' } }]);
    expect(await login().introspect()).toEqual({ active: true, sub: 'ada', scope: 'read' });
    const [{ form, headers } = expect.unreachable()] = as.to('/introspect');
    expect(form).toEqual({ token: 'a1', token_type_hint: 'access_token' });
    expect(headers.authorization).toBe(`Basic ${btoa('id:s3')}`);
  });

  it('has nothing to ask without a token', async () => {
    expect(await login({ token: undefined }).introspect()).toBeUndefined();
  });

  it.each([{}, { active: 'true' }, { active: 1 }])('takes no %j for an answer', async (json) => {
    as.answers.set('/introspect', [{ json }]);
    await expect(login().introspect()).rejects.toMatchObject({ kind: 'malformed' });
  });

  it('says when the server cannot', async () => {
    as.metadata = { introspection_endpoint: undefined };
    await expect(login().introspect()).rejects.toThrow(ConfigurationError);
  });
});

describe('claims', () => {
  it('are those of the ID token, once somebody could validate it', async () => {
    const idToken = await as.idToken();
    expect(await login({ token: { ...token, idToken } }).claims()).toMatchObject({ sub: 'ada' });
    const unknown = refreshToken({ tokenEndpoint: `${as.issuer}/token`, clientId: 'id' });
    expect(await new AuthOAuth2(unknown, { token: { ...token, idToken } }).claims()).toBeUndefined();
  });

  it('are absent without an ID token', async () => {
    expect(await login().claims()).toBeUndefined();
    expect(await new AuthOAuth2(staticToken('t')).claims()).toBeUndefined();
  });
});
