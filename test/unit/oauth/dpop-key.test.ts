import { inspect } from 'node:util';
import { exportJWK, generateKeyPair, type JWK } from 'jose';
import { describe, expect, it } from 'vitest';
import { ConfigurationError, CredentialError } from '../../../src/errors.ts';
import { credentialFilter } from '../../../src/logging/credential-filter.ts';
import { type DpopAlgorithm, dpopKey } from '../../../src/oauth/dpop-key.ts';

const privateJwk = async (algorithm: string): Promise<JWK> =>
  exportJWK((await generateKeyPair(algorithm, { extractable: true })).privateKey);

describe('a key that nobody gave', () => {
  it.each([
    [undefined, 'ES256', { kty: 'EC', crv: 'P-256' }],
    ['ES256', 'ES256', { kty: 'EC', crv: 'P-256' }],
    ['Ed25519', 'Ed25519', { kty: 'OKP', crv: 'Ed25519' }],
    ['EdDSA', 'EdDSA', { kty: 'OKP', crv: 'Ed25519' }],
  ] as const)('for %s is new, and cannot be exported', async (algorithm, expected, jwk) => {
    const key = await dpopKey(algorithm === undefined ? {} : { algorithm })();
    expect(key).toMatchObject({ algorithm: expected, publicJwk: jwk });
    expect(key.pair.privateKey.extractable).toBe(false);
    await expect(crypto.subtle.exportKey('jwk', key.pair.privateKey)).rejects.toThrow();
    expect(key.publicJwk).not.toEqual((await dpopKey({ algorithm: expected })()).publicJwk);
  });

  it('is made once', async () => {
    const key = dpopKey({});
    expect(await key()).toBe(await key());
  });
});

describe('a key of your own', () => {
  it.each(['ES256', 'Ed25519'] as const)('may be a pair for %s', async (algorithm) => {
    const pair = await generateKeyPair(algorithm);
    expect(await dpopKey({ key: pair })()).toMatchObject({ algorithm, pair });
  });

  it.each(['ES256', 'Ed25519'] as const)('may be a private JWK for %s', async (algorithm) => {
    const jwk = await privateJwk(algorithm);
    const key = await dpopKey({ key: { ...jwk, kid: '1', use: 'sig' } })();
    const { d: _private, ...publicPart } = jwk;
    expect(key).toMatchObject({ algorithm, publicJwk: publicPart });
    expect(Object.keys(key.publicJwk).sort()).toEqual(Object.keys(publicPart).sort());
    expect(key.pair.privateKey.extractable).toBe(false);
  });

  it('may sign under the older name EdDSA', async () => {
    const key = await privateJwk('Ed25519');
    expect((await dpopKey({ key, algorithm: 'EdDSA' })()).algorithm).toBe('EdDSA');
  });

  it('as a JWK is masked', async () => {
    const jwk = await privateJwk('ES256');
    dpopKey({ key: jwk });
    expect(credentialFilter.mask(`d=${jwk.d}`)).toBe('d=*****');
  });
});

describe('impossible is', async () => {
  const p256 = await privateJwk('ES256');
  const { d: _private, ...publicPart } = p256;
  const verifyOnly = await generateKeyPair('ES256').then(({ publicKey }) => ({ publicKey, privateKey: publicKey }));

  it.each<[string, unknown]>([
    ['an unknown algorithm', { algorithm: 'RS256' }],
    ['no algorithm at all', { algorithm: 'none' }],
    ['an algorithm for another key', { algorithm: 'Ed25519', key: p256 }],
    ['a public JWK', { key: publicPart }],
    ['a curve that is not for it', { key: await privateJwk('ES384') }],
    ['an RSA key', { key: await generateKeyPair('RS256') }],
    ['a pair that cannot sign', { key: verifyOnly }],
    ['text', { key: 'key' }],
    ['null', { key: null }],
  ])('%s', (_name, options) => {
    const make = () => dpopKey(options as { algorithm: DpopAlgorithm });
    expect(make).toThrow(ConfigurationError);
    expect(make).toThrow(expect.objectContaining({ option: 'dpop' }));
  });

  it('a JWK whose numbers are no key, which it does not tell', async () => {
    const error = await dpopKey({ key: { ...p256, x: p256.d as string } })().catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(CredentialError);
    expect(inspect(error, { depth: 9 })).not.toContain(p256.d);
  });
});
