import { AuthError } from '../errors.ts';

/** A promise of any realm or library: `instanceof` would miss those. */
export function isPromise<T>(value: T | PromiseLike<T>): value is Promise<T> {
  return typeof (value as PromiseLike<T> | undefined | null)?.then === 'function';
}

/** Goes on at once where the value is there, so that a valid credential costs no awaited promise. */
export function chain<T, R>(value: T | Promise<T>, next: (value: T) => R | Promise<R>): R | Promise<R> {
  return isPromise(value) ? value.then(next) : next(value);
}

/** Calls back somebody whose failures are his own: what is thrown, or rejected later, goes nowhere. */
export function notify<Args extends unknown[]>(
  callback: ((...args: Args) => unknown) | undefined,
  ...args: Args
): void {
  try {
    const done = callback?.(...args);
    if (isPromise(done)) done.then(undefined, () => undefined);
  } catch {}
}

/** Follows the promise until the signal aborts: that rejects this caller at once and leaves the promise to others. */
export function race<T>(promise: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return promise;
  return new Promise<T>((resolve, reject) => {
    const abort = () => reject(signal.reason);
    if (signal.aborted) abort();
    else signal.addEventListener('abort', abort, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}

/** The longest delay that a timer takes: anything above would fire at once. */
const MAX_TIMER_MS = 2 ** 31 - 1;

/** Rejects with `ERR_AUTH_TIMEOUT` if the promise has not settled in time. */
export function withDeadline<T>(promise: Promise<T>, ms: number, what: string): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    const late = () =>
      reject(
        new AuthError(`${what} gave no credential within ${ms} ms (option 'deadlineMs').`, {
          code: 'ERR_AUTH_TIMEOUT',
        }),
      );
    const timer = setTimeout(late, Math.min(ms, MAX_TIMER_MS));
    promise.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
