import { CALLBACK_DEADLINE_MS, callBack } from '../callbacks.ts';
import { type AuthError, isAuthError } from '../errors.ts';
import { isPromise } from '../lifecycle/promises.ts';
import type { RenewalFailure, TokenCacheOptions } from './token-cache-options.ts';

/** How long a callback may keep callers waiting, in milliseconds: never longer than half of their own deadline. */
export function callbackMs(deadlineMs: number): number {
  return Math.min(CALLBACK_DEADLINE_MS, deadlineMs / 2);
}

/**
 * Calls `onRenewalFailed`. It may sign in and set a token, so callers wait for it a little; once it has hung, they no longer
 * do until it comes back.
 */
export class FailureListener {
  readonly #call: TokenCacheOptions['onRenewalFailed'];
  readonly #owner: object;
  readonly #ms: number;
  #hangs = false;

  /**
   * @param owner - Whom it may call back.
   * @param ms - How long callers wait for it.
   */
  constructor(call: TokenCacheOptions['onRenewalFailed'], owner: object, ms: number) {
    this.#call = call;
    this.#owner = owner;
    this.#ms = ms;
  }

  /** @returns What to wait for; `undefined`: nothing. Never rejects. */
  tell(error: AuthError, failure: RenewalFailure): Promise<void> | undefined {
    const listener = this.#call;
    if (listener === undefined) return undefined;
    let told: unknown;
    let over = false;
    const called = callBack({ name: 'onRenewalFailed', owner: this.#owner, ms: this.#ms }, () => {
      told = listener(error, failure);
      return told;
    }).then(noop, (cause: unknown) => {
      this.#hangs = !over && isAuthError(cause) && cause.code === 'ERR_AUTH_TIMEOUT';
    });
    if (!isThenable(told) || this.#hangs) return undefined;
    void Promise.resolve(told)
      .then(noop, noop)
      .then(() => {
        over = true;
        this.#hangs = false;
      });
    return called;
  }
}

/** Reading `then` may throw. */
function isThenable(value: unknown): boolean {
  try {
    return isPromise(value);
  } catch {
    return false;
  }
}

function noop(): void {}
