import { stripVTControlCharacters } from 'node:util';
import { findCredentials } from '../../logging/credential-shapes.ts';
import { escapeControls } from '../../logging/printable.ts';
import { replaceSpans } from '../../logging/spans.ts';
import { createTextFilter, textFilter } from '../../logging/text-filter.ts';
import { MASK } from '../../secret.ts';

const MOST_BYTES = 4000;
const ELLIPSIS = '…';
/** What has no blanks and is as long as this may be the token, and is looked for in what the command says beside it. */
const TOKEN_LIKE = /[^\s"']{8,8192}/g;
const MOST_TOKENS = 100;
const PLAIN_WORD = /^\W*[A-Z]?[a-z]{1,24}\W*$/;

/**
 * What a command printed to standard error, as an error may hold it: known secrets and what looks like one masked, and
 * the words of its standard output, which may be a token that nobody knows yet. Lines stay lines; other control
 * characters are escaped. Of more than 4,000 bytes the end is kept, where most programs say why they failed.
 */
export function stderrText(stderr: string, stdout: string): string {
  // Colours may stand in the middle of a secret.
  const plain = stripVTControlCharacters(stderr).replace(/\r+\n/g, '\n').trim();
  const masked = textFilter.mask(withoutAnswer(plain, stdout));
  const shapeless = replaceSpans(masked, findCredentials(masked), MASK);
  return cut(shapeless.split('\n').map(escapeControls).join('\n'));
}

function withoutAnswer(stderr: string, stdout: string): string {
  const words = Array.from(stdout.slice(0, 65_536).matchAll(TOKEN_LIKE), ([word]) => word);
  const tokens = words.filter((word) => !PLAIN_WORD.test(word)).slice(0, MOST_TOKENS);
  const answer = createTextFilter();
  for (const [index, token] of tokens.entries()) answer.updateSecret(String(index), token);
  return answer.mask(stderr);
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
