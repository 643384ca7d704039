import { AuthError } from '../errors.ts';

/** A promise of any realm or library: `instanceof` would miss those. */
export function isPromise<T>(value: T | PromiseLike<T>): value is Promise<T> {
  return typeof (value as PromiseLike<T> | undefined | null)?.then === 'function';
}

/** Goes on at once where the value is there, so that a valid credential costs no awaited promise. */
export function chain<T, R>(value: T | Promise<T>, next: (value: T) => R | Promise<R>): R | Promise<R> {
  return isPromise(value) ? Promise.resolve(value).then(next) : next(value);
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

/** Nothing but `true` is a yes. An async function where none is meant says no, and its failure goes nowhere. */
export function isYes(said: unknown): boolean {
  if (said !== true) notify(() => said);
  return said === true;
}

/** Follows the promise until the signal aborts: that rejects this caller at once and leaves the promise to others. */
export function race<T>(promise: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  return timely(promise, signal, undefined, '');
}

/** The longest delay that a timer takes: anything above would fire at once. */
const MAX_TIMER_MS = 2 ** 31 - 1;

/**
 * Follows the promise until the signal aborts, or for `ms` milliseconds.
 *
 * @param what - Who is late, for the error `ERR_AUTH_TIMEOUT`.
 */
export function timely<T>(
  promise: Promise<T>,
  signal: AbortSignal | undefined,
  ms: number | undefined,
  what: string,
): Promise<T> {
  if (signal === undefined && ms === undefined) return promise;
  return new Promise<T>((resolve, reject) => {
    const abort = () => reject(signal?.reason);
    const late = () => {
      const message = `${what} gave no credential within ${ms} ms (option 'deadlineMs').`;
      reject(new AuthError(message, { code: 'ERR_AUTH_TIMEOUT' }));
    };
    const timer = ms === undefined ? ms : setTimeout(late, Math.min(ms, MAX_TIMER_MS));
    if (signal?.aborted) abort();
    else signal?.addEventListener('abort', abort, { once: true });
    // One of another library may not know how to be chained.
    Promise.resolve(promise)
      .then(resolve, reject)
      .finally(() => {
        clearTimeout(timer);
        signal?.removeEventListener('abort', abort);
      });
  });
}
