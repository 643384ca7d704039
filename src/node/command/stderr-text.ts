import { stripVTControlCharacters } from 'node:util';
import { MASK } from '../../secret.ts';
import { maskWords } from '../../secrets/fall-back.ts';
import { escapeControls } from '../../secrets/printable.ts';
import { mask } from '../../secrets/registry.ts';

const MOST_BYTES = 4000;
const ELLIPSIS = '…';
/** What has no blanks and is as long as this may be the token, and is searched for in the other output of the command. */
const TOKEN_LIKE = /[^\s"']{8,8192}/g;
const MOST_TOKENS = 100;
const PLAIN_WORD = /^\W*[A-Z]?[a-z]{1,24}\W*$/;

/**
 * What a command printed to standard error, as an error may hold it. Known secrets are masked, the words of its standard
 * output, which may be a token that nobody knows yet, and all words that don't look like one. Lines stay lines; other
 * control characters are escaped. Of more than 4,000 bytes the end is kept, where most programs say why they failed.
 */
export function stderrText(stderr: string, stdout: string): string {
  // Colours may stand in the middle of a secret.
  const plain = stripVTControlCharacters(stderr).replace(/\r+\n/g, '\n').trim();
  const lines = withoutAnswer(plain, stdout).split('\n');
  return cut(lines.map((line) => escapeControls(maskWords(mask(line)))).join('\n'));
}

function withoutAnswer(stderr: string, stdout: string): string {
  const words = Array.from(stdout.slice(0, 65_536).matchAll(TOKEN_LIKE), ([word]) => word);
  const tokens = words.filter((word) => !PLAIN_WORD.test(word)).slice(0, MOST_TOKENS);
  return tokens.reduce((text, token) => text.replaceAll(token, MASK), stderr);
}

function cut(text: string): string {
  const bytes = new TextEncoder().encode(text);
  if (bytes.length <= MOST_BYTES) return text;
  const ellipsis = new TextEncoder().encode(ELLIPSIS).length;
  let from = bytes.length - MOST_BYTES + ellipsis;
  // Not in the middle of a character.
  while (((bytes[from] ?? 0) & 0xc0) === 0x80) from += 1;
  return ELLIPSIS + new TextDecoder().decode(bytes.subarray(from));
}
