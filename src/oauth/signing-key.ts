/**
 * Private keys that sign assertions: as PEM text, as JWK, or as a `CryptoKey`.
 */

import { importJWK, importPKCS8 } from 'jose';
import { askSecret, givenSecret } from '../ask-secret.ts';
import { ConfigurationError, CredentialError, isAuthError } from '../errors.ts';
import { isSecret, type SecretOption } from '../secret.ts';
import type { CryptoKey, JWK } from '../web-types.ts';
import type { Proofs } from './identity.ts';
import { plainKeyText, privateKeyBlock, toPkcs8, unreadable } from './key-text.ts';
import type { SecretRegistrar } from './registered-secrets.ts';

/** A private key: PEM text (on Node of every form that OpenSSL writes) or JWK text, also as a secret or a function; a JWK; or a `CryptoKey`. */
export type SigningKeyOption = SecretOption | JWK | CryptoKey;

export interface SigningKeyOptions {
  /** Default: the key's own; for an RSA key in PEM `RS256`. */
  readonly algorithm?: string | undefined;
  /** The `kid` in the assertion's header. Default: the JWK's. */
  readonly keyId?: string | undefined;
  /** Decrypts a key in PEM. Default: none. */
  readonly passphrase?: SecretOption | undefined;
}

/** A key that can sign. */
export interface SigningKey {
  readonly key: CryptoKey;
  readonly algorithm: string;
  readonly keyId: string | undefined;
}

const PASSPHRASE = 'the passphrase of the key';

/** Gives the key: a given one is read once, a function is asked every time. */
export type SigningKeySource = () => Promise<SigningKey>;

/** What a PEM key may be for, in the order in which it is tried: PKCS #8 says the kind, not the algorithm. */
const PEM_ALGORITHMS = ['RS256', 'ES256', 'Ed25519', 'ES384', 'ES512'];

/**
 * Checks a key where it is given. It and its passphrase are registered with the filter.
 *
 * @param what - Names the key in errors.
 * @throws {@link ConfigurationError} for what is no key at all. The source itself throws {@link CredentialError} for one
 * that cannot be read; neither tells the key.
 */
export function signingKey(
  option: SigningKeyOption,
  what: string,
  register: SecretRegistrar,
  options: SigningKeyOptions = {},
): SigningKeySource {
  if (isCryptoKey(option)) return always(fromCryptoKey(option, what, options));
  if (isJwk(option)) {
    register('key', secretPart(option));
    return once(() => fromJwk(option, what, options));
  }
  if (typeof option !== 'string' && typeof option !== 'function' && !isSecret(option)) {
    throw new ConfigurationError(`${what} is PEM text, a JWK or a CryptoKey.`);
  }
  const { passphrase } = options;
  const askPassphrase = async () => {
    if (passphrase === undefined) return undefined;
    const text = await askSecret(passphrase, PASSPHRASE, assertKeyText);
    register('passphrase', text);
    return text;
  };
  const read = async () => {
    const text = await askSecret(option, what, assertKeyText);
    register('key', text);
    return fromText(text, what, options, askPassphrase);
  };
  const given = givenSecret(option, what, assertKeyText);
  register('key', given);
  if (passphrase !== undefined) register('passphrase', givenSecret(passphrase, PASSPHRASE, assertKeyText));
  return given === undefined ? read : once(read);
}

/** The secret of a key, which tells it from others; `undefined` for a `CryptoKey`, which keeps it to itself. */
export function keyProofs(option: SigningKeyOption, what: string): Proofs | undefined {
  if (isCryptoKey(option)) return undefined;
  if (isJwk(option)) return () => [secretPart(option)];
  return async () => [await askSecret(option, what, assertKeyText)];
}

function always(key: SigningKey): SigningKeySource {
  return async () => key;
}

function once(read: SigningKeySource): SigningKeySource {
  let known: Promise<SigningKey> | undefined;
  return () => {
    known ??= read().catch((error: unknown) => {
      known = undefined;
      throw error;
    });
    return known;
  };
}

function isCryptoKey(value: unknown): value is CryptoKey {
  return Object.prototype.toString.call(value) === '[object CryptoKey]';
}

function isJwk(value: unknown): value is JWK {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, 'kty');
}

/** Keys have lines, unlike other secrets. */
function assertKeyText(text: string, what: string): void {
  if (text.trim() === '') throw new CredentialError(`${what} is empty.`);
}

async function fromText(
  given: string,
  what: string,
  options: SigningKeyOptions,
  askPassphrase: () => Promise<string | undefined>,
): Promise<SigningKey> {
  const text = plainKeyText(given);
  if (text.startsWith('{')) {
    const jwk = parse(text);
    if (!isJwk(jwk)) throw unreadable(what, "its JSON is no JWK, which has a 'kty'");
    return fromJwk(jwk, what, options);
  }
  const block = privateKeyBlock(text, what);
  return fromPem(toPkcs8(block, what, block.encrypted ? await askPassphrase() : undefined), what, options);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

async function fromPem(pem: string, what: string, options: SigningKeyOptions): Promise<SigningKey> {
  for (const algorithm of options.algorithm === undefined ? PEM_ALGORITHMS : [options.algorithm]) {
    const key = await importPKCS8(pem, algorithm).catch(() => undefined);
    if (key !== undefined) return { key, algorithm, keyId: options.keyId };
  }
  throw unreadable(what, "it is damaged, or not for option 'algorithm'");
}

async function fromJwk(jwk: JWK, what: string, options: SigningKeyOptions): Promise<SigningKey> {
  const algorithm = options.algorithm ?? jwk.alg ?? algorithmOf(jwk);
  try {
    const key = await importJWK(jwk, algorithm);
    if (!(key instanceof Uint8Array)) {
      return { ...fromCryptoKey(key, what, options), algorithm: algorithm ?? '', keyId: options.keyId ?? jwk.kid };
    }
  } catch (cause) {
    if (isAuthError(cause)) throw cause;
  }
  throw unreadable(what, "its JWK is damaged, or not for option 'algorithm'");
}

const CURVES: Readonly<Record<string, string>> = { 'P-256': 'ES256', 'P-384': 'ES384', 'P-521': 'ES512' };

function algorithmOf({ kty, crv = '' }: JWK): string | undefined {
  if (kty === 'RSA') return 'RS256';
  return kty === 'EC' ? CURVES[crv] : crv;
}

/** A `CryptoKey` is bound to its algorithm. */
function fromCryptoKey(key: CryptoKey, what: string, { keyId, algorithm }: SigningKeyOptions): SigningKey {
  if (key.type !== 'private' || !key.usages.includes('sign')) {
    throw new ConfigurationError(`${what} must be a private key that may sign.`);
  }
  const {
    name,
    hash,
    namedCurve = '',
  } = key.algorithm as KeyAlgorithm & {
    readonly hash?: { readonly name: string };
    readonly namedCurve?: string;
  };
  const bits = hash?.name.replace('SHA-', '') ?? '';
  const names: Record<string, string | undefined> = {
    'RSASSA-PKCS1-v1_5': `RS${bits}`,
    'RSA-PSS': `PS${bits}`,
    ECDSA: CURVES[namedCurve],
  };
  const own = names[name] ?? name;
  if (algorithm !== undefined && algorithm !== own && own !== 'Ed25519') {
    throw new ConfigurationError(`${what} is a key for ${own}, not for the algorithm that was asked for.`);
  }
  return { key, algorithm: own, keyId };
}

/** The private number of a JWK, which is what must never be printed. */
function secretPart(jwk: JWK): string {
  return jwk.d ?? jwk.k ?? '';
}
