import { exportPKCS8, generateKeyPair, jwtVerify } from 'jose';
import { expect, it } from 'vitest';
import { fetchAuth } from '../../../../src/adapters/fetch.ts';
import { AuthOAuth2 } from '../../../../src/authenticators/oauth2.ts';
import { credentialFilter } from '../../../../src/logging/credential-filter.ts';
import { signedJwt } from '../../../../src/oauth/signed-jwt.ts';
import { startEndpoint } from '../../../helpers/endpoint.ts';

const { privateKey, publicKey } = await generateKeyPair('RS256', { extractable: true });
const key = await exportPKCS8(privateKey);

// https://docs.github.com/apps/creating-github-apps/authenticating-with-a-github-app/generating-a-json-web-token-jwt-for-a-github-app
it('signs what a GitHub App sends, once for as long as it lives', async () => {
  await using server = await startEndpoint({ json: {} });
  let now = Date.now();
  const options = { now: () => now, monotonic: () => now };
  const source = signedJwt({
    key,
    claims: { iss: 'Iv1.app' },
    lifetimeMs: 540_000,
    backdateMs: 60_000,
    now: () => now,
  });
  const api = fetchAuth(new AuthOAuth2(source, options), { baseUrl: server.url });
  await api(server.url);
  await api(server.url);
  now += 540_000;
  await api(server.url);

  const sent = server.received.map(({ headers }) => headers.authorization?.replace('Bearer ', '') ?? '');
  expect(sent[1]).toBe(sent[0]);
  expect(sent[2]).not.toBe(sent[0]);
  const currentDate = new Date(now - 540_000);
  const { payload, protectedHeader } = await jwtVerify(sent[0] ?? '', publicKey, { currentDate });
  expect(protectedHeader).toEqual({ alg: 'RS256', typ: 'JWT' });
  expect(payload.iss).toBe('Iv1.app');
  expect((payload.exp ?? 0) - (payload.iat ?? 0)).toBe(600);
  expect(credentialFilter.mask(`sent ${sent[2]}`)).not.toContain(sent[2] ?? '');
});

// https://developer.apple.com/documentation/appstoreconnectapi/generating-tokens-for-api-requests
it('carries kid, own claims and another typ', async () => {
  const pair = await generateKeyPair('ES256', { extractable: true });
  const claims = { iss: 'issuer-1', aud: 'appstoreconnect-v1', exp: 2_000_000_000 };
  const source = signedJwt({ key: pair.privateKey, keyId: 'KEY1', claims, header: { typ: 'at+jwt' } });
  const token = await source.requestToken({ signal: AbortSignal.timeout(5000) });
  const { payload, protectedHeader } = await jwtVerify(token.accessToken, pair.publicKey);
  expect(protectedHeader).toEqual({ alg: 'ES256', kid: 'KEY1', typ: 'at+jwt' });
  expect(payload).toMatchObject(claims);
  expect(token.expiresAt).toBe(2_000_000_000_000);
  expect(source.identity).toBeUndefined();
  expect(await signedJwt({ key }).identity?.proofs?.()).toEqual([key]);
});

it('checks its options', () => {
  expect(() => signedJwt({} as never)).toThrow(expect.objectContaining({ option: 'key' }));
  expect(() => signedJwt({ key, claims: { exp: '1h' } })).toThrow(expect.objectContaining({ option: 'claims' }));
  expect(() => signedJwt({ key, header: { alg: 'none' } })).toThrow(expect.objectContaining({ option: 'header' }));
});
