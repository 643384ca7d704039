import { generateKeyPairSync } from 'node:crypto';
import { inspect } from 'node:util';
import { exportJWK, exportPKCS8, generateKeyPair, jwtVerify } from 'jose';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { ConfigurationError, CredentialError } from '../../../src/errors.ts';
import { signJwt } from '../../../src/oauth/sign-jwt.ts';
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

describe('a key as people have it', () => {
  const passphrase = 'words that open the key';
  const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const text = (key: string | Buffer) => key.toString();
  const pkcs8 = text(rsa.privateKey.export({ type: 'pkcs8', format: 'pem' }));
  const pkcs1 = text(rsa.privateKey.export({ type: 'pkcs1', format: 'pem' }));
  const sec1 = text(ec.privateKey.export({ type: 'sec1', format: 'pem' }));
  const cipher = { cipher: 'aes-256-cbc', passphrase } as const;
  const locked = text(rsa.privateKey.export({ type: 'pkcs8', format: 'pem', ...cipher }));
  const lockedLegacy = text(rsa.privateKey.export({ type: 'pkcs1', format: 'pem', ...cipher }));
  const lockedSec1 = text(ec.privateKey.export({ type: 'sec1', format: 'pem', ...cipher }));
  const jwk = JSON.stringify(ec.privateKey.export({ format: 'jwk' }));
  const base64 = (plain: string) => Buffer.from(plain).toString('base64');
  const certificate = '-----BEGIN CERTIFICATE-----\nTUlJ\n-----END CERTIFICATE-----\n';
  // `openssl pkcs12 -nodes` and `openssl ecparam -genkey` write these around the key.
  const bag = `Bag Attributes\n    localKeyID: 01 02\nKey Attributes: <No Attributes>\n${pkcs8}${certificate}`;
  const parameters = '-----BEGIN EC PARAMETERS-----\nBggqhkjOPQMBBw==\n-----END EC PARAMETERS-----\n';

  it.each<[string, string, string, string?]>([
    ['with line breaks as \\n', pkcs8.replaceAll('\n', '\\n'), 'RS256'],
    ['with line breaks as \\r\\n', pkcs8.replaceAll('\n', '\\r\\n'), 'RS256'],
    ['with line breaks escaped twice', pkcs8.replaceAll('\n', '\\\\n'), 'RS256'],
    ['with line breaks of Windows', `\ufeff${pkcs1.replaceAll('\n', '\r\n')}`, 'RS256'],
    ['with blanks for line breaks', pkcs1.replaceAll('\n', ' '), 'RS256'],
    ['indented', sec1.replaceAll(/^/gm, '    '), 'ES256'],
    ['in double quotes', ` "${pkcs8.replaceAll('\n', '\\n')}"\n`, 'RS256'],
    ['in single quotes', `'${sec1}'`, 'ES256'],
    ['with bag attributes', bag, 'RS256'],
    ['with EC parameters', parameters + sec1, 'ES256'],
    ['behind a certificate', certificate + pkcs1, 'RS256'],
    ['in PKCS #1', pkcs1, 'RS256'],
    ['in SEC1', sec1, 'ES256'],
    ['as base64 of PEM', base64(pkcs8), 'RS256'],
    ['as base64 of PEM in lines', base64(pkcs1).replaceAll(/.{76}/g, '$&\n'), 'RS256'],
    ['as base64url of PEM', Buffer.from(sec1).toString('base64url'), 'ES256'],
    ['as base64 of a JWK', base64(jwk), 'ES256'],
    ['as a JWK in quotes', `'${jwk}'`, 'ES256'],
    ['encrypted', locked, 'RS256', passphrase],
    ['encrypted, as base64', base64(locked), 'RS256', passphrase],
    ['encrypted, with line breaks as \\n', locked.replaceAll('\n', '\\n'), 'RS256', passphrase],
    ['encrypted by the old headers', lockedLegacy, 'RS256', passphrase],
    ['encrypted by the old headers, with line breaks as \\n', lockedSec1.replaceAll('\n', '\\n'), 'ES256', passphrase],
    ['in clear, with a passphrase that it does not need', pkcs1, 'RS256', passphrase],
  ])('is read %s, and signs', async (_name, given, algorithm, words) => {
    const found = await read(given, { passphrase: words });
    expect(found.algorithm).toBe(algorithm);
    const jwt = await signJwt({ ...found, header: {}, claims: { sub: 'ada' } });
    const { publicKey } = algorithm === 'RS256' ? rsa : ec;
    expect((await jwtVerify(jwt, publicKey)).payload).toEqual({ sub: 'ada' });
  });

  it.each<[string, string, RegExp, string?]>([
    ['encrypted without a passphrase', locked, /it is encrypted: set option 'passphrase'/],
    ['encrypted by the old headers without one', lockedLegacy, /it is encrypted: set option 'passphrase'/],
    ['with the wrong passphrase', locked, /cannot be decrypted with option 'passphrase'/, 'other words'],
    ['a certificate', certificate, /it is 'CERTIFICATE'/],
    ['a public key', text(rsa.publicKey.export({ type: 'spki', format: 'pem' })), /it is 'PUBLIC KEY'/],
    ['EC parameters alone', parameters, /it is 'EC PARAMETERS'/],
    ['of OpenSSH', sec1.replaceAll('EC PRIVATE', 'OPENSSH PRIVATE'), /OpenSSH: convert a copy with 'ssh-keygen/],
    ['cut off', '-----BEGIN RSA PRIVATE KEY-----', /'-----END' is missing, so it was cut off/],
    ['cut off within', pkcs8.slice(0, 200), /it was cut off/],
    ['damaged', pkcs1.replace(/\n.{60}/, '\nAAAA'), /its 'RSA PRIVATE KEY' is damaged/],
    ['damaged in PKCS #8', pkcs8.replace(/\n.{60}/, '\nAAAA'), /it is damaged/],
    ['a path', '/run/secrets/key.pem', /neither a line '-----BEGIN PRIVATE KEY-----' nor JSON/],
    ['JSON of something else', '{"type": "service_account"}', /its JSON is no JWK/],
    ['for another algorithm', pkcs1, /not for option 'algorithm'/, ''],
  ])('%s is refused with what was found', async (name, given, message, words) => {
    const options = name === 'for another algorithm' ? { algorithm: 'ES256' } : { passphrase: words };
    const error = await read(given, options).catch((reason: unknown) => reason as Error);
    expect(error).toBeInstanceOf(CredentialError);
    expect((error as Error).message).toMatch(message);
    expect(inspect(error, { depth: 9 })).not.toContain(words || pkcs1.slice(40, 60));
  });

  it('has a passphrase that a function may give, which is asked again after it failed', async () => {
    let asked = 0;
    const source = signingKey(locked, 'the key', () => undefined, {
      passphrase: () => {
        asked += 1;
        if (asked === 1) throw new Error('the vault is closed');
        return passphrase;
      },
    });
    await expect(source()).rejects.toThrow(CredentialError);
    expect(await source()).toMatchObject({ algorithm: 'RS256' });
    await source();
    expect(asked).toBe(2);
  });

  it('is masked with its passphrase', async () => {
    const registered: unknown[] = [];
    const source = signingKey(locked, 'the key', (...pair) => registered.push(pair), { passphrase });
    expect(registered).toEqual([
      ['key', locked],
      ['passphrase', passphrase],
    ]);
    await source();
  });

  it('needs no node:crypto in PKCS #8, and says so in another form', async () => {
    vi.stubGlobal('process', { ...process, getBuiltinModule: undefined });
    onTestFinished(() => void vi.unstubAllGlobals());
    expect(await read(pkcs8)).toMatchObject({ algorithm: 'RS256' });
    await expect(read(pkcs1)).rejects.toThrow(/'RSA PRIVATE KEY' and this platform has no node:crypto.*openssl pkcs8/);
  });

  it('is read in no time, however long rubbish is', async () => {
    for (const rubbish of ['-----BEGIN A-----'.repeat(20_000), `-----BEGIN A-----${'-'.repeat(200_000)}`]) {
      const start = performance.now();
      await expect(read(rubbish)).rejects.toThrow(CredentialError);
      expect(performance.now() - start).toBeLessThan(2000);
    }
  });
});
