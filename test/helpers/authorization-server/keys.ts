import { randomBytes } from 'node:crypto';
import { exportJWK, generateKeyPair, type JWK } from 'jose';

/** A fresh ES256 key pair as one private JWK. */
export async function signingKey(): Promise<JWK> {
  const { privateKey } = await generateKeyPair('ES256', { extractable: true });
  return { ...(await exportJWK(privateKey)), alg: 'ES256', use: 'sig', kid: randomBytes(6).toString('hex') };
}

/** What others may know of a key. */
export function publicPart({ d: _private, ...jwk }: JWK): JWK {
  return jwk;
}
