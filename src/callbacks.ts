/**
 * The guard around every function that users give us to be told of something, or to answer. Whatever it does (throws,
 * rejects, hangs, returns a promise of another library or realm, calls back in), nobody else is harmed.
 */

import { AuthError } from './errors.ts';
import { inNeutralContext, runInside } from './neutral-context.ts';

/** How long a callback may keep others waiting, in milliseconds. */
export const CALLBACK_DEADLINE_MS = 5000;

export interface CallbackOptions {
  /** The option's name, for the error. */
  readonly name: string;
  /** Whom it may call back: see `isInside`. */
  readonly owner: object;
  /** How long the answer is waited for, in milliseconds. Default: 5,000. */
  readonly ms?: number;
}

/**
 * Calls back in a neutral context and waits for the answer until the deadline. The timer keeps no process alive.
 *
 * @returns What the callback gave.
 * @throws What it threw or rejected with; {@link AuthError} with `ERR_AUTH_TIMEOUT` when it takes too long.
 */
export function callBack<T>({ name, owner, ms }: CallbackOptions, call: () => T | PromiseLike<T>): Promise<T> {
  const deadlineMs = ms ?? CALLBACK_DEADLINE_MS;
  return new Promise<T>((resolve, reject) => {
    const late = () => {
      const message = `option '${name}': the function did not finish within ${Math.round(deadlineMs)} ms. authwire goes on without it.`;
      reject(new AuthError(message, { code: 'ERR_AUTH_TIMEOUT' }));
    };
    const timer = setTimeout(late, deadlineMs);
    (timer as { unref?(): void }).unref?.();
    inNeutralContext(() => runInside(owner, call))
      .then(resolve, reject)
      .finally(() => clearTimeout(timer));
  });
}
