import type { Span } from '../spans.ts';

/**
 * Aho and Corasick's automaton: finds the places that any of many literals cover in one pass, whatever the text. It is
 * several times slower than skipping and takes long to build, so it is kept for texts that are made to be slow. Its
 * edges live in one hash table, because a dense one would take a kilobyte for each character of each secret.
 */
export class Automaton {
  readonly #parents: Int32Array;
  readonly #chars: Uint16Array;
  /** Where to go on when no edge fits: the longest other beginning of a literal that the text ends with here. */
  readonly #fallbacks: Int32Array;
  /** How long the longest literal is that ends here. */
  readonly #longest: Int32Array;
  readonly #edges: Int32Array;
  #states = 1;

  constructor(literals: Iterable<string>) {
    const all = [...literals];
    const most = all.reduce((sum, { length }) => sum + length, 1);
    this.#parents = new Int32Array(most);
    this.#chars = new Uint16Array(most);
    this.#fallbacks = new Int32Array(most);
    this.#longest = new Int32Array(most);
    this.#edges = new Int32Array(1 << (33 - Math.clz32(most)));
    this.#link(all.reduce((depths, literal) => this.#insert(literal, depths), [0]));
  }

  /** The places in the text that literals cover, in order; those that overlap or touch are one. */
  find(text: string): Span[] {
    const spans: Span[] = [];
    let state = 0;
    for (let i = 0; i < text.length; i += 1) {
      state = this.#step(state, text.charCodeAt(i));
      const length = this.#longest[state] as number;
      if (length > 0) cover(spans, i + 1 - length, i + 1);
    }
    return spans;
  }

  #insert(literal: string, depths: number[]): number[] {
    let state = 0;
    for (let i = 0; i < literal.length; i += 1) {
      const char = literal.charCodeAt(i);
      const slot = this.#slot(state, char);
      if (this.#edges[slot] === 0) {
        this.#edges[slot] = this.#states;
        this.#parents[this.#states] = state;
        this.#chars[this.#states] = char;
        depths.push(i + 1);
        this.#states += 1;
      }
      state = this.#edges[slot] as number;
    }
    this.#longest[state] = literal.length;
    return depths;
  }

  /** Shallow states first, because the deeper ones build on them. */
  #link(depths: readonly number[]): void {
    for (const state of sortedBy(depths)) {
      const parent = this.#parents[state] as number;
      if (parent !== 0) {
        const fallback = this.#step(this.#fallbacks[parent] as number, this.#chars[state] as number);
        this.#fallbacks[state] = fallback;
        if (this.#longest[state] === 0) this.#longest[state] = this.#longest[fallback] as number;
      }
    }
  }

  #step(from: number, char: number): number {
    for (let state = from; ; state = this.#fallbacks[state] as number) {
      const next = this.#edges[this.#slot(state, char)] as number;
      if (next !== 0 || state === 0) return next;
    }
  }

  /** Where the edge is, or would be. */
  #slot(state: number, char: number): number {
    const last = this.#edges.length - 1;
    let slot = (Math.imul(state, 0x9e3779b1) ^ Math.imul(char, 0x85ebca6b)) >>> Math.clz32(last);
    for (;;) {
      const next = this.#edges[slot] as number;
      if (next === 0 || (this.#parents[next] === state && this.#chars[next] === char)) return slot;
      slot = (slot + 1) & last;
    }
  }
}

/** The indices in the order of their numbers, by counting; the first, which is the root, left out. */
function sortedBy(numbers: readonly number[]): Int32Array {
  const starts: number[] = [];
  for (const number of numbers) starts[number + 1] = (starts[number + 1] ?? 0) + 1;
  for (let i = 0; i < starts.length; i += 1) starts[i] = (starts[i] ?? 0) + (starts[i - 1] ?? 0);
  const sorted = new Int32Array(numbers.length);
  for (const [index, number] of numbers.entries()) {
    sorted[starts[number] as number] = index;
    starts[number] = (starts[number] as number) + 1;
  }
  return sorted.subarray(1);
}

/** Spans come in the order of their ends. */
function cover(spans: Span[], start: number, end: number): void {
  let from = start;
  for (let last = spans.at(-1); last !== undefined && last.end >= from; last = spans.at(-1)) {
    from = Math.min(from, last.start);
    spans.pop();
  }
  spans.push({ start: from, end });
}
