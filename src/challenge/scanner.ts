import { BACKSLASH, QUOTE, WHITESPACE } from './characters.ts';

/** The longest text that is read, in characters. */
export const MAX_LENGTH = 64 * 1024;
/** The most elements that are read, and quoted strings that are passed over. */
const MAX_TURNS = 1000;

/** Goes through a field's text from left to right, and counts its steps: that is how tests see that it is linear. */
export class Scanner {
  readonly text: string;
  at = 0;
  /** Characters looked at, those that were looked at again included. */
  steps = 0;
  /** The text went on: what touches its end may be half of something. */
  readonly #cut: boolean;
  #turns = 0;

  constructor(text: string) {
    this.#cut = text.length > MAX_LENGTH;
    this.text = this.#cut ? text.slice(0, MAX_LENGTH) : text;
  }

  get ended(): boolean {
    return this.at >= this.text.length;
  }

  /** Is there more to read? Not without end, however small it comes. */
  takeTurn(): boolean {
    this.#turns += 1;
    return !this.ended && this.#turns <= MAX_TURNS;
  }

  /** The code of the next character; `NaN` at the end, which equals nothing. */
  get next(): number {
    return this.text.charCodeAt(this.at);
  }

  /** Is what was read last cut off, so that nobody knows how it would have gone on? */
  get mayBeHalf(): boolean {
    return this.#cut && this.ended;
  }

  /** Takes characters as long as they belong to the class. */
  take(characters: RegExp): string {
    const start = this.at;
    this.pass(characters);
    return this.text.slice(start, this.at);
  }

  /** Goes behind characters as long as they belong to the class. */
  pass(characters: RegExp): void {
    const start = this.at;
    characters.lastIndex = start;
    characters.test(this.text);
    this.at = characters.lastIndex;
    this.steps += this.at - start + 1;
  }

  /** Takes one character if it is the one. */
  takeOne(code: number): boolean {
    this.steps += 1;
    if (this.next !== code) return false;
    this.at += 1;
    return true;
  }

  /** Takes blanks. Was there one? */
  takeWhitespace(): boolean {
    return this.take(WHITESPACE) !== '';
  }

  /** Takes a quoted string and unescapes it (RFC 9110 §5.6.4); `undefined`, with everything taken, if it never ends. */
  takeQuoted(): string | undefined {
    const start = this.at + 1;
    if (!this.passQuoted()) return undefined;
    const value = this.text.slice(start, this.at - 1);
    return value.includes('\\') ? value.replace(/\\(.)/gs, '$1') : value;
  }

  /** Goes behind a quoted string. Does it end at all? */
  passQuoted(): boolean {
    const { text } = this;
    const start = this.at;
    let end = start + 1;
    while (end < text.length && text.charCodeAt(end) !== QUOTE) end += text.charCodeAt(end) === BACKSLASH ? 2 : 1;
    this.at = end;
    this.steps += end - start;
    return this.takeOne(QUOTE);
  }
}
