import { GRAM, gramAt, slotOf } from './gram.ts';

const FEWEST_BITS = 15;
const MOST_BITS = 24;

/** The grams of many texts. `has` says no for certain, and yes with a small chance of being wrong. */
export class GramSet {
  #bits = FEWEST_BITS;
  #marks = new Uint8Array(1 << (FEWEST_BITS - 3));
  #live = 0;
  #stale = 0;

  /** Grows when it is crowded; what it then held is marked again under its own slots. */
  add(text: string): void {
    this.#live += text.length;
    if (this.#live + this.#stale > 1 << (this.#bits - 3) && this.#bits < MOST_BITS) this.#grow();
    for (let at = 0; at <= text.length - GRAM; at += 1) this.#mark(slotOf(gramAt(text, at), this.#bits));
  }

  /** Only counts. True when so much has gone that it is time to clear the set and to add what is left. */
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
    this.#marks.fill(0);
    this.#live = 0;
    this.#stale = 0;
  }

  /** A slot is the beginning of a hash: with one bit more, each slot becomes two neighbours. */
  #grow(): void {
    const old = this.#marks;
    this.#bits += 1;
    this.#marks = new Uint8Array(old.length * 2);
    for (let slot = 0; slot < old.length * 8; slot += 1) {
      if (((old[slot >> 3] as number) & (1 << (slot & 7))) === 0) continue;
      this.#mark(2 * slot);
      this.#mark(2 * slot + 1);
    }
  }

  #mark(slot: number): void {
    this.#marks[slot >> 3] = (this.#marks[slot >> 3] as number) | (1 << (slot & 7));
  }
}
