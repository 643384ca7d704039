import type { Span } from '../spans.ts';
import { GRAM, gramAt, slotOf } from './gram.ts';

/** Looking closer may cost this many times the length of the text before it is called slow. */
const PATIENCE = 16;
/** A text may be full of hits side by side, but not of hits on top of each other. */
const COST_OF_A_HIT = 24;
const FEWEST_BITS = 10;
const MOST_BITS = 20;
/** At how many places of a literal its window may lie, unless they all are crowded. */
const PLACES = 16;
const CROWDED = 4;

/** A literal, and the place in it of the gram under which it is filed. */
interface Entry {
  readonly literal: string;
  readonly at: number;
}

/**
 * Finds many literals of a least length in less than a step for each character, after Wu and Manber. Each literal is
 * represented by a window of the least length; a table says for the gram at the end of the text's window how far the
 * next window can be, and in most texts that is nearly a window's length. Literals come and go in place: what the
 * table still says about one that has gone costs a look, never a hit.
 */
export class SkipTable {
  readonly #window: number;
  readonly #entries = new Map<string, Entry>();
  readonly #byGram = new Map<number, Entry[]>();
  #bits = FEWEST_BITS;
  #skips: Uint8Array;
  #stale = 0;

  /** @param window - The length of the shortest literal that will be added. */
  constructor(window: number) {
    this.#window = window;
    this.#skips = this.#emptyTable();
  }

  add(literal: string): void {
    if (this.#entries.has(literal)) return;
    const at = this.#emptiestGram(literal);
    const entry = { literal, at };
    const gram = gramAt(literal, at);
    this.#entries.set(literal, entry);
    const others = this.#byGram.get(gram);
    if (others === undefined) this.#byGram.set(gram, [entry]);
    else others.push(entry);
    if (this.#bits < MOST_BITS && this.#entries.size * this.#window > 1 << (this.#bits - 1)) this.#rebuild(2);
    else this.#markSkips(entry);
  }

  remove(literal: string): void {
    const entry = this.#entries.get(literal);
    if (entry === undefined) return;
    const gram = gramAt(literal, entry.at);
    const rest = (this.#byGram.get(gram) ?? []).filter((other) => other !== entry);
    if (rest.length > 0) this.#byGram.set(gram, rest);
    else this.#byGram.delete(gram);
    this.#entries.delete(literal);
    this.#stale += 1;
    if (this.#stale > this.#entries.size + 100) this.#rebuild(0);
  }

  /** Adds every place where a literal stands to `spans`; the whole text where that would take too long. */
  find(text: string, spans: Span[]): void {
    if (this.#entries.size === 0 || text.length < this.#window) return;
    const before = spans.length;
    if (this.#skipThrough(text, spans, PATIENCE * text.length + 500)) return;
    spans.length = before;
    spans.push({ start: 0, end: text.length });
  }

  /** False where the patience ended before the text did. */
  #skipThrough(text: string, spans: Span[], most: number): boolean {
    const [skips, bits, last] = [this.#skips, this.#bits, text.length - GRAM];
    let patience = most;
    for (let i = this.#window - GRAM; i <= last; ) {
      const gram = gramAt(text, i);
      const skip = skips[slotOf(gram, bits)] as number;
      if (skip === 0) {
        patience -= this.#compare(text, i, gram, spans);
        if (patience < 0) return false;
        i += 1;
      } else i += skip;
    }
    return true;
  }

  /** Gives back what it cost. */
  #compare(text: string, at: number, gram: number, spans: Span[]): number {
    const entries = this.#byGram.get(gram);
    if (entries === undefined) return 1;
    let cost = 1;
    for (const entry of entries) {
      const start = at - entry.at;
      const { length } = entry.literal;
      cost += 4 + (length >> 3);
      if (start < 0 || !text.startsWith(entry.literal, start)) continue;
      spans.push({ start, end: start + length });
      cost += COST_OF_A_HIT;
    }
    return cost;
  }

  /** Secrets share beginnings (`eyJhbGciOi`, `sk_live_`), rarely ends: looks for a gram of its own from behind. */
  #emptiestGram(literal: string): number {
    const step = Math.max(1, Math.floor((literal.length - this.#window) / PLACES));
    const [best, others] = this.#emptiestOf(literal, step);
    return others > CROWDED && step > 1 ? this.#emptiestOf(literal, 1)[0] : best;
  }

  #emptiestOf(literal: string, step: number): [at: number, others: number] {
    let best = literal.length - GRAM;
    let fewest = Number.POSITIVE_INFINITY;
    for (let at = best; at >= this.#window - GRAM && fewest > 0; at -= step) {
      const others = this.#byGram.get(gramAt(literal, at))?.length ?? 0;
      if (others < fewest) [best, fewest] = [at, others];
    }
    return [best, fewest];
  }

  #markSkips({ literal, at }: Entry): void {
    for (let skip = 0; skip <= this.#window - GRAM; skip += 1) {
      const slot = slotOf(gramAt(literal, at - skip), this.#bits);
      if (skip < (this.#skips[slot] as number)) this.#skips[slot] = skip;
    }
  }

  #rebuild(moreBits: number): void {
    this.#bits += moreBits;
    this.#skips = this.#emptyTable();
    this.#stale = 0;
    for (const entry of this.#entries.values()) this.#markSkips(entry);
  }

  #emptyTable(): Uint8Array {
    return new Uint8Array(1 << this.#bits).fill(this.#window - GRAM + 1);
  }
}
