import { putBytes } from './put-bytes.ts';
import type { Decoder } from './view.ts';

const ESCAPES = /%u[\da-f]{4}|(?:%[\da-f]{2})+/gi;
/** One byte. */
const SHORTEST = 3;

/** `%C3%A4`, with hex digits of either case (RFC 3986 §2.1), and `%u00E4` as the old `escape()` wrote it. */
export const percent: Decoder = (text, put) => {
  for (const { index, 0: found } of text.matchAll(ESCAPES)) {
    const isWide = /u/i.test(found);
    if (isWide || found.length === SHORTEST) {
      const code = Number.parseInt(found.slice(isWide ? 2 : 1), 16);
      put(index, index + found.length, String.fromCharCode(code));
    } else {
      const start = (i: number) => index + SHORTEST * i;
      const bytes = Uint8Array.from(found.slice(1).split('%'), (hex) => Number.parseInt(hex, 16));
      putBytes(bytes, { start, end: (i) => start(i + 1) }, put);
    }
  }
};
