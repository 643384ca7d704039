import { putBytes } from './put-bytes.ts';
import { charSet, endOfRun, findRun } from './runs.ts';
import type { Decoder, Put } from './view.ts';

const HEX_CHARS = '0123456789abcdefABCDEF';
const BASE64_CHARS = `${HEX_CHARS}GHIJKLMNOPQRSTUVWXYZghijklmnopqrstuvwxyz+/-_`;
const HEX = charSet(HEX_CHARS);
const BASE64 = charSet(BASE64_CHARS);
/** Eight readable bytes. */
const SHORTEST_HEX = 16;
const SHORTEST_BASE64 = 11;
/** Bytes of readable text in a row from which a token is taken for encoded text: eight of chance are one in 2,000. */
const LEAST_READABLE = 8;

/** How many bits a character holds: 4 or 6. */
type Width = 4 | 6;

/**
 * Long base64, base64url and hex tokens that hold readable text. Where a token begins is often not to be seen
 * (`/v1/` is base64 too), so every alignment is tried. The zeros of UTF-16, which PowerShell encodes, are dropped.
 */
export const tokens: Decoder = (text, put) => {
  for (let start = findRun(text, BASE64, SHORTEST_BASE64, 0); start !== -1; ) {
    const end = endOfRun(text, BASE64, start);
    if (!putHex(text, start, end, put)) putBest(text, start, end, 6, put);
    start = findRun(text, BASE64, SHORTEST_BASE64, end);
  }
};

function putHex(text: string, start: number, until: number, put: Put): boolean {
  let found = false;
  for (let at = findRun(text, HEX, SHORTEST_HEX, start, until); at !== -1; ) {
    const end = endOfRun(text, HEX, at, until);
    found = putBest(text, at, end, 4, put) || found;
    at = findRun(text, HEX, SHORTEST_HEX, end, until);
  }
  return found;
}

/** The token at the alignment that reads best, if any is readable at all. */
function putBest(text: string, start: number, end: number, width: Width, put: Put): boolean {
  let best = start;
  let most = 0;
  for (let from = start; from < start + 8 / (8 - width); from += 1) {
    const readable = longestReadable(text, from, end, width);
    if (readable > most) [best, most] = [from, readable];
  }
  if (most < LEAST_READABLE) return false;
  const last = Math.floor(((end - best) * width) / 8) - 1;
  const place = {
    start: (index: number) => best + Math.floor((8 * index) / width),
    end: (index: number) => (index === last ? endOfPadding(text, end) : best + Math.ceil((8 * index + 8) / width)),
  };
  putBytes(bytesOf(text, best, end, width), place, (from, until, char) => put(from, until, char === '\0' ? '' : char));
  return true;
}

function longestReadable(text: string, start: number, end: number, width: Width): number {
  const values = width === 4 ? HEX_VALUES : VALUES;
  let [buffer, bits, row, longest] = [0, 0, 0, 0];
  for (let at = start; at < end; at += 1) {
    buffer = ((buffer << width) | (values[text.charCodeAt(at)] as number)) & 0xffff;
    bits += width;
    if (bits < 8) continue;
    bits -= 8;
    row = READABLE[(buffer >> bits) & 0xff] === 1 ? row + 1 : 0;
    if (row > longest) longest = row;
  }
  return longest;
}

function bytesOf(text: string, start: number, end: number, width: Width): Uint8Array {
  const bytes = new Uint8Array(Math.floor(((end - start) * width) / 8));
  const values = width === 4 ? HEX_VALUES : VALUES;
  let [buffer, bits, length] = [0, 0, 0];
  for (let at = start; at < end; at += 1) {
    buffer = ((buffer << width) | (values[text.charCodeAt(at)] as number)) & 0xffff;
    bits += width;
    if (bits < 8) continue;
    bits -= 8;
    bytes[length] = (buffer >> bits) & 0xff;
    length += 1;
  }
  return bytes;
}

function endOfPadding(text: string, at: number): number {
  return text.startsWith('==', at) ? at + 2 : text.startsWith('=', at) ? at + 1 : at;
}

const VALUES = valuesOf('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/');
VALUES['-'.charCodeAt(0)] = 62;
VALUES['_'.charCodeAt(0)] = 63;
const HEX_VALUES = valuesOf('0123456789abcdef');
for (const [value, digit] of [...'ABCDEF'].entries()) HEX_VALUES[digit.charCodeAt(0)] = value + 10;

function valuesOf(alphabet: string): Uint8Array {
  const values = new Uint8Array(128);
  for (const [value, char] of [...alphabet].entries()) values[char.charCodeAt(0)] = value;
  return values;
}

/** Printable ASCII, white space, and the zeros of UTF-16. */
const READABLE = Uint8Array.from({ length: 256 }, (_, byte) =>
  (byte >= 0x20 && byte < 0x7f) || byte === 0 || byte === 9 || byte === 10 || byte === 13 ? 1 : 0,
);
