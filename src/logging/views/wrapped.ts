import { charSet } from './runs.ts';
import { BASE64_CHARS } from './tokens.ts';
import type { Decoder } from './view.ts';

const ENCODED = charSet(BASE64_CHARS);
/** Where tools end their lines: xxd, PEM and OpenSSL, MIME, `base64`. */
const WIDTHS: readonly number[] = [60, 64, 72, 76];
const WIDEST = 76;
/** A digest fills such a line as well, and does not go on after it. */
const DIGEST = /^[\da-f]{64}$/i;
const BLANK = charSet(' \t');

/** Base64 and hex in lines of one width: put together again. */
export const wrapped: Decoder = (text, put) => {
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) {
    const end = text.charCodeAt(at - 1) === 0x0d ? at - 1 : at;
    if (endsFullLine(text, end)) put(end, endOfIndent(text, at + 1), '');
  }
};

/** Does a line of encoded bytes end here because it is full? */
export function endsFullLine(text: string, end: number): boolean {
  let start = end;
  while (end - start <= WIDEST && ENCODED[text.charCodeAt(start - 1)] === 1) start -= 1;
  return WIDTHS.includes(end - start) && !DIGEST.test(text.slice(start, end));
}

function endOfIndent(text: string, from: number): number {
  let at = from;
  while (BLANK[text.charCodeAt(at)] === 1) at += 1;
  return at;
}
