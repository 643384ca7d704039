export interface CatchUpOptions {
  /** Is there anything left to do? */
  readonly isDue: () => boolean;
  /** Does it. It must not reject. */
  readonly work: () => Promise<unknown>;
  readonly delayMs: () => number;
}

/** Does later what is left to do, again and again until nothing is. Keeps no process alive. */
export class CatchUp {
  readonly #options: CatchUpOptions;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(options: CatchUpOptions) {
    this.#options = options;
  }

  start(): void {
    const { isDue, work, delayMs } = this.#options;
    if (this.#timer !== undefined || !isDue()) return;
    const again = () => {
      this.#timer = undefined;
      this.start();
    };
    const timer = setTimeout(() => void work().then(again), delayMs());
    (timer as { unref?(): void }).unref?.();
    this.#timer = timer;
  }

  stop(): void {
    clearTimeout(this.#timer);
  }
}
