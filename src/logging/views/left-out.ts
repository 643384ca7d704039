import type { Decoder } from './view.ts';

/** The zero bytes of UTF-16 that was taken for a narrower encoding. */
export const nul: Decoder = leavingOut(/\0+/g);

/** Colours and other sequences of a terminal (ECMA-48 §5.4), as a highlighter puts them into a value. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: finding escape sequences is what this is for
export const ansi: Decoder = leavingOut(/\u001b\[[\d;:?]*[A-Za-z]/g);

function leavingOut(pattern: RegExp): Decoder {
  return (text, put) => {
    for (const { index, 0: found } of text.matchAll(pattern)) put(index, index + found.length, '');
  };
}
