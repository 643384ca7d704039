import type { Challenge } from '../challenge/parse.ts';
import { type DigestAlgorithm, digestAlgorithm } from './algorithm.ts';

/** `auth` proves the password, `auth-int` the body of the request as well (RFC 7616 §3.3). */
export type DigestQop = 'auth' | 'auth-int';

/** A Digest challenge that can be answered (RFC 7616 §3.3). */
export interface DigestChallenge {
  readonly realm: string;
  readonly nonce: string;
  readonly opaque: string | undefined;
  readonly algorithm: DigestAlgorithm;
  /** As the server wrote it; `undefined` where it said nothing. */
  readonly algorithmName: string | undefined;
  /** What may be proven; empty where the server knows RFC 2069 only. */
  readonly qops: readonly DigestQop[];
  readonly userhash: boolean;
  /** The server says that it reads UTF-8, and so knows `username*`. */
  readonly utf8: boolean;
  /** Nothing is wrong but the nonce. */
  readonly stale: boolean;
  /** The URIs that the answer is good for, as the server wrote them; empty: all of the server. */
  readonly domain: readonly string[];
}

export interface DigestChoice {
  /** May MD5 be used? Default: `true`. */
  readonly allowMd5?: boolean | undefined;
  /** What a weaker algorithm is not even looked at for. */
  readonly leastStrength?: number | undefined;
}

/** The most characters of realm, nonce and opaque that are worth sending back: servers take 8 kB of header or so. */
const LONGEST = 4096;
const LONGEST_NAME = 40;
/** The most URIs of a `domain` that are heeded: each nonce keeps them. */
const MOST_DOMAINS = 16;
/** All that a header can carry: what has come in one can go out in one. */
const SENDABLE = /^[\t\x20-\x7e\x80-\xff]*$/;

/**
 * The Digest challenge to answer: the one with the strongest algorithm, of several the first. Those with an unknown
 * algorithm or quality of protection, without a nonce or a realm, or too long to be answered count for nothing.
 */
export function chooseDigest(challenges: readonly Challenge[], choice: DigestChoice = {}): DigestChallenge | undefined {
  const { leastStrength = 0 } = choice;
  let best: DigestChallenge | undefined;
  for (const challenge of challenges) {
    const read = readDigest(challenge, choice);
    if (read === undefined || typeof read === 'string') continue;
    const { strength } = read.algorithm;
    if (strength >= leastStrength && strength > (best?.algorithm.strength ?? 0)) best = read;
  }
  return best;
}

/** How many problems a debug line lists. */
const MOST_PROBLEMS = 4;

/** Why no request is signed again after these challenges, for a debug line. */
export function digestProblem(challenges: readonly Challenge[], choice: DigestChoice = {}): string {
  const offered = challenges.map((challenge) => readDigest(challenge, choice)).filter((read) => read !== undefined);
  const problems = offered
    .slice(0, MOST_PROBLEMS)
    .map((read) => (typeof read === 'string' ? read : 'login refused, or algorithm weaker than before'));
  return [...new Set(problems)].join('; ') || 'no Digest challenge';
}

/** Text says why the challenge cannot be answered; `undefined`: it is of another scheme. */
function readDigest(
  { scheme, params }: Challenge,
  { allowMd5 = true }: DigestChoice,
): DigestChallenge | string | undefined {
  if (scheme !== 'digest') return undefined;
  const [realm, nonce, opaque] = [params.get('realm'), params.get('nonce'), params.get('opaque')];
  if (realm === undefined) return 'no realm';
  if (nonce === undefined) return 'no nonce';
  const algorithmName = params.get('algorithm');
  const algorithm = digestAlgorithm(algorithmName);
  if (algorithm === undefined) return `unknown algorithm ${algorithmName?.slice(0, LONGEST_NAME)}`;
  const qops = readQops(params.get('qop'));
  if (qops === undefined) return `unknown qop ${params.get('qop')?.slice(0, LONGEST_NAME)}`;
  if (!isSendable(realm, nonce, opaque ?? '')) return 'challenge too long, or not sendable';
  if (algorithm.hash === 'md5' && !allowMd5) return "MD5, which option 'allowMd5' forbids";
  const says = (name: string, value: string) => params.get(name)?.toLowerCase() === value;
  return {
    realm,
    nonce,
    opaque,
    algorithm,
    algorithmName,
    qops,
    userhash: says('userhash', 'true'),
    utf8: says('charset', 'utf-8'),
    stale: says('stale', 'true'),
    domain: params.get('domain')?.trim().split(/\s+/, MOST_DOMAINS).filter(Boolean) ?? [],
  };
}

/** Can this be sent back, and will a server take it? */
export function isSendable(...values: readonly string[]): boolean {
  const text = values.join('');
  return text.length <= LONGEST && SENDABLE.test(text);
}

/** `undefined`: the server wants something that nobody here knows. */
function readQops(text = ''): readonly DigestQop[] | undefined {
  const names = text.toLowerCase().match(/[^\s,]+/g);
  const known = (['auth', 'auth-int'] as const).filter((qop) => names?.includes(qop));
  return names !== null && known.length === 0 ? undefined : known;
}
