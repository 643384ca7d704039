/**
 * The hash functions of digest access authentication: node:crypto where the platform has it, else noble-hashes. WebCrypto
 * answers with a promise, takes fifty times as long for so little text, and has no MD5.
 */

import { md5 } from '@noble/hashes/legacy.js';
import { sha256, sha512_256 } from '@noble/hashes/sha2.js';
import { binaryBytes, isAscii } from './binary-text.ts';

/** The hash functions by the names that OpenSSL knows them by. */
export type HashName = 'md5' | 'sha256' | 'sha512-256';

type Hash = (data: string | Uint8Array) => string;

const PORTABLE = { md5, sha256, 'sha512-256': sha512_256 } as const;
const platform = new Map<HashName, Hash>();

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

/** The hash of noble-hashes, which runs anywhere. */
export function portableHash(name: HashName): Hash {
  const encoder = new TextEncoder();
  return (data) => hexOf(PORTABLE[name](typeof data === 'string' ? encoder.encode(data) : data));
}

function hexOf(bytes: Uint8Array): string {
  let hex = '';
  for (const byte of bytes) hex += HEX[byte];
  return hex;
}

const HEX: readonly string[] = /* @__PURE__ */ Array.from({ length: 256 }, (_, byte) =>
  byte.toString(16).padStart(2, '0'),
);

function hashOf(name: HashName): Hash {
  let hash = platform.get(name);
  if (hash === undefined) {
    hash = nodeHash(name) ?? portableHash(name);
    platform.set(name, hash);
  }
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
