/**
 * The hash functions of noble-hashes, which run anywhere.
 */

import { md5 } from '@noble/hashes/legacy.js';
import { sha256, sha512_256 } from '@noble/hashes/sha2.js';
import type { Hash, HashName } from './hash.ts';

const PORTABLE = { md5, sha256, 'sha512-256': sha512_256 } as const;

const HEX: readonly string[] = /* @__PURE__ */ Array.from({ length: 256 }, (_, byte) =>
  byte.toString(16).padStart(2, '0'),
);

/** A hash function of noble-hashes. */
export function portableHash(name: HashName): Hash {
  const encoder = new TextEncoder();
  return (data) => hexOf(PORTABLE[name](typeof data === 'string' ? encoder.encode(data) : data));
}

function hexOf(bytes: Uint8Array): string {
  let hex = '';
  for (const byte of bytes) hex += HEX[byte];
  return hex;
}
