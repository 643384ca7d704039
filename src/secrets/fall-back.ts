import { MASK } from '../secret.ts';

/**
 * What masks text where `authwire/logging` is not loaded: without the forms in which a secret may be written, it masks
 * everything that could be one of them.
 */

/** Text beyond this length is cut off. */
const LONGEST_TEXT = 4000;
/** A piece of a secret of this length gives it away. */
const PIECE = 6;
/** With more characters of secrets than this, comparing takes too long, and the whole text is masked. */
const MOST_CHARACTERS = 1 << 20;
const SLOTS = 1 << 16;

/** What stands before the host of a URL, after the user name. */
const PASSWORD = /(\/\/[^\s/:@]*:)[^\s/@]+(?=@)/g;
/** At least six bytes or character codes, as dumps and lists show them. */
const NUMBERS = /(?:\b(?:0x)?[\da-f]{1,3}\b[\s,:]*){6,}/gi;
const WORDS = /[^\s\p{Cc}\p{Cf}"'`()<>[\]{},;:/.?@]+/gu;
/** What stands between the characters of a text in UTF-16, or hides in it. Line ends and tabs stay. */
const INVISIBLE = /(?!\s)[\p{Cc}\p{Cf}]/gu;
/** Short, or made of words: camelCase, CONSTANT_CASE, hyphenated-words, scripts without capitals, broken encodings. */
const PLAIN_WORD =
  /^(?:[\p{L}\p{N}_!*$+-]{0,5}|\d{6,7}|[\p{Lo}\p{M}\p{Po}]+|[\p{Ll}\ufffd]+|[_#$]*(?:[A-Z]{2,}(?:s|\d{0,7})|\p{Lu}?\p{Ll}+(?:\p{Lu}\p{Ll}{2,}|Id)*\d{0,4})(?:[_-](?:[A-Z]+|[A-Z]?[a-z]+|\d{1,4}))*[!*]*)$/u;
/** In text of ours, names such as `AuthOAuth2` may stand as well. */
const NAME = /^\p{Ll}*(?:\p{Lu}{1,5}\p{Ll}{2,})*\d{0,4}$/u;
const LETTER = /[\p{L}\p{N}]/u;
/** Quotes and punctuation around a word. */
const EDGES = /^[^\p{L}\p{N}]+|[^\p{L}\p{N}]+$/gu;
/** The parts of a JWT, for instance. */
const MASKS = /\*{5}(?:[./:?]\*{5})+/g;
/** A word with more characters than this was not written by a human. */
const LONGEST_WORD = 60;

/** The text with every word masked that does not look like one: encoded text, numbers of bytes, identifiers. */
export function maskWords(text: string, isName = (_word: string) => false): string {
  const isPlain = (word: string) => isHuman(word) || (word.length <= LONGEST_WORD && isName(word));
  return text
    .replace(PASSWORD, `$1${MASK}`)
    .replace(NUMBERS, `${MASK} `)
    .replace(WORDS, (word) => (isPlain(word) ? word : MASK))
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
  return (word.length <= LONGEST_WORD || !/[^\p{Lo}\p{M}\p{Po}]/u.test(word)) && PLAIN_WORD.test(word);
}

/** Does {@link maskWords} leave nothing of this value? */
export function isHidden(value: string): boolean {
  return !/[\p{L}\p{N}]/u.test(maskWords(value));
}

/**
 * Masks foreign text, in which a secret may stand in any form: whatever lies between white space and holds a piece of a
 * secret, what surrounds it and is part of that secret too, and words that don't look like words.
 */
export function maskForeign(text: string, secrets: Iterable<string>): string {
  const shown = cut(text);
  const lower = shown.replace(INVISIBLE, '').toLowerCase();
  const found = findPieces(lower, secrets);
  if (found === undefined) return MASK;
  if (found.pieces.size === 0) return maskWords(shown);
  return lower.length === shown.length ? maskWords(withoutPieces(shown, lower, found)) : MASK;
}

/** Masks text of ours: the whole of it where a secret is found, else words that are neither words nor names. */
export function maskOwn(text: string, secrets: Iterable<string>): string {
  return maskWords(maskKnown(text, secrets), (word) => NAME.test(word));
}

/** Masks a name or a path, in which a secret stands as it is or not at all: the whole of it where a secret is found. */
export function maskKnown(text: string, secrets: Iterable<string>): string {
  const shown = cut(text);
  const lower = shown.toLowerCase();
  for (const secret of secrets) if (holdsWhole(lower, secret.trim().toLowerCase())) return MASK;
  return shown;
}

function cut(text: string): string {
  return text.length > LONGEST_TEXT ? `${text.slice(0, LONGEST_TEXT)}…` : text;
}

/** What a text has in common with secrets. */
interface Found {
  readonly pieces: ReadonlySet<string>;
  /** Everything of which there is a piece in the text. */
  readonly secrets: string;
}

/** `undefined` if there is too much to compare. */
function findPieces(text: string, secrets: Iterable<string>): Found | undefined {
  const marks = new Uint8Array(SLOTS);
  for (let i = 0; i + PIECE <= text.length; i += 1) marks[slotAt(text, i)] = 1;
  const pieces = new Set<string>();
  let found = '';
  let left = MOST_CHARACTERS;
  for (const each of secrets) {
    const secret = each.trim().toLowerCase();
    left -= secret.length;
    if (left < 0) return undefined;
    const before = pieces.size;
    if (secret.length < PIECE && holdsWhole(text, secret)) pieces.add(secret);
    for (let i = 0; i + PIECE <= secret.length; i += 1) {
      const piece = marks[slotAt(secret, i)] === 1 ? secret.slice(i, i + PIECE) : '';
      if (piece !== '' && (pieces.has(piece) || text.includes(piece))) pieces.add(piece);
    }
    if (pieces.size > before) found += `${secret}\n`;
  }
  return { pieces, secrets: found };
}
/** Masks what lies between white space, from where a piece begins to where one ends, and its neighbours. */
function withoutPieces(text: string, lower: string, { pieces, secrets }: Found): string {
  const hits = new Uint8Array(text.length);
  for (const piece of pieces) {
    for (let at = lower.indexOf(piece); at !== -1; at = lower.indexOf(piece, at + 1)) {
      if (piece.length > 3 || isWholeWord(lower, at, piece.length)) hits.fill(1, at, at + piece.length);
    }
  }
  const chunks = [...text.matchAll(/\S+/g)].map(({ 0: chunk, index }) => {
    return { chunk, index, hit: hits.subarray(index, index + chunk.length).includes(1) };
  });
  const isRest = ({ chunk }: { chunk: string }) => secrets.includes(chunk.toLowerCase().replace(EDGES, ''));
  for (const list of [chunks, chunks.toReversed()]) {
    list.forEach((one, i) => {
      one.hit ||= i > 0 && list[i - 1]?.hit === true && isRest(one);
    });
  }
  let at = 0;
  return text.replace(/\S+/g, (chunk) => (chunks[at++]?.hit ? MASK : chunk));
}

function isWholeWord(text: string, at: number, length: number): boolean {
  return !LETTER.test(text.charAt(at - 1)) && !LETTER.test(text.charAt(at + length));
}

function slotAt(text: string, at: number): number {
  const mixed = (text.charCodeAt(at) * 31 + text.charCodeAt(at + 2)) * 31 + text.charCodeAt(at + 4);
  return (mixed * 31 + text.charCodeAt(at + 5)) % SLOTS;
}

/** A secret of fewer than four characters is found as a whole word only. */
function holdsWhole(text: string, secret: string): boolean {
  if (secret.length >= 4) return text.includes(secret);
  return secret !== '' && text.split(/[^\p{L}\p{N}]+/u).includes(secret);
}
