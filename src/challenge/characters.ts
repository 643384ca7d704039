/**
 * The character classes of RFC 9110 that authentication fields are made of, one bit each in one table.
 */

const ALPHANUMERIC = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

/** RFC 9110 §5.6.2: names of schemes and parameters. */
export const TOKEN = 1;
/** RFC 9110 §11.2, without the `=` at the end. */
export const TOKEN68 = 2;
/** RFC 9110 §5.6.3. */
export const WHITESPACE = 4;
/** What may stand between two elements of a list (RFC 9110 §5.6.1.2): empty elements are none. */
export const SEPARATOR = 8;
/** An unquoted value as servers send it: RFC 9110 wants a token, but the `:` and `/` of a URL are common. */
export const BARE_VALUE = 16;
/** Anything that neither ends an element of a list nor begins a quoted string. */
export const INSIDE_ELEMENT = 32;
export const EQUALS_SIGNS = 64;

export const COMMA = 0x2c;
export const QUOTE = 0x22;
export const BACKSLASH = 0x5c;
export const EQUALS = 0x3d;

/** One entry for each character of Latin-1, and one for all that lie beyond. */
const classes = new Uint8Array(257);
classes.fill(BARE_VALUE | INSIDE_ELEMENT);
include(`!#$%&'*+-.^_\`|~${ALPHANUMERIC}`, TOKEN);
include(`-._~+/${ALPHANUMERIC}`, TOKEN68);
include(' \t', WHITESPACE | SEPARATOR);
include(',', SEPARATOR);
include('=', EQUALS_SIGNS);
exclude(' \t,"', BARE_VALUE);
exclude(',"', INSIDE_ELEMENT);

/** How far the characters from `at` on belong to the class: the index of the first that doesn't. */
export function endOf(text: string, at: number, characterClass: number): number {
  let end = at;
  while (end < text.length && ((classes[Math.min(text.charCodeAt(end), 256)] ?? 0) & characterClass) !== 0) end += 1;
  return end;
}

/** Does the text consist of nothing but that class, and of something? */
export function consistsOf(text: string, characterClass: number): boolean {
  return text !== '' && endOf(text, 0, characterClass) === text.length;
}

function include(characters: string, characterClass: number): void {
  for (const character of characters) set(character, (classes[character.charCodeAt(0)] ?? 0) | characterClass);
}

function exclude(characters: string, characterClass: number): void {
  for (const character of characters) set(character, (classes[character.charCodeAt(0)] ?? 0) & ~characterClass);
}

function set(character: string, value: number): void {
  classes[character.charCodeAt(0)] = value;
}
