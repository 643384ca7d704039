/**
 * The key that tokens are bound to: made here, or given.
 */

import { exportJWK, generateKeyPair, importJWK } from 'jose';
import { ConfigurationError, CredentialError } from '../errors.ts';
import { registerSecret } from '../secrets/registry.ts';
import type { CryptoKeyPair, JWK } from '../web-types.ts';

/** RFC 7518, RFC 9864. `EdDSA` is Ed25519 under its older name, for servers that know no other. */
export type DpopAlgorithm = 'ES256' | 'Ed25519' | 'EdDSA';

/** The key that proofs are signed with. */
export interface DpopKeyOptions {
  /** What proofs are signed with. Default: what the key is for, else `'ES256'`. */
  readonly algorithm?: DpopAlgorithm;
  /**
   * A key of your own, P-256 or Ed25519, as a pair or as a private JWK: with it, stored tokens can be used after a
   * restart. Default: a new one that nobody can export, not even this process.
   */
  readonly key?: CryptoKeyPair | JWK;
}

/** A key pair that signs proofs. */
export interface DpopKey {
  readonly pair: CryptoKeyPair;
  readonly algorithm: DpopAlgorithm;
  /** The public key, as each proof shows it. */
  readonly publicJwk: JWK;
}

const ALGORITHMS: readonly unknown[] = ['ES256', 'Ed25519', 'EdDSA'];

/**
 * Checks the options; the key is made or read when it is first needed.
 *
 * @throws {@link ConfigurationError} naming `dpop` when the options are impossible. The function rejects with a
 * {@link CredentialError} for a key that cannot be read.
 */
export function dpopKey(options: DpopKeyOptions): () => Promise<DpopKey> {
  const { key } = options;
  const own = ownAlgorithm(key);
  const algorithm = options.algorithm ?? own;
  if (!ALGORITHMS.includes(algorithm)) throw wrong("'algorithm' must be 'ES256', 'Ed25519' or 'EdDSA'");
  if (key !== undefined && (own === 'ES256') !== (algorithm === 'ES256')) {
    throw wrong(`the key is for ${own}, not for ${algorithm}`);
  }
  let known: Promise<DpopKey> | undefined;
  const read = () => {
    known ??= complete(key, algorithm);
    return known;
  };
  if (key !== undefined && !isPair(key) && key.d) registerSecret(read, 'key', key.d);
  return read;
}

function ownAlgorithm(key: DpopKeyOptions['key']): DpopAlgorithm {
  if (key === undefined) return 'ES256';
  return isPair(key) ? algorithmOfPair(key) : algorithmOfJwk(key);
}

async function complete(key: DpopKeyOptions['key'], algorithm: DpopAlgorithm): Promise<DpopKey> {
  try {
    const pair =
      key === undefined ? await generateKeyPair(algorithm, { extractable: false }) : await read(key, algorithm);
    const { kty = '', crv = '', x = '', y } = await exportJWK(pair.publicKey);
    return { pair, algorithm, publicJwk: { kty, crv, x, ...(y !== undefined && { y }) } };
  } catch (cause) {
    throw new CredentialError("The DPoP key cannot be used: option 'dpop' takes a P-256 or Ed25519 key.", { cause });
  }
}

async function read(key: CryptoKeyPair | JWK, algorithm: DpopAlgorithm): Promise<CryptoKeyPair> {
  if (isPair(key)) return key;
  const { kty, crv, x, y, d } = key;
  const publicPart = { kty, crv, x, y } as JWK;
  const [privateKey, publicKey] = await Promise.all([
    importJWK({ ...publicPart, d } as JWK, algorithm, { extractable: false }),
    importJWK(publicPart, algorithm, { extractable: true }),
  ]);
  return { privateKey, publicKey } as CryptoKeyPair;
}

function isPair(key: CryptoKeyPair | JWK): key is CryptoKeyPair {
  return typeof key === 'object' && key !== null && 'privateKey' in key && 'publicKey' in key;
}

function algorithmOfPair({ privateKey, publicKey }: CryptoKeyPair): DpopAlgorithm {
  if (!privateKey.usages?.includes('sign') || !publicKey.extractable) {
    throw wrong("'key' must be a pair of a private key that may sign and a public key that can be exported");
  }
  const { name, namedCurve } = privateKey.algorithm as EcKeyAlgorithm;
  return algorithmOf(name === 'ECDSA' ? namedCurve : name);
}

function algorithmOfJwk(key: JWK): DpopAlgorithm {
  if (typeof key?.d !== 'string') throw wrong("'key' must be a private JWK or a CryptoKeyPair");
  return algorithmOf(key.crv);
}

function algorithmOf(curve: string | undefined): DpopAlgorithm {
  if (curve === 'P-256') return 'ES256';
  if (curve === 'Ed25519') return curve;
  throw wrong("'key' must be a P-256 or Ed25519 key");
}

function wrong(reason: string): ConfigurationError {
  return new ConfigurationError(`option 'dpop': ${reason}.`, { option: 'dpop' });
}
