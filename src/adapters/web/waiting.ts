/** The client's own time limit, for as long as a call waits for its credential: the client counts only what it sends. */

type Listener = () => void;

/** As much of an AbortSignal as waiting needs. Its time runs while somebody listens, again for each wait. */
class WaitingSignal {
  readonly #signal: AbortSignal | undefined;
  readonly #ms: number;
  readonly #late: () => unknown;
  #error: unknown;
  readonly #timers = new Map<Listener, ReturnType<typeof setTimeout>>();

  constructor(signal: AbortSignal | undefined, ms: number, late: () => unknown) {
    this.#signal = signal;
    this.#ms = ms;
    this.#late = late;
  }

  get aborted(): boolean {
    return this.#error !== undefined || this.#signal?.aborted === true;
  }

  get reason(): unknown {
    return this.#error ?? this.#signal?.reason;
  }

  addEventListener(_type: 'abort', listener: Listener): void {
    this.#signal?.addEventListener('abort', listener);
    const end = () => {
      this.#error = this.#late();
      listener();
      // By then the caller has been told. A retry of the client may wait again.
      setTimeout(() => {
        this.#error = undefined;
      });
    };
    this.#timers.set(listener, setTimeout(end, this.#ms));
  }

  removeEventListener(_type: 'abort', listener: Listener): void {
    this.#signal?.removeEventListener('abort', listener);
    clearTimeout(this.#timers.get(listener));
    this.#timers.delete(listener);
  }
}

const MAX_TIMER_MS = 2 ** 31 - 1;

/**
 * The caller's signal, which also ends each single wait after the client's time limit.
 *
 * @param ms - In milliseconds. What is no limit to the client (0, `undefined`), is none here.
 * @param late - The error of a call that has waited too long.
 */
export function limitWaiting(
  signal: AbortSignal | undefined,
  ms: unknown,
  late: (ms: number) => unknown,
): AbortSignal | undefined {
  if (typeof ms !== 'number' || !(ms > 0 && ms <= MAX_TIMER_MS)) return signal;
  return new WaitingSignal(signal, ms, () => late(ms)) as unknown as AbortSignal;
}
