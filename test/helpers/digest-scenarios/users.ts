/** The users of the servers that want Digest, and the files in which those look them up. */

import { createHash } from 'node:crypto';

export interface DigestUser {
  readonly username: string;
  readonly password: string;
}

export const ALICE: DigestUser = { username: 'alice', password: 'open sesame: +&=\u00e9' };
export const JOERG: DigestUser = { username: 'j\u00f6rg', password: 'p\u00e4ssw\u00f6rd' };
export const REALM = 'digest';

/** Lines of `user:realm:HA1`, as `htdigest` writes them; with the hash of user and realm where the server wants that. */
export function htdigest(hash: 'md5' | 'sha256' | 'sha512-256', withUserhash = false): string {
  const H = (text: string) => createHash(hash).update(text).digest('hex');
  return [ALICE, JOERG]
    .map(({ username, password }) => {
      const line = [username, REALM, H(`${username}:${REALM}:${password}`)];
      return `${[...line, ...(withUserhash ? [H(`${username}:${REALM}`)] : [])].join(':')}\n`;
    })
    .join('');
}
