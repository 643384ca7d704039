import { putBytes } from './put-bytes.ts';
import { charSet, endOfRun, findRun } from './runs.ts';
import type { Decoder, Put } from './view.ts';

const CHARS = charSet('0123456789abcdefABCDEFxX ,:\t\r\n');
const SEPARATORS = charSet(' ,:\t\r\n');
/** Four bytes in the shortest list: `6f 70 65`. */
const SHORTEST = 11;
const HEX = /(?<![\w])(?:0x)?[0-9a-f]{2}(?:(?::|,?\s+|,)(?:0x)?[0-9a-f]{2}){3,}(?!\w)/gi;
const DECIMAL = /(?<!\w)\d{1,5}(?:\s*,\s*\d{1,5}|\s+\d{1,5}){3,}(?!\w)/g;

/** `6f 70 65 6e`, `6F:70:65:6E`, `0x6f, 0x70`: bytes as buffers and certificates are printed. */
export const hexLists: Decoder = (text, put) => putLists(text, HEX, /[0-9a-f]{2}/gi, 16, put);

/** `111, 112, 101, 110`: bytes or character codes, as typed arrays and JSON print them. */
export const decimalLists: Decoder = (text, put) => putLists(text, DECIMAL, /\d+/g, 10, put);

/** Is there anything that may be a list: a run with separators in it? */
export function holdsList(text: string): boolean {
  return findList(text, 0) !== -1;
}

/** Where the next run begins that may be a list, or -1. */
function findList(text: string, from: number): number {
  let start = findRun(text, CHARS, SHORTEST, from);
  while (start !== -1) {
    const end = endOfRun(text, CHARS, start);
    let separators = 0;
    for (let at = start; at < end && separators < 3; at += 1) {
      if (SEPARATORS[text.charCodeAt(at)] === 1) separators += 1;
    }
    if (separators === 3) return start;
    start = findRun(text, CHARS, SHORTEST, end);
  }
  return -1;
}

function putLists(text: string, list: RegExp, item: RegExp, radix: number, put: Put): void {
  for (let start = findList(text, 0); start !== -1; ) {
    const end = endOfRun(text, CHARS, start);
    for (const found of text.slice(start, end).matchAll(list)) {
      putList(found[0], start + found.index, item, radix, put);
    }
    start = findList(text, end);
  }
}

function putList(list: string, offset: number, item: RegExp, radix: number, put: Put): void {
  const items = [...list.matchAll(item)].map((found) => ({
    code: Number.parseInt(found[0], radix),
    start: offset + found.index,
    end: offset + found.index + found[0].length,
  }));
  let from = offset;
  const putItem: Put = (start, end, decoded) => {
    if (start > from) put(from, start, '');
    put(start, end, decoded);
    from = end;
  };
  const place = { start: (i: number) => items[i]?.start ?? from, end: (i: number) => items[i]?.end ?? from };
  const codes = items.map(({ code }) => code);
  if (codes.every((code) => code <= 0xff)) putBytes(Uint8Array.from(codes), place, putItem);
  else for (const [i, code] of codes.entries()) putItem(place.start(i), place.end(i), String.fromCharCode(code));
}
