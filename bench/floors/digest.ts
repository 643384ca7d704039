/**
 * Digest as one writes it by hand around fetch with node:crypto: in a few lines, which hash everything each time, and with
 * care: HA1 is kept, a refusal brings a new nonce, the 401's body is freed. The client nonce is a UUID, the cheapest random text
 * that node:crypto has.
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

/** Keeps HA1, and takes a new nonce from a refusal. */
export function carefulDigest(inner: Fetch, first: Challenged): Fetch {
  let { realm, nonce, opaque } = first;
  const { username, password } = first;
  let ha1 = H(`${username}:${realm}:${password}`);
  let nc = 0;
  const answer = (method: string, uri: string) => {
    nc += 1;
    const count = nc.toString(16).padStart(8, '0');
    const cnonce = randomUUID();
    const response = H(`${ha1}:${nonce}:${count}:${cnonce}:auth:${H(`${method}:${uri}`)}`);
    return (
      `Digest username="${quoted(username)}", realm="${quoted(realm)}", nonce="${quoted(nonce)}", uri="${quoted(uri)}", ` +
      `algorithm=SHA-256, qop=auth, nc=${count}, cnonce="${cnonce}", response="${response}", opaque="${quoted(opaque)}"`
    );
  };
  return async (input, init) => {
    const request = input instanceof Request ? input : undefined;
    const { pathname, search } = new URL(request?.url ?? (input as string | URL));
    const method = init?.method ?? request?.method ?? 'GET';
    const send = () => {
      const headers = new Headers(init?.headers ?? request?.headers);
      headers.set('Authorization', answer(method, pathname + search));
      return inner(input, { ...init, headers });
    };
    const used = nonce;
    const response = await send();
    if (response.status !== 401) return response;
    await response.arrayBuffer();
    const challenge = response.headers.get('www-authenticate') ?? '';
    if (used === nonce) {
      nonce = parameter(challenge, 'nonce');
      opaque = parameter(challenge, 'opaque');
      realm = parameter(challenge, 'realm');
      ha1 = H(`${username}:${realm}:${password}`);
      nc = 0;
    }
    return send();
  };
}

function quoted(text: string): string {
  return text.replace(/["\\]/g, '\\$&');
}

function parameter(challenge: string, name: string): string {
  return new RegExp(`${name}="([^"]*)"`).exec(challenge)?.[1] ?? '';
}
