import { type HashName, hasHash } from './hash.ts';

/** What `algorithm` stands for (RFC 7616 §3.3 and §6.1). */
export interface DigestAlgorithm {
  readonly hash: HashName;
  /** `-sess`: the key is derived again for each nonce. */
  readonly session: boolean;
  /** The greater the stronger. */
  readonly strength: number;
}

const HASHES: Readonly<Record<string, Omit<DigestAlgorithm, 'session'>>> = {
  md5: { hash: 'md5', strength: 1 },
  'sha-256': { hash: 'sha256', strength: 2 },
  'sha-512-256': { hash: 'sha512-256', strength: 3 },
};

/** The algorithm of that name, in any case; without a name it is MD5. `undefined`: nobody here can compute it. */
export function digestAlgorithm(name = 'MD5'): DigestAlgorithm | undefined {
  const [, base = '', session] = /^(.*?)(-sess)?$/.exec(name.toLowerCase()) ?? [];
  const known = Object.hasOwn(HASHES, base) ? HASHES[base] : undefined;
  return known !== undefined && hasHash(known.hash) ? { ...known, session: session !== undefined } : undefined;
}
