/** The longest delay that a timer takes, in milliseconds (24.8 days): with more, it would fire at once. */
export const MAX_TIMER_MS = 2 ** 31 - 1;

export interface DeadlineOptions {
  readonly ms: number;
  /** Aborts the work when it is late; its holder may abort earlier. */
  readonly controller: AbortController;
  /** What the signal and the promise then say. */
  readonly late: () => Error;
  /** Asked at the deadline: how much longer the work may take after all. */
  readonly extraMs?: () => number;
}

/**
 * Gives work a deadline. The promise rejects at the deadline or the abort even if the work ignores its signal and goes
 * on. The timer keeps no process alive.
 */
export function withDeadline<T>(options: DeadlineOptions, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const { ms, controller, late, extraMs } = options;
  const { signal } = controller;
  return new Promise((resolve, reject) => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const limit = (afterMs: number, extra: () => number) => {
      const end = () => {
        const more = extra();
        if (more > 0) limit(more, () => 0);
        else controller.abort(late());
      };
      timer = setTimeout(end, Math.min(afterMs, MAX_TIMER_MS));
      (timer as { unref?(): void }).unref?.();
    };
    limit(ms, extraMs ?? (() => 0));
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

/** Keeps the process alive while somebody waits for work whose own timers do not. */
export async function keepAlive<T>(work: Promise<T>): Promise<T> {
  const timer = setInterval(() => undefined, MAX_TIMER_MS);
  try {
    return await work;
  } finally {
    clearInterval(timer);
  }
}
