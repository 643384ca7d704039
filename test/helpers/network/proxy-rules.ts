/**
 * What proxies ask for, checked by hand and with nothing but `node:crypto`: they share no code with what they test.
 */

import { createHash, randomBytes } from 'node:crypto';

/** What a proxy sees of one request. */
export interface ProxyHit {
  readonly method: string;
  readonly uri: string;
  readonly headers: NodeJS.Dict<string | string[]>;
}

/** Lets a request through, or says what it lacks: the lines of `Proxy-Authenticate`. */
export interface ProxyRule {
  check(hit: ProxyHit): readonly string[] | undefined;
  /** `Proxy-Authentication-Info` for what was let through. */
  info?(hit: ProxyHit): string | undefined;
}

export const anybody: ProxyRule = { check: () => undefined };

export function wantsBasic(username: string, password: string): ProxyRule {
  const expected = `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
  return {
    check: ({ headers }) => (headers['proxy-authorization'] === expected ? undefined : ['Basic realm="proxy"']),
  };
}

/** @param tokens - Those that are good right now; a test takes them out and puts others in. */
export function wantsBearer(tokens: Set<string>): ProxyRule {
  return {
    check({ headers }) {
      const [, token = ''] = /^Bearer (.+)$/.exec(String(headers['proxy-authorization'])) ?? [];
      return tokens.has(token) ? undefined : ['Bearer realm="proxy"'];
    },
  };
}

export interface DigestRuleOptions {
  readonly algorithm?: 'MD5' | 'SHA-256';
  /** How often a nonce may be used. Default: for ever. */
  readonly uses?: number;
  /** Gives the next nonce with every answer. */
  readonly nextNonce?: boolean;
  /** Challenges that stand before ours. */
  readonly also?: readonly string[];
}

export function wantsDigest(username: string, password: string, options: DigestRuleOptions = {}): ProxyRule {
  const { algorithm = 'MD5', uses = Number.POSITIVE_INFINITY, nextNonce = false, also = [] } = options;
  const hash = (text: string) =>
    createHash(algorithm === 'MD5' ? 'md5' : 'sha256')
      .update(text)
      .digest('hex');
  const counts = new Map<string, number>();
  const fresh = () => {
    const nonce = randomBytes(8).toString('hex');
    counts.set(nonce, 0);
    return nonce;
  };
  const challenge = (stale: boolean) => [
    ...also,
    `Digest realm="proxy", nonce="${fresh()}", qop="auth", algorithm=${algorithm}${stale ? ', stale=true' : ''}`,
  ];
  return {
    check({ method, uri, headers }) {
      const given = parameters(String(headers['proxy-authorization'] ?? ''));
      if (given === undefined) return challenge(false);
      const { nonce = '', nc = '', cnonce, qop, response } = given;
      const ha1 = hash(`${username}:proxy:${password}`);
      const proof = hash(`${ha1}:${nonce}:${nc}:${cnonce}:${qop}:${hash(`${method}:${uri}`)}`);
      if (given.uri !== uri || response !== proof || given.username !== username) return challenge(false);
      const used = counts.get(nonce);
      if (used === undefined || used >= uses) return challenge(true);
      if (Number.parseInt(nc, 16) <= used) return challenge(true);
      counts.set(nonce, Number.parseInt(nc, 16));
      return undefined;
    },
    ...(nextNonce && { info: () => `nextnonce="${fresh()}"` }),
  };
}

function parameters(header: string): Record<string, string | undefined> | undefined {
  if (!header.startsWith('Digest ')) return undefined;
  const found = header.slice(7).matchAll(/([\w*]+)=(?:"([^"]*)"|([^\s,]+))/g);
  return Object.fromEntries([...found].map(([, name, quoted, bare]) => [name, quoted ?? bare]));
}
