import type { Put } from './view.ts';

/** Where an encoded byte stands in the text. */
export interface BytePlace {
  start(index: number): number;
  end(index: number): number;
}

/** Reports bytes as the UTF-8 text they are, character by character. What is not UTF-8 is taken for Latin-1. */
export function putBytes(bytes: Uint8Array, place: BytePlace, put: Put): void {
  for (let i = 0; i < bytes.length; ) {
    const length = sequenceLength(bytes, i);
    put(place.start(i), place.end(i + length - 1), characterAt(bytes, i, length));
    i += length;
  }
}

function characterAt(bytes: Uint8Array, at: number, length: number): string {
  const first = bytes[at] as number;
  if (length === 1) return String.fromCharCode(first);
  let code = first & (0x7f >> length);
  for (let i = 1; i < length; i += 1) code = (code << 6) | ((bytes[at + i] as number) & 0x3f);
  return String.fromCodePoint(code);
}

/** How many bytes make the UTF-8 sequence here (RFC 3629 §4); 1 where there is none. */
function sequenceLength(bytes: Uint8Array, at: number): number {
  const first = bytes[at] as number;
  const length = first < 0xc2 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : first < 0xf5 ? 4 : 1;
  for (let i = 1; i < length; i += 1) if (((bytes[at + i] ?? 0) & 0xc0) !== 0x80) return 1;
  const second = bytes[at + 1] ?? 0;
  const isTooLong = (first === 0xe0 && second < 0xa0) || (first === 0xf0 && second < 0x90);
  return isTooLong || (first === 0xf4 && second > 0x8f) ? 1 : length;
}
