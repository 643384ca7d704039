import type { Decoder } from './view.ts';

/** Colours and other sequences of a terminal (ECMA-48 §5.4), as a highlighter puts them into a value. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: finding escape sequences is what this is for
const SEQUENCE = /\u001b\[[\d;:?]*[A-Za-z]/g;

/** Text without its colours. */
export const ansi: Decoder = (text, put) => {
  for (const { index, 0: sequence } of text.matchAll(SEQUENCE)) put(index, index + sequence.length, '');
};
