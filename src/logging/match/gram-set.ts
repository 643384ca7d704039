import { GRAM, gramAt, slotOf } from './gram.ts';

const FEWEST_BITS = 15;
const MOST_BITS = 24;
/** How many slots there are for a gram, at least and when the set is rebuilt. */
const CROWDED = 8;
const ROOMY = 32;

/**
 * The grams of many texts. `has` says no for certain, and yes with a small chance of being wrong. When `add` or
 * `remove` says so, it is time for `clear`, which makes room, and for adding again what is left.
 */
export class GramSet {
  #bits = FEWEST_BITS;
  #marks = new Uint8Array(1 << (FEWEST_BITS - 3));
  #live = 0;
  #stale = 0;

  add(text: string): boolean {
    this.#live += text.length;
    for (let at = 0; at <= text.length - GRAM; at += 1) {
      const slot = slotOf(gramAt(text, at), this.#bits);
      this.#marks[slot >> 3] = (this.#marks[slot >> 3] as number) | (1 << (slot & 7));
    }
    return this.#bits < MOST_BITS && CROWDED * (this.#live + this.#stale) > 1 << this.#bits;
  }

  /** Only counts. */
  remove(text: string): boolean {
    this.#live -= text.length;
    this.#stale += text.length;
    return this.#stale > this.#live + (1 << FEWEST_BITS);
  }

  has(gram: number): boolean {
    const slot = slotOf(gram, this.#bits);
    return ((this.#marks[slot >> 3] as number) & (1 << (slot & 7))) !== 0;
  }

  clear(): void {
    this.#bits = Math.min(MOST_BITS, Math.max(FEWEST_BITS, Math.ceil(Math.log2(ROOMY * this.#live + 1))));
    this.#marks = new Uint8Array(1 << (this.#bits - 3));
    this.#live = 0;
    this.#stale = 0;
  }
}
