import { charSet, endOfRun } from './runs.ts';
import { BASE64 } from './tokens.ts';
import type { Decoder } from './view.ts';

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
    if (endsFullLine(text, end)) put(end, endOfRun(text, BLANK, at + 1), '');
  }
};

/** Does a line of encoded bytes end here because it is full? */
export function endsFullLine(text: string, end: number): boolean {
  let start = end;
  while (end - start <= WIDEST && BASE64[text.charCodeAt(start - 1)] === 1) start -= 1;
  return WIDTHS.includes(end - start) && !DIGEST.test(text.slice(start, end));
}
