/**
 * The hash functions of Digest in plain JavaScript, for platforms without `node:crypto`. They compute their constants, as
 * the standards define them, when they are first needed: tables of constants would weigh more than the code.
 */

import type { Hash, HashName } from './hash.ts';
import { md5 } from './md5.ts';
import type { WordHash } from './message-blocks.ts';
import { sha256, sha512Of256 } from './sha2.ts';

const MAKERS: Readonly<Record<HashName, () => WordHash>> = { md5, sha256, 'sha512-256': sha512Of256 };

/** A hash function that needs nothing from the platform. */
export function portableHash(name: HashName): Hash {
  const encoder = new TextEncoder();
  const hash = MAKERS[name]();
  return (data) => {
    let hex = '';
    for (const word of hash(typeof data === 'string' ? encoder.encode(data) : data)) {
      hex += word.toString(16).padStart(8, '0');
    }
    return hex;
  };
}
