/**
 * Binary text: one character for each byte, as clients show and take header values. A realm in UTF-8 arrives so, must be
 * hashed byte for byte, and goes back the same way.
 */

const encoder = /* @__PURE__ */ new TextEncoder();

/** The UTF-8 of a text in Unicode normalization form C (RFC 7616 §4), as binary text. */
export function utf8(text: string): string {
  if (isAscii(text)) return text;
  let binary = '';
  for (const byte of encoder.encode(text.normalize('NFC'))) binary += String.fromCharCode(byte);
  return binary;
}

/** The bytes that a binary text stands for. */
export function binaryBytes(text: string): Uint8Array {
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: all of ASCII.
const ASCII = /^[\x00-\x7f]*$/;

export function isAscii(text: string): boolean {
  return ASCII.test(text);
}
