import { putBytes } from './put-bytes.ts';
import { charSet, endOfRun, findRun } from './runs.ts';
import type { Decoder, Put } from './view.ts';

const HEX_CHARS = '0123456789abcdefABCDEF';
const HEX = charSet(HEX_CHARS);
/** Base64 and base64url. */
export const BASE64 = charSet(`${HEX_CHARS}GHIJKLMNOPQRSTUVWXYZghijklmnopqrstuvwxyz+/-_`);
/** What a token consists of, as bits. No base64 text gets by without `OTHER`: hex and dashes make identifiers. */
const DIGIT = 1;
const DASH = 2;
const OTHER = 4;
const KINDS = BASE64.map((isToken, code) => isToken && (HEX[code] === 1 ? DIGIT : code === 0x2d ? DASH : OTHER));
const SHORTEST_HEX = 16;
/** Eight characters with one escape among them. */
const SHORTEST_BASE64 = 14;
/** Bytes of readable text in a row from which a token is taken for encoded text: eight of chance are one in 2,000. */
const LEAST_READABLE = 8;

/** How many bits a character holds: 4 or 6. */
type Width = 4 | 6;

/**
 * Long base64, base64url and hex tokens that hold readable text. Where a token begins is often not to be seen
 * (`/v1/` is base64 too), so every alignment is tried. The zeros of UTF-16, which PowerShell encodes, are dropped.
 */
export const tokens: Decoder = (text, put, shortest) => {
  const least = Math.max(SHORTEST_BASE64, Math.ceil((4 * shortest) / 3));
  const leastHex = Math.max(SHORTEST_HEX, 2 * shortest);
  for (let start = findRun(text, BASE64, least, 0); start !== -1; ) {
    let [end, seen] = [start, 0];
    for (let kind = KINDS[text.charCodeAt(end)]; kind; kind = KINDS[text.charCodeAt(end)]) {
      seen |= kind;
      end += 1;
    }
    const isFound =
      seen === DIGIT
        ? end - start >= leastHex && putBest(text, start, end, 4, put)
        : putHex(text, start, end, leastHex, put);
    if (!isFound && (seen & OTHER) !== 0) putBest(text, start, end, 6, put);
    start = findRun(text, BASE64, least, end);
  }
};

function putHex(text: string, start: number, until: number, least: number, put: Put): boolean {
  let found = false;
  for (let at = findRun(text, HEX, least, start, until); at !== -1; ) {
    const end = endOfRun(text, HEX, at, until);
    found = putBest(text, at, end, 4, put) || found;
    at = findRun(text, HEX, least, end, until);
  }
  return found;
}

/** The token at the alignment that reads best, if any is readable at all. */
function putBest(text: string, start: number, end: number, width: Width, put: Put): boolean {
  let best = -1;
  let most = 0;
  for (let from = start; from < start + 8 / (8 - width); from += 1) {
    if (!isReadable(text, from, end, width)) continue;
    const readable = longestReadable(bytesOf(text, from, end, width));
    if (readable > most) [best, most] = [from, readable];
  }
  if (best === -1) return false;
  const bytes = bytesOf(text, best, end, width);
  const place = {
    start: (index: number) => best + Math.floor((8 * index) / width),
    end: (index: number) =>
      index === bytes.length - 1 ? endOfPadding(text, end) : best + Math.ceil((8 * index + 8) / width),
  };
  putBytes(bytes, place, (from, until, char) => put(from, until, char === '\0' ? '' : char));
  return true;
}

/** Are there enough readable bytes in a row? Looks at one byte in eight where there are not. */
function isReadable(text: string, start: number, end: number, width: Width): boolean {
  const length = ((end - start) * width) >> 3;
  let from = 0;
  while (from + LEAST_READABLE <= length) {
    let at = from + LEAST_READABLE - 1;
    while (at >= from && READABLE[byteAt(text, start, at, width)] === 1) at -= 1;
    if (at < from) return true;
    from = at + 1;
  }
  return false;
}

function byteAt(text: string, start: number, index: number, width: Width): number {
  if (width === 4) {
    const at = start + 2 * index;
    return ((HEX_VALUES[text.charCodeAt(at)] as number) << 4) | (HEX_VALUES[text.charCodeAt(at + 1)] as number);
  }
  const group = (index / 3) | 0;
  const at = start + index + group;
  const pair = ((VALUES[text.charCodeAt(at)] as number) << 6) | (VALUES[text.charCodeAt(at + 1)] as number);
  return (pair >> (4 - 2 * (index - 3 * group))) & 0xff;
}

function longestReadable(bytes: Uint8Array): number {
  let row = 0;
  let longest = 0;
  for (const byte of bytes) {
    row = READABLE[byte] === 1 ? row + 1 : 0;
    if (row > longest) longest = row;
  }
  return longest;
}

function bytesOf(text: string, start: number, end: number, width: Width): Uint8Array {
  const bytes = new Uint8Array(((end - start) * width) >> 3);
  for (let i = 0; i < bytes.length; i += 1) bytes[i] = byteAt(text, start, i, width);
  return bytes;
}

function endOfPadding(text: string, at: number): number {
  return text.startsWith('==', at) ? at + 2 : text.startsWith('=', at) ? at + 1 : at;
}

const VALUES = valuesOf('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/', '-_');
const HEX_VALUES = valuesOf('0123456789ABCDEF', 'abcdef');

/** What the digits stand for; the last ones have a second spelling. */
function valuesOf(digits: string, others: string): Uint8Array {
  const values = new Uint8Array(128);
  const set = (chars: string, first: number) => {
    for (const [i, char] of [...chars].entries()) values[char.charCodeAt(0)] = first + i;
  };
  set(digits, 0);
  set(others, digits.length - others.length);
  return values;
}

/** Printable ASCII, white space, and the zeros of UTF-16. */
const READABLE = Uint8Array.from({ length: 256 }, (_, byte) =>
  (byte >= 0x20 && byte < 0x7f) || byte === 0 || byte === 9 || byte === 10 || byte === 13 ? 1 : 0,
);
