import { callBack } from '../callbacks.ts';
import { type AuthError, isAuthError } from '../errors.ts';
import { isPromise } from '../lifecycle/promises.ts';
import type { CacheSettings } from './settings.ts';
import type { RenewalFailure } from './token-cache-options.ts';

/**
 * Calls `onRenewalFailed`. It may sign in and set a token, so callers wait for it a little; once it has hung, they no longer
 * do until it comes back.
 */
export class FailureListener {
  readonly #settings: CacheSettings;
  #hangs = false;

  constructor(settings: CacheSettings) {
    this.#settings = settings;
  }

  /** @returns What to wait for; `undefined`: nothing. Never rejects. */
  tell(error: AuthError, failure: RenewalFailure): Promise<void> | undefined {
    const { onRenewalFailed, owner, callbackMs: ms } = this.#settings;
    if (onRenewalFailed === undefined) return undefined;
    let told: unknown;
    let over = false;
    const called = callBack({ name: 'onRenewalFailed', owner, ms }, () => {
      told = onRenewalFailed(error, failure);
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
