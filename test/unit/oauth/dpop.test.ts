import { createHash } from 'node:crypto';
import { inspect } from 'node:util';
import {
  calculateJwkThumbprint,
  decodeJwt,
  decodeProtectedHeader,
  EmbeddedJWK,
  generateKeyPair,
  jwtVerify,
} from 'jose';
import { describe, expect, it } from 'vitest';
import { Dpop } from '../../../src/oauth/dpop.ts';
import { DpopNonces } from '../../../src/oauth/dpop-nonces.ts';
import { type FakeRequestOptions, fakeRequest } from '../../helpers/fake-request.ts';

const NOW = 1_800_000_000_999;
const token = (accessToken = 'token-1') => ({ accessToken, tokenType: 'DPoP' });

async function prove(dpop: Dpop, options: FakeRequestOptions = {}, given = token()) {
  const request = fakeRequest(options);
  await dpop.prove(request, given);
  const proof = request.headers.get('dpop') ?? '';
  return { request, proof, claims: decodeJwt(proof), header: decodeProtectedHeader(proof) };
}

function answer(request: ReturnType<typeof fakeRequest>, status: number, nonce?: string, challenge?: string) {
  const headers = new Headers();
  if (nonce !== undefined) headers.set('dpop-nonce', nonce);
  if (challenge !== undefined) headers.set('www-authenticate', challenge);
  return { status, headers, request };
}

const WANTED = 'DPoP error="use_dpop_nonce"';

describe('a proof', () => {
  it.each(['ES256', 'Ed25519', 'EdDSA'] as const)('is signed with %s, and shows the public key alone', async (alg) => {
    const dpop = new Dpop({ algorithm: alg });
    const { proof, header } = await prove(dpop);
    await expect(jwtVerify(proof, EmbeddedJWK, { typ: 'dpop+jwt', algorithms: [alg] })).resolves.toBeDefined();
    expect(header).toMatchObject({ alg, typ: 'dpop+jwt' });
    expect(Object.keys(header).sort()).toEqual(['alg', 'jwk', 'typ']);
    expect(header.jwk).not.toHaveProperty('d');
    expect(await calculateJwkThumbprint(header.jwk ?? {})).toBe(await dpop.thumbprint());
  });

  it.each([
    [90_000, 1_800_000_090],
    [-90_000, 1_799_999_910],
    [0, 1_800_000_000],
  ])("is made at the server's time: clockSkewMs %i", async (clockSkewMs, iat) => {
    expect((await prove(new Dpop({ now: () => NOW, clockSkewMs }))).claims.iat).toBe(iat);
  });

  it.each([Number.NaN, Number.POSITIVE_INFINITY, '5'])('takes no clockSkewMs of %j', (clockSkewMs) => {
    expect(() => new Dpop({ clockSkewMs: clockSkewMs as number })).toThrow(/clockSkewMs/);
  });

  it('says method, address, time and token (RFC 9449 §4.2)', async () => {
    const dpop = new Dpop({ now: () => NOW, random: (bytes) => new Uint8Array(bytes).fill(255) });
    const { claims } = await prove(dpop);
    expect(claims).toEqual({
      htm: 'GET',
      htu: 'https://api.example/things',
      iat: 1_800_000_000,
      jti: '_____________________w',
      ath: createHash('sha256').update('token-1').digest('base64url'),
    });
  });

  it.each([
    ['https://api.example/a?b=c#d', 'https://api.example/a'],
    ['https://api.example', 'https://api.example/'],
    ['https://API.example:443/a%20b/../c', 'https://api.example/c'],
    ['http://127.0.0.1:8080/a?', 'http://127.0.0.1:8080/a'],
  ])('for %s has htu %s: neither query nor fragment', async (url, htu) => {
    expect((await prove(new Dpop(), { url })).claims.htu).toBe(htu);
  });

  it('is a fresh one each time, with 128 random bits', async () => {
    const dpop = new Dpop();
    const all = await Promise.all(Array.from({ length: 200 }, () => prove(dpop)));
    const ids = all.map(({ claims }) => String(claims.jti));
    expect(new Set(ids).size).toBe(200);
    expect(ids.map((jti) => Buffer.from(jti, 'base64url').length)).toEqual(Array(200).fill(16));
  });

  it('is for the token at hand', async () => {
    const dpop = new Dpop();
    const hashes = ['a', 'b', 'a'].map(async (given) => (await prove(dpop, {}, token(given))).claims.ath);
    const expected = ['a', 'b', 'a'].map((text) => createHash('sha256').update(text).digest('base64url'));
    expect(await Promise.all(hashes)).toEqual(expected);
  });
});

describe('nonces', () => {
  it('are in the next proof for that origin, whatever response brings them; the newest wins', async () => {
    const dpop = new Dpop();
    const first = await prove(dpop);
    expect(first.claims).not.toHaveProperty('nonce');
    dpop.isOutdated(answer(first.request, 200, 'n1'));
    expect((await prove(dpop)).claims.nonce).toBe('n1');
    dpop.isOutdated(answer(first.request, 404, 'n2'));
    dpop.isOutdated(answer(first.request, 200));
    expect((await prove(dpop)).claims.nonce).toBe('n2');
    expect((await prove(dpop, { url: 'https://other.example/' })).claims).not.toHaveProperty('nonce');
  });

  it('that are wanted call for one more proof', async () => {
    const dpop = new Dpop();
    const { request } = await prove(dpop);
    expect(dpop.isOutdated(answer(request, 401, 'n1', WANTED))).toBe(true);
    const again = await prove(dpop);
    expect(again.claims.nonce).toBe('n1');
    expect(dpop.isOutdated(answer(again.request, 401, 'n2', `Bearer, ${WANTED}`))).toBe(true);
  });

  it.each<[string, number, string | undefined, string | undefined]>([
    ['the nonce that the proof had', 401, 'n1', WANTED],
    ['no nonce', 401, undefined, WANTED],
    ['another status', 400, 'n2', WANTED],
    ['another error', 401, 'n2', 'DPoP error="invalid_token"'],
    ['another scheme', 401, 'n2', 'Bearer error="use_dpop_nonce"'],
    ['the words elsewhere', 401, 'n2', 'DPoP realm="error=use_dpop_nonce"'],
    ['no challenge', 401, 'n2', undefined],
  ])('are not to blame for a response with %s', async (_name, status, nonce, challenge) => {
    const dpop = new Dpop();
    dpop.isOutdated(answer(fakeRequest(), 200, 'n1'));
    const { request } = await prove(dpop);
    expect(dpop.isOutdated(answer(request, status, nonce, challenge))).toBe(false);
  });

  it('that came meanwhile count as well', async () => {
    const dpop = new Dpop();
    const [slow, fast] = [await prove(dpop), await prove(dpop)];
    expect(dpop.isOutdated(answer(fast.request, 401, 'n1', WANTED))).toBe(true);
    expect(dpop.isOutdated(answer(slow.request, 401, undefined, WANTED))).toBe(true);
  });

  it.each(['', 'a b', 'a"b', 'a\\b', 'ü', 'x'.repeat(1025)])('that are none are ignored: %j', (nonce) => {
    const nonces = new DpopNonces();
    nonces.learn('https://a.example', { get: () => nonce });
    expect(nonces.get('https://a.example')).toBeUndefined();
  });

  it('of the last 100 servers are kept', () => {
    const nonces = new DpopNonces();
    const learn = (host: number) => nonces.learn(`https://${host}.example`, { get: () => `n${host}` });
    for (let host = 0; host < 100; host += 1) learn(host);
    learn(0);
    learn(100);
    expect(nonces.get('https://0.example')).toBe('n0');
    expect(nonces.get('https://1.example')).toBeUndefined();
    expect(nonces.get('https://100.example')).toBe('n100');
  });
});

describe('a key', () => {
  it('shows no key when it is printed', async () => {
    const { privateKey, publicKey } = await generateKeyPair('ES256', { extractable: true });
    const jwk = await crypto.subtle.exportKey('jwk', privateKey);
    const dpop = new Dpop({ key: { privateKey, publicKey } });
    await dpop.thumbprint();
    expect(inspect(dpop, { depth: 9, showHidden: true })).not.toContain(jwk.d);
    expect(JSON.stringify(dpop)).toBe('{}');
  });
});
