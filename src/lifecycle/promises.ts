import { AuthError } from '../errors.ts';
import { isPromise, notify } from '../promises.ts';

export { isPromise, notify } from '../promises.ts';

/** Goes on at once where the value is there, so that a valid credential costs no awaited promise. */
export function chain<T, R>(value: T | Promise<T>, next: (value: T) => R | Promise<R>): R | Promise<R> {
  return isPromise(value) ? Promise.resolve(value).then(next) : next(value);
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
