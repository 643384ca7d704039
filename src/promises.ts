/** A promise of any realm or library: `instanceof` would miss those. */
export function isPromise<T>(value: T | PromiseLike<T>): value is Promise<T> {
  return typeof (value as PromiseLike<T> | undefined | null)?.then === 'function';
}

/** Calls back somebody whose failures are his own: what is thrown, or rejected later, goes nowhere. */
export function notify(callback: () => unknown): void {
  try {
    const done = callback();
    if (isPromise(done)) done.then(undefined, () => undefined);
  } catch {}
}
