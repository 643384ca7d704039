import { MASK } from '../secret.ts';
import { shorten } from './shorten.ts';

/**
 * What masks text where `authwire/logging` is not loaded: without the forms in which a secret may be written, it masks
 * everything that could be one of them.
 */

/** Text beyond this length is cut off. */
const LONGEST_TEXT = 4000;
/** A piece of a secret of this length gives it away. */
const PIECE = 6;
/** Where text and secrets are longer than this, multiplied, comparing takes too long, and the whole text is masked. */
const MOST_COMPARED = 2 ** 26;

/** What stands before the host of a URL, after the user name. */
const PASSWORD = /(\/\/[^\s/:@]*:)[^\s/@]+(?=@)/g;
/** At least six bytes or character codes, as dumps and lists show them. */
const NUMBERS = /(?:\b(?:0x)?[\da-f]{1,3}\b[\s,:]*){6,}/gi;
/** With what stands between the characters of a text in UTF-16, or hides in it: no such word is plain. */
const WORDS = /[^\s"'`()<>[\]{},;:/.?@]+/g;
/** The parts of a JWT, for instance. */
const MASKS = /\*{5}(?:[./:?]\*{5})+/g;
/** A word with more characters than this was not written by a human. */
const LONGEST_WORD = 60;

/** The text with every word masked that does not look like one: encoded text, numbers of bytes, identifiers. */
export function maskWords(text: string): string {
  return text
    .replace(PASSWORD, `$1${MASK}`)
    .replace(NUMBERS, `${MASK} `)
    .replace(WORDS, (word) => (isHuman(word) ? word : MASK))
    .replace(MASKS, MASK);
}

/** Where {@link maskWords} would mask, but for passwords of URLs, which are no encoded text. */
export function doubtfulSpans(text: string): { start: number; end: number }[] {
  const words = [...text.matchAll(WORDS)].filter(([word]) => !isHuman(word));
  return [...words, ...text.matchAll(NUMBERS)].map(({ index, 0: { length } }) => ({
    start: index,
    end: index + length,
  }));
}

/** Chinese and Japanese have no spaces between words. */
function isHuman(word: string): boolean {
  return (word.length <= LONGEST_WORD || !/[^\p{Lo}\p{M}\p{Po}]/u.test(word)) && isPlain(word);
}

/**
 * Short, or made of words: camelCase, CONSTANT_CASE, hyphenated-words, scripts without capitals, broken encodings. The
 * pattern stands in a function because it takes long to make, and few programs need it.
 */
function isPlain(word: string): boolean {
  return /^(?:[\p{L}\p{N}_!*$+-]{0,5}|\d{6,7}|[\p{Lo}\p{M}\p{Po}]+|[\p{Ll}\ufffd]+|[_#$]*(?:[A-Z]{2,}(?:s|\d{0,7})|\p{Lu}?\p{Ll}+(?:\p{Lu}{1,2}\p{Ll}{2,}|Id|In|Ms)*\d{0,4})(?:[_-](?:[A-Z]+|[A-Z]?[a-z]+|\d{1,4}))*[!*]*)$/u.test(
    word,
  );
}

/** Does {@link maskWords} leave nothing of this value? */
export function isHidden(value: string): boolean {
  return !/[\p{L}\p{N}]/u.test(maskWords(value));
}

/**
 * Masks foreign text, in which a secret may stand in any form: from the first piece of a secret to the last one, and words
 * that don't look like words.
 */
export function maskForeign(text: string, secrets: Iterable<string>): string {
  const shown = shorten(text, LONGEST_TEXT);
  const lower = shown.toLowerCase();
  const all = Array.from(secrets, normalized);
  const joined = all.join('\0');
  const isTooMuch = lower.length * joined.length > MOST_COMPARED;
  if (isTooMuch || all.some((secret) => secret.length < PIECE && holdsWhole(lower, secret))) return MASK;
  let [start, end] = [0, 0];
  for (let i = 0; i + PIECE <= lower.length; i += 1) {
    if (!joined.includes(lower.slice(i, i + PIECE))) continue;
    if (end === 0) start = i;
    end = i + PIECE;
  }
  if (end === 0) return maskWords(shown);
  if (lower.length !== shown.length) return MASK;
  // What is not white space around the pieces belongs to them.
  const [before, after] = [shown.slice(0, start).replace(/\S*$/, ''), shown.slice(end).replace(/^\S*/, '')];
  return maskWords(before) + MASK + maskWords(after);
}

/** Masks text of ours: the whole of it where a secret is found, else words that don't look like words. */
export function maskOwn(text: string, secrets: Iterable<string>): string {
  return maskWords(maskKnown(text, secrets));
}

/** Masks a name or a path, in which a secret stands as it is or not at all: the whole of it where a secret is found. */
export function maskKnown(text: string, secrets: Iterable<string>): string {
  const shown = shorten(text, LONGEST_TEXT);
  const lower = shown.toLowerCase();
  for (const secret of secrets) if (holdsWhole(lower, normalized(secret))) return MASK;
  return shown;
}

function normalized(secret: string): string {
  return secret.trim().toLowerCase();
}

/** A secret of fewer than four characters is found as a whole word only. */
function holdsWhole(text: string, secret: string): boolean {
  if (secret.length >= 4) return text.includes(secret);
  return secret !== '' && text.split(/[^\p{L}\p{N}]+/u).includes(secret);
}
