import { GRAM, gramAt, slotOf } from './gram.ts';

const FEWEST_BITS = 15;
const MOST_BITS = 24;
/** How many slots there are for a gram, at least and in a new set. */
const CROWDED = 8;
const ROOMY = 32;

/** The grams of many texts. `has` says no for certain, and yes with a small chance of being wrong. */
export class GramSet {
  readonly #bits: number;
  readonly #marks: Uint8Array;
  /** For how many characters more. */
  #room: number;

  /** @param characters - How long the texts are in all that are added first. */
  constructor(characters = 0) {
    this.#bits = Math.min(MOST_BITS, Math.max(FEWEST_BITS, Math.ceil(Math.log2(ROOMY * characters + 1))));
    this.#marks = new Uint8Array(1 << (this.#bits - 3));
    this.#room = Math.max(2 * characters, (1 << this.#bits) / CROWDED);
  }

  /** `true`: the set is crowded, if only with texts that have gone, and it is time for a new one. */
  add(text: string): boolean {
    this.#room -= text.length;
    for (let at = 0; at <= text.length - GRAM; at += 1) {
      const slot = slotOf(gramAt(text, at), this.#bits);
      this.#marks[slot >> 3] = (this.#marks[slot >> 3] as number) | (1 << (slot & 7));
    }
    return this.#room < 0;
  }

  has(gram: number): boolean {
    const slot = slotOf(gram, this.#bits);
    return ((this.#marks[slot >> 3] as number) & (1 << (slot & 7))) !== 0;
  }
}
