import { type BytePlace, putBytes } from './put-bytes.ts';
import { charSet, endOfRun, findRun } from './runs.ts';
import type { Decoder, Put } from './view.ts';

const CHARS = charSet('0123456789abcdefABCDEFxX ,:\t\r\n');
const SEPARATORS = charSet(' ,:\t\r\n');
/** How many bytes are looked for where secrets are longer, because lists are cut short now and then. */
const MOST_BYTES = 12;
const HEX = /(?<![\w])(?:0x)?(?:[0-9a-f]{2}){1,4}(?:(?::|,?\s+|,)(?:0x)?(?:[0-9a-f]{2}){1,4}){1,}(?!\w)/gi;
const DECIMAL = /(?<!\w)\d{1,7}(?:\s*,\s*\d{1,7}|\s+\d{1,7}){3,}(?!\w)/g;
const NUMBERED = /(?<=["']\d+["']: ?)\d{1,7}(?:,\s*["']\d+["']: ?\d{1,7}){3,}/g;
const NUMBERED_ITEM = /(?:(\d+)["']: ?)?(\d+)(?=,|$)/g;
const LONGEST_KEY = 12;
const LAST_CODE = 0x10ffff;

/** `6f 70 65 6e`, `6F:70:65:6E`, `0x6f, 0x70`, `6f70 656e`: bytes as buffers, certificates and dumps are printed. */
export const hexLists: Decoder = (text, put, shortest) => {
  for (const list of listsIn(text, HEX, shortest)) putList(list, /[0-9a-f]{2}/gi, 16, put);
};

/** `111, 112, 101, 110`: bytes or character codes, as typed arrays and JSON print them. */
export const decimalLists: Decoder = (text, put, shortest) => {
  for (const list of listsIn(text, DECIMAL, shortest)) putList(list, /\d+/g, 10, put);
};

/**
 * `{"0":111,"1":112}`: typed arrays as JSON and loggers print them, which take them for objects; some sort their keys as
 * text, so that 10 comes before 2.
 */
export const numberedLists: Decoder = (text, put) => {
  for (const { 0: list, index } of text.matchAll(NUMBERED)) {
    const before = /\d+(?=["']: ?$)/.exec(text.slice(Math.max(0, index - LONGEST_KEY), index))?.[0];
    const items = Array.from(
      list.matchAll(NUMBERED_ITEM),
      ({ 1: at = before, 2: code }) => [Number(at), Number(code)] as const,
    );
    const codes = items.toSorted(([a], [b]) => a - b).map(([, code]) => code);
    let decoded = '';
    putCodes(codes, { start: () => 0, end: () => 0 }, (_start, _end, character) => {
      decoded += character;
    });
    put(index, index + list.length, decoded);
  }
};

/** Is there anything that may be a list of numbered items? */
export function holdsNumberedList(text: string): boolean {
  return text.includes('"1":') || text.includes("'1':");
}

/** Is there anything that may be a list: a run with separators in it? */
export function holdsList(text: string, shortest: number): boolean {
  return findList(text, leastLength(shortest), 0) !== -1;
}

/** Two digits for a byte and something between two or more of them: `6f 70 65`, `6f70 656e`. */
function leastLength(shortest: number): number {
  return Math.floor(2.25 * Math.min(MOST_BYTES, shortest));
}

/** Where the next run begins that may be a list, or -1. */
function findList(text: string, least: number, from: number): number {
  let start = findRun(text, CHARS, least, from);
  while (start !== -1) {
    const end = endOfRun(text, CHARS, start);
    let separators = 0;
    for (let at = start; at < end && separators < 3; at += 1) {
      if (SEPARATORS[text.charCodeAt(at)] === 1) separators += 1;
    }
    if (separators === 3) return start;
    start = findRun(text, CHARS, least, end);
  }
  return -1;
}

interface List {
  readonly text: string;
  readonly offset: number;
}

function* listsIn(text: string, pattern: RegExp, shortest: number): Generator<List> {
  const least = leastLength(shortest);
  for (let start = findList(text, least, 0); start !== -1; ) {
    const end = endOfRun(text, CHARS, start);
    for (const found of text.slice(start, end).matchAll(pattern)) {
      yield { text: found[0], offset: start + found.index };
    }
    start = findList(text, least, end);
  }
}

function putList({ text, offset }: List, item: RegExp, radix: number, put: Put): void {
  const items = [...text.matchAll(item)].map((found) => ({
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
  putCodes(
    items.map(({ code }) => code),
    place,
    putItem,
  );
}

/** Bytes as the UTF-8 that they are, else characters. */
function putCodes(codes: readonly number[], place: BytePlace, put: Put): void {
  if (codes.every((code) => code <= 0xff)) putBytes(Uint8Array.from(codes), place, put);
  else {
    for (const [i, code] of codes.entries()) {
      put(place.start(i), place.end(i), String.fromCodePoint(code <= LAST_CODE ? code : 0xfffd));
    }
  }
}
