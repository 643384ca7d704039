/**
 * Digest by hand around fetch with node:crypto: in a few lines, which hash everything each time, and with care, which keeps
 * HA1 and the client nonce.
 */

import { hash, randomUUID } from 'node:crypto';
import type { Fetch } from './fetch.ts';

export interface Challenged {
  readonly username: string;
  readonly password: string;
  readonly realm: string;
  readonly nonce: string;
  readonly opaque: string;
}

const H = (text: string) => hash('sha256', text, 'hex');

/** Answers with a nonce that it has been given, and hashes the password for each request. */
export function fiveLineDigest(inner: Fetch, { username, password, realm, nonce, opaque }: Challenged): Fetch {
  let nc = 0;
  return (input, init) => {
    const { pathname, search } = new URL(input instanceof Request ? input.url : input);
    nc += 1;
    const [count, cnonce, uri] = [nc.toString(16).padStart(8, '0'), randomUUID(), pathname + search];
    const ha2 = H(`${init?.method ?? 'GET'}:${uri}`);
    const response = H(`${H(`${username}:${realm}:${password}`)}:${nonce}:${count}:${cnonce}:auth:${ha2}`);
    const headers = new Headers(init?.headers);
    headers.set(
      'Authorization',
      `Digest username="${username}", realm="${realm}", nonce="${nonce}", uri="${uri}", algorithm=SHA-256, ` +
        `qop=auth, nc=${count}, cnonce="${cnonce}", response="${response}", opaque="${opaque}"`,
    );
    return inner(input, { ...init, headers });
  };
}

/** Keeps HA1 and its client nonce. */
export function carefulDigest(inner: Fetch, { username, password, realm, nonce, opaque }: Challenged): Fetch {
  const ha1 = H(`${username}:${realm}:${password}`);
  const cnonce = randomUUID();
  let nc = 0;
  return (input, init) => {
    const url = String(input instanceof Request ? input.url : input);
    const uri = url.slice(url.indexOf('/', 'https://'.length));
    nc += 1;
    const count = nc.toString(16).padStart(8, '0');
    const response = H(`${ha1}:${nonce}:${count}:${cnonce}:auth:${H(`${init?.method ?? 'GET'}:${uri}`)}`);
    const headers = new Headers(init?.headers);
    headers.set(
      'Authorization',
      `Digest username="${username}", realm="${realm}", nonce="${nonce}", uri="${uri}", algorithm=SHA-256, ` +
        `qop=auth, nc=${count}, cnonce="${cnonce}", response="${response}", opaque="${opaque}"`,
    );
    return inner(input, { ...init, headers });
  };
}
