/** Digest answers worked out a second time, by node:crypto and by nothing of `src/digest`. */

import { createHash } from 'node:crypto';
import { parseChallenges } from '../../../src/challenge/parse.ts';
import type { DigestAnswer } from '../../../src/digest/answer.ts';
import type { DigestLogin } from '../../../src/digest/key.ts';
import { type DigestOptions, DigestSession } from '../../../src/digest/session.ts';

export const ADA: DigestLogin = { username: 'ada', password: 'open sesame' };

const HASHES: Readonly<Record<string, string>> = { MD5: 'md5', 'SHA-256': 'sha256', 'SHA-512-256': 'sha512-256' };

export interface Expected extends DigestLogin {
  readonly algorithm?: string;
  readonly realm: string;
  readonly nonce: string;
  readonly method: string;
  readonly uri: string;
  readonly qop?: string;
  readonly nc?: string;
  readonly cnonce?: string;
  readonly body?: string;
}

/** RFC 7616 §3.4.1 to §3.4.3, written as they are printed there. */
export function expectedResponse(what: Expected): string {
  const { algorithm = 'MD5', username, realm, password, nonce, cnonce, nc, qop, method, uri, body = '' } = what;
  const H = (data: string) =>
    createHash(HASHES[algorithm.replace(/-sess$/i, '')] as string)
      .update(data)
      .digest('hex');
  const KD = (secret: string, data: string) => H(`${secret}:${data}`);
  const plain = `${username}:${realm}:${password}`;
  const A1 = algorithm.endsWith('-sess') ? `${H(plain)}:${nonce}:${cnonce}` : plain;
  const A2 = qop === 'auth-int' ? `${method}:${uri}:${H(body)}` : `${method}:${uri}`;
  return KD(H(A1), qop === undefined ? `${nonce}:${H(A2)}` : `${nonce}:${nc}:${cnonce}:${qop}:${H(A2)}`);
}

/** The parameters of an answer. */
export function paramsOf(answer: DigestAnswer | undefined): Readonly<Record<string, string>> {
  const [challenge] = parseChallenges(answer?.header);
  return Object.fromEntries(challenge?.params ?? []);
}

/** A session that has been challenged once. */
export function challenged(field: string, options: DigestOptions = {}): DigestSession {
  const session = new DigestSession(options);
  session.learn(parseChallenges(field));
  return session;
}
