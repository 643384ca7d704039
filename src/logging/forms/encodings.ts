/**
 * The ways of writing a secret that are looked for as they stand. Those with more than one spelling (percent-encoding,
 * backslashes, entities, lists of bytes) are undone in the text instead: see `views`.
 */

/**
 * One spelling of a secret, and the base64 character that the secret decides in part, and that only stands there at the
 * end of the encoded text.
 */
export type Form = readonly [text: string, tail?: string];

/**
 * Base64 and base64url, on its own and inside a longer encoded text, such as the password in the `user:password` of
 * RFC 7617: the characters that the bytes decide, whichever of three places in a group they begin at.
 */
export function base64Forms(bytes: Uint8Array): Form[] {
  const binary = toBinary(bytes);
  return [0, 1, 2].flatMap((offset) => {
    const encoded = btoa('\0'.repeat(offset) + binary);
    const bits = 8 * (offset + bytes.length);
    const text = encoded.slice(Math.ceil((8 * offset) / 6), Math.floor(bits / 6));
    const tail = bits % 6 === 0 ? '' : encoded.charAt(Math.floor(bits / 6));
    return [
      [text, tail],
      [urlSafe(text), urlSafe(tail)],
    ];
  });
}

/** Two hex digits a byte, in lower and in upper case. */
export function hexForms(bytes: Uint8Array): Form[] {
  let text = '';
  for (const byte of bytes) text += byte.toString(16).padStart(2, '0');
  return [[text], [text.toUpperCase()]];
}

/** A character a byte, as programs print it that take the bytes for Latin-1: `Ã¤`, and in their escapes `\xc3\xa4`. */
export function binaryForm(bytes: Uint8Array): Form {
  return [toBinary(bytes)];
}

/** Quotes doubled as SQL, YAML and CSV do it, or broken out of as shells do it; `+` for spaces as forms do it. */
export function quotedForms(text: string): Form[] {
  const quotes = ["''", "'\\''", `'"'"'`, ESCAPED_AGAIN];
  const forms = quotes.map((quote) => text.replaceAll("'", quote));
  return [...forms, text.replaceAll('"', '""'), text.replaceAll(' ', '+')].map((form) => [form]);
}

/** What is left of a shell's `'\''` when the backslashes of the rest are undone. */
const ESCAPED_AGAIN = "'''";

function urlSafe(text: string): string {
  return text.replaceAll('+', '-').replaceAll('/', '_');
}

/** A character a byte. */
export function toBinary(bytes: Uint8Array): string {
  let binary = '';
  for (const byte of bytes) binary += String.fromCharCode(byte);
  return binary;
}
