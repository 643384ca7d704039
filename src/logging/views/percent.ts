import { putBytes } from './put-bytes.ts';
import type { Decoder, Put } from './view.ts';

/** `%C3%A4`, with hex digits of either case (RFC 3986 §2.1), and `%u00E4` as the old `escape()` wrote it. */
export const percent: Decoder = (text, put) => {
  for (let at = text.indexOf('%'); at !== -1; ) {
    const wide = wideCode(text, at);
    if (wide >= 0) put(at, at + 6, String.fromCharCode(wide));
    at = text.indexOf('%', wide >= 0 ? at + 6 : putSequence(text, at, put));
  }
};

/** Gives back where to go on. */
function putSequence(text: string, start: number, put: Put): number {
  const bytes: number[] = [];
  for (let byte = byteAt(text, start); byte >= 0; byte = byteAt(text, start + 3 * bytes.length)) bytes.push(byte);
  const place = { start: (index: number) => start + 3 * index, end: (index: number) => start + 3 * index + 3 };
  putBytes(Uint8Array.from(bytes), place, put);
  return start + Math.max(1, 3 * bytes.length);
}

function byteAt(text: string, at: number): number {
  if (text.charCodeAt(at) !== 0x25) return -1;
  return 16 * hexDigit(text.charCodeAt(at + 1)) + hexDigit(text.charCodeAt(at + 2));
}

function wideCode(text: string, at: number): number {
  if ((text.charCodeAt(at + 1) | 0x20) !== 0x75) return -1;
  return hexNumber(text, at + 2, 4);
}

/** The number that `length` hex digits write; negative where one is missing. */
export function hexNumber(text: string, at: number, length: number): number {
  let number = 0;
  for (let i = at; i < at + length; i += 1) number = 16 * number + hexDigit(text.charCodeAt(i));
  return number;
}

/** Far below zero for what is no hex digit, so that every number with one of them in it is negative. */
function hexDigit(code: number): number {
  if (code >= 0x30 && code <= 0x39) return code - 0x30;
  const letter = (code | 0x20) - 0x61;
  return letter >= 0 && letter <= 5 ? letter + 10 : -1e9;
}
