/** The most characters that they have together. */
const MOST_CHARACTERS = 512 * 1024;
/** A token that nobody has used for so long is forgotten, in milliseconds. */
const KEPT_MS = 3_600_000;

interface Place {
  readonly slot: number;
  usedAt: number;
}

/** The callers' tokens of late, so that logs are kept free of them: many users, bounded memory. */
export class RecentTokens {
  readonly #tell: (slot: number, token: string) => void;
  readonly #now: () => number;
  /** Those used longest ago first. */
  readonly #places = new Map<string, Place>();
  readonly #free: number[];
  #characters = 0;

  /**
   * @param most - How many are known at a time.
   * @param tell - Told which token a slot has now; empty text frees it.
   */
  constructor(most: number, now: () => number, tell: (slot: number, token: string) => void) {
    this.#tell = tell;
    this.#now = now;
    this.#free = Array.from({ length: most }, (_, index) => most - 1 - index);
  }

  add(token: string): void {
    const place = this.#places.get(token);
    const usedAt = this.#now();
    if (place !== undefined) {
      place.usedAt = usedAt;
      this.#places.delete(token);
      this.#places.set(token, place);
      return;
    }
    this.#makeRoom(token, usedAt);
    const slot = this.#free.pop() as number;
    this.#places.set(token, { slot, usedAt });
    this.#characters += token.length;
    this.#tell(slot, token);
  }

  #makeRoom({ length }: string, now: number): void {
    for (const [token, { slot, usedAt }] of this.#places) {
      const isFull = this.#free.length === 0 || this.#characters + length > MOST_CHARACTERS;
      if (!isFull && now - usedAt < KEPT_MS) return;
      this.#places.delete(token);
      this.#characters -= token.length;
      this.#free.push(slot);
      this.#tell(slot, '');
    }
  }
}
