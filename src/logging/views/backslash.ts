import { hexNumber } from './percent.ts';
import type { Decoder, Put } from './view.ts';

const LETTERS: Readonly<Record<string, string>> = {
  b: '\b',
  e: '\u001b',
  E: '\u001b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
};
const MOST_DIGITS = 8;
/** How inspectors break a long string after a line end: `'first\n' +` and the rest on the next line. */
const JOINT = /(['"`]) \+\n\s*['"`]/y;

/** How many hex digits follow the letter. */
const DIGITS: Readonly<Record<string, number>> = { x: 2, u: 4, U: 8 };

/** `\n`, `\"`, `\u00e4`, `\U000000e4`, `\u{e4}`, `\xe4`, `\344`: the escapes of JSON, JavaScript, C, shells and `util.inspect`. */
export const backslash: Decoder = (text, put) => {
  for (let at = text.indexOf('\\'); at !== -1; at = text.indexOf('\\', at)) {
    const digits = DIGITS[text.charAt(at + 1)];
    at = digits === undefined ? putOne(text, at, put) : putNumber(text, at, digits, put);
  }
};

/** Gives back where to go on; so do the others. */
function putOne(text: string, at: number, put: Put): number {
  const char = text.charAt(at + 1);
  if (char === '') return at + 1;
  if (char >= '0' && char <= '7') return putOctal(text, at, put);
  if (char === '\n') return putPiece(at, at + 2, '', put);
  return putPiece(at, char === 'n' ? jointEnd(text, at + 2) : at + 2, LETTERS[char] ?? char, put);
}

function putNumber(text: string, at: number, digits: number, put: Put): number {
  const isBraced = text.charAt(at + 2) === '{';
  const start = isBraced ? at + 3 : at + 2;
  const length = isBraced ? text.slice(start, start + MOST_DIGITS + 1).indexOf('}') : digits;
  const code = length >= 1 ? hexNumber(text, start, length) : -1;
  if (code < 0 || code > 0x10ffff) return at + 2;
  return putPiece(at, start + length + (isBraced ? 1 : 0), String.fromCodePoint(code), put);
}

function putOctal(text: string, at: number, put: Put): number {
  const [digits = ''] = /^[0-3]?[0-7]{1,2}/.exec(text.slice(at + 1, at + 4)) ?? [];
  return putPiece(at, at + 1 + digits.length, String.fromCharCode(Number.parseInt(digits, 8)), put);
}

function putPiece(start: number, end: number, decoded: string, put: Put): number {
  put(start, end, decoded);
  return end;
}

function jointEnd(text: string, at: number): number {
  JOINT.lastIndex = at;
  return JOINT.test(text) ? JOINT.lastIndex : at;
}
