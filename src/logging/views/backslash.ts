import type { Decoder } from './view.ts';

const LETTERS: Readonly<Record<string, string>> = {
  '\n': '',
  b: '\b',
  e: '\u001b',
  E: '\u001b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
};
/** An escape; `\n` with how inspectors break a long string after a line end: `'first\n' +` and the rest on the next line. */
const ESCAPE =
  /\\(?:[xuU]\{[\da-fA-F]{1,8}\}|x[\da-fA-F]{2}|u[\da-fA-F]{4}|U[\da-fA-F]{8}|[0-3]?[0-7]{1,2}|n(?:['"`] \+\n\s*['"`])?|[^xuU])/g;

/** `\n`, `\"`, `\u00e4`, `\U000000e4`, `\u{e4}`, `\xe4`, `\344`: the escapes of JSON, JavaScript, C, shells and `util.inspect`. */
export const backslash: Decoder = (text, put) => {
  for (const { index, 0: found } of text.matchAll(ESCAPE)) {
    const decoded = decodedOf(found);
    if (decoded !== undefined) put(index, index + found.length, decoded);
  }
};

function decodedOf(sequence: string): string | undefined {
  const letter = sequence.charAt(1);
  const isHex = 'xuU'.includes(letter);
  if (!isHex && !(letter >= '0' && letter <= '7')) return LETTERS[letter] ?? letter;
  const digits = sequence.slice(sequence.charAt(2) === '{' ? 3 : isHex ? 2 : 1);
  const code = Number.parseInt(digits, isHex ? 16 : 8);
  return code <= 0x10ffff ? String.fromCodePoint(code) : undefined;
}
