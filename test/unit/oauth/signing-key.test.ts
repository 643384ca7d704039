import { inspect } from 'node:util';
import { exportJWK, exportPKCS8, generateKeyPair } from 'jose';
import { describe, expect, it } from 'vitest';
import { ConfigurationError, CredentialError } from '../../../src/errors.ts';
import { type SigningKeyOption, signingKey } from '../../../src/oauth/signing-key.ts';
import { secret } from '../../../src/secret.ts';

const pair = (algorithm: string) => generateKeyPair(algorithm, { extractable: true });
const read = (option: SigningKeyOption, options = {}) => signingKey(option, 'the key', () => undefined, options)();

describe.each(['RS256', 'ES256', 'ES384', 'ES512', 'Ed25519'])('a key for %s', (algorithm) => {
  it('is read as PEM, as JWK, as JWK text and as CryptoKey', async () => {
    const { privateKey } = await pair(algorithm);
    const pem = await exportPKCS8(privateKey);
    const jwk = await exportJWK(privateKey);
    for (const option of [pem, secret(pem), () => pem, jwk, JSON.stringify(jwk), privateKey]) {
      expect(await read(option)).toMatchObject({ algorithm });
    }
  });
});

describe('a signing key', () => {
  it('carries the kid of its JWK, unless another is given', async () => {
    const jwk = { ...(await exportJWK((await pair('ES256')).privateKey)), kid: 'one' };
    expect(await read(jwk)).toMatchObject({ keyId: 'one' });
    expect(await read(jwk, { keyId: 'two' })).toMatchObject({ keyId: 'two' });
  });

  it('of RSA signs with the algorithm that is asked for', async () => {
    const pem = await exportPKCS8((await pair('RS256')).privateKey);
    expect(await read(pem, { algorithm: 'PS256' })).toMatchObject({ algorithm: 'PS256' });
  });

  it('that a function gives is asked for every time', async () => {
    const pem = await exportPKCS8((await pair('ES256')).privateKey);
    let asked = 0;
    const source = signingKey(
      () => {
        asked += 1;
        return pem;
      },
      'the key',
      () => undefined,
    );
    await source();
    await source();
    expect(asked).toBe(2);
  });

  it('in a form of OpenSSL that no platform reads says how to convert it', async () => {
    const old = '-----BEGIN RSA PRIVATE KEY-----\nMIIB\n-----END RSA PRIVATE KEY-----';
    await expect(read(old)).rejects.toThrow(/RSA PRIVATE KEY.*openssl pkcs8/);
  });

  it.each(['s3cret-nonsense', '{"kty":', '{"kty":"EC","d":"s3cret"}', '-----BEGIN PRIVATE KEY-----\ns3cret\n'])(
    'that cannot be read is refused without being printed: %j',
    async (text) => {
      const error = await read(text).catch((reason: unknown) => reason);
      expect(error).toBeInstanceOf(CredentialError);
      expect(inspect(error, { depth: 9 })).not.toContain('s3cret');
    },
  );

  it('is refused where it is given: nothing, a public key, a number', async () => {
    expect(() => signingKey(' ', 'the key', () => undefined)).toThrow(CredentialError);
    expect(() => signingKey(7 as never, 'the key', () => undefined)).toThrow(ConfigurationError);
    const { publicKey } = await pair('ES256');
    expect(() => signingKey(publicKey as CryptoKey, 'the key', () => undefined)).toThrow(ConfigurationError);
    await expect(read(await exportJWK(publicKey))).rejects.toThrow(ConfigurationError);
  });
});
