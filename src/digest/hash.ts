/**
 * The hash functions of digest access authentication: node:crypto where the platform has it, else what
 * {@link setPortableHash} was given. WebCrypto answers with a promise, takes fifty times as long for so little text, and
 * has no MD5.
 */

import { ConfigurationError } from '../errors.ts';
import { binaryBytes, isAscii } from './binary-text.ts';

/** The hash functions by the names that OpenSSL knows them by. */
export type HashName = 'md5' | 'sha256' | 'sha512-256';

/** The hash of ASCII text or bytes, in lower-case hexadecimal. */
export type Hash = (data: string | Uint8Array) => string;

const known = new Map<HashName, Hash>();
let portable: ((name: HashName) => Hash) | undefined;

/** What computes hashes where the platform cannot. Entry points that run without Node bring it. */
export function setPortableHash(make: (name: HashName) => Hash): void {
  portable = make;
}

/** Is there somebody who can compute this hash? */
export function hasHash(name: HashName): boolean {
  return find(name) !== undefined;
}

/**
 * The hash of a text in lower-case hexadecimal.
 *
 * @param text - Binary text: one character for each byte.
 */
export function hashText(name: HashName, text: string): string {
  return hashOf(name)(isAscii(text) ? text : binaryBytes(text));
}

/** The hash of bytes in lower-case hexadecimal. */
export function hashBytes(name: HashName, bytes: Uint8Array): string {
  return hashOf(name)(bytes);
}

function hashOf(name: HashName): Hash {
  const hash = find(name);
  if (hash !== undefined) return hash;
  throw new ConfigurationError(`This platform cannot compute ${name}: import AuthDigest from 'authwire/digest'.`);
}

function find(name: HashName): Hash | undefined {
  const hash = known.get(name) ?? nodeHash(name) ?? portable?.(name);
  if (hash !== undefined) known.set(name, hash);
  return hash;
}

/** `undefined` where there is no node:crypto, or one that knows or allows no such hash. */
function nodeHash(name: HashName): Hash | undefined {
  const crypto = globalThis.process?.getBuiltinModule?.('node:crypto');
  if (crypto === undefined) return undefined;
  const { hash, createHash } = crypto;
  const tried: Hash =
    typeof hash === 'function'
      ? (data) => hash(name, data, 'hex')
      : (data) => createHash(name).update(data).digest('hex');
  try {
    tried('');
    return tried;
  } catch {
    return undefined;
  }
}
