import { quotedParam } from '../challenge/serialize.ts';
import { isAscii, utf8 } from './binary-text.ts';
import type { DigestChallenge } from './challenge.ts';
import { hashText } from './hash.ts';

/**
 * The parameter that names the user (RFC 7616 §3.4): hashed if the server wants that; `username*` (RFC 8187) for names
 * beyond ASCII. Servers older than RFC 7616 don't know that, and get the UTF-8 as it is.
 */
export function usernameParam(username: string, challenge: DigestChallenge): string {
  const name = utf8(username);
  const { algorithm, realm, userhash } = challenge;
  if (userhash) return quotedParam('username', hashText(algorithm.hash, `${name}:${realm}`));
  const isModern = challenge.utf8 || algorithm.hash !== 'md5';
  return isModern && !isAscii(username) ? `username*=UTF-8''${extValue(username)}` : quotedParam('username', name);
}

/** RFC 8187 §3.2.1: `encodeURIComponent` leaves more alone than `attr-char` has. */
function extValue(text: string): string {
  return encodeURIComponent(text.normalize('NFC')).replace(
    /['()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}
