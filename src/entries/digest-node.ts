/** Digest access authentication (RFC 7616), with the hash functions of node:crypto. */

export { AuthDigest, type AuthDigestOptions } from '../authenticators/digest.ts';
export type { DigestQop } from '../digest/challenge.ts';
