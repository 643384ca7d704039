/**
 * User name and password as RFC 7617 sends them, and as OAuth 2.0 does (RFC 6749 §2.3.1).
 */

import { unsendable } from '../header-value.ts';
import { assertSecretText } from '../secret-text.ts';

/**
 * What is encoded before base64. `'raw'`: nothing (RFC 7617). `'form'`: both parts, as
 * `application/x-www-form-urlencoded` (RFC 6749 §2.3.1). `'secret-only'`: the password alone, for servers that know no
 * better.
 */
export type BasicEncoding = 'raw' | 'secret-only' | 'form';

/** All of them. */
export const BASIC_ENCODINGS = ['raw', 'secret-only', 'form'] as const satisfies readonly BasicEncoding[];

/**
 * The base64 of `username:password` in UTF-8 and NFC.
 *
 * @throws {@link CredentialError} for what {@link assertUsername} and {@link assertSecretText} refuse.
 */
export function basicCredentials(username: string, password: string, encoding: BasicEncoding = 'raw'): string {
  assertUsername(username, 'the user name', encoding);
  assertSecretText(password, 'the password');
  const user = encoding === 'form' ? formEncode(username) : username;
  const pass = encoding === 'raw' ? password : formEncode(password);
  return base64(new TextEncoder().encode(`${user}:${pass}`.normalize('NFC')));
}

/** Refuses a colon, unless it will be encoded, and what {@link assertSecretText} refuses. */
export function assertUsername(username: string, what: string, encoding: BasicEncoding = 'raw'): void {
  assertSecretText(username, what);
  if (encoding === 'form' || !username.includes(':')) return;
  throw unsendable(what, 'a colon, which would end it (RFC 7617 §2)');
}

/** Leaves `-`, `.`, `_` and `*` alone, as the URL standard does: some servers forget to decode client ids. */
function formEncode(text: string): string {
  return new URLSearchParams([['', text.normalize('NFC')]]).toString().slice(1);
}

function base64(bytes: Uint8Array): string {
  let binary = '';
  for (const byte of bytes) binary += String.fromCharCode(byte);
  return btoa(binary);
}
