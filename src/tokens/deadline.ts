/** The longest delay that a timer takes, in milliseconds (24.8 days): with more, it would fire at once. */
export const MAX_TIMER_MS = 2 ** 31 - 1;

export interface DeadlineOptions {
  readonly ms: number;
  /** Aborts the work when it is late; whoever holds it may abort earlier. */
  readonly controller: AbortController;
  /** What the signal and the promise then say. */
  readonly late: () => Error;
}

/**
 * Gives work a deadline. The promise rejects at the deadline or the abort even if the work ignores its signal and goes
 * on. The timer keeps no process alive.
 */
export function withDeadline<T>(options: DeadlineOptions, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const { ms, controller, late } = options;
  const { signal } = controller;
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => controller.abort(late()), Math.min(ms, MAX_TIMER_MS));
    (timer as { unref?(): void }).unref?.();
    const abort = () => {
      clearTimeout(timer);
      reject(signal.reason);
    };
    signal.addEventListener('abort', abort, { once: true });
    work(signal)
      .finally(() => {
        clearTimeout(timer);
        signal.removeEventListener('abort', abort);
      })
      .then(resolve, reject);
  });
}
