/**
 * Digest access authentication (RFC 7616), where it may have to bring its hash functions. On Node, Deno and Bun
 * package.json points to digest-node.ts.
 */

import { setPortableHash } from '../digest/hash.ts';
import { portableHash } from '../digest/portable-hash.ts';

setPortableHash(portableHash);

export { AuthDigest, type AuthDigestOptions } from '../authenticators/digest.ts';
export type { DigestQop } from '../digest/challenge.ts';
