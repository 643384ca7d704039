import { callBack } from '../callbacks.ts';
import { isAuthError, StoreError } from '../errors.ts';
import { withSafeCause } from '../secrets/safe-cause.ts';
import type { Instant } from './clock.ts';
import type { Token } from './token.ts';
import type { VaultSettings } from './token-vault.ts';

/** How long `onToken` is left alone after it has failed, in milliseconds. */
const REST_MS = 1000;

/**
 * Calls `onToken` with each new token. When it fails or hangs, the token is used all the same, and `onToken` is called again
 * later.
 */
export class TokenListener {
  readonly #settings: VaultSettings;
  #untold: Token | undefined;
  #restUntil: Instant | undefined;

  constructor(settings: VaultSettings) {
    this.#settings = settings;
  }

  /** Has `onToken` still to hear of a token? */
  get waits(): boolean {
    return this.#untold !== undefined;
  }

  /** The next call of {@link TokenListener.tell} is about this token. */
  announce(token: Token): void {
    if (this.#settings.onToken !== undefined) this.#untold = token;
  }

  /** The token was overtaken. */
  drop(): void {
    this.#untold = undefined;
  }

  async tell(): Promise<void> {
    const { onToken, callbackMs: ms, owner, log, clock, host } = this.#settings;
    const token = this.#untold;
    if (onToken === undefined || token === undefined) return;
    if (this.#restUntil !== undefined && !clock.reached(this.#restUntil)) return;
    try {
      await callBack({ name: 'onToken', owner, ms }, () => onToken(token));
      if (this.#untold === token) this.#untold = undefined;
      this.#restUntil = undefined;
    } catch (cause) {
      log.debug('onToken failed', { reason: isAuthError(cause) ? cause.code : 'threw' });
      const first = this.#restUntil === undefined;
      this.#restUntil = clock.after(REST_MS);
      const message = 'onToken failed. The new token is used and kept; onToken is called again later.';
      if (first) host.troubled(withSafeCause(new StoreError(message, { cause })), 0);
    }
  }
}
