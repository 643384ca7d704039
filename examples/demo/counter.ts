/** Counts something, and lets others wait until it has happened often enough. */
export class Counter {
  #count = 0;
  #waiting: { readonly count: number; readonly resolve: () => void }[] = [];

  get count(): number {
    return this.#count;
  }

  add(): void {
    this.#count += 1;
    for (const { count, resolve } of this.#waiting) if (count === this.#count) resolve();
    this.#waiting = this.#waiting.filter(({ count }) => count > this.#count);
  }

  /** Resolves when the count has come to `count`. */
  async reached(count: number): Promise<void> {
    if (count > this.#count) await new Promise<void>((resolve) => this.#waiting.push({ count, resolve }));
  }
}
