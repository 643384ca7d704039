import { isAuthError, StoreError } from '../errors.ts';
import type { AuthLogger } from '../logging/auth-logger.ts';
import { withSafeCause } from '../logging/safe-cause.ts';
import type { Clock } from './clock.ts';
import { copyToken, type HeldToken } from './held-token.ts';
import { type Lifetime, type LifetimeOptions, measure, measureFresh } from './lifetime.ts';
import type { StoredToken } from './store.ts';
import type { StoreSlot } from './store-slot.ts';
import type { Demand, Token } from './token.ts';

export interface VaultOptions extends LifetimeOptions {
  readonly clock: Clock;
  readonly slot: StoreSlot;
  readonly log: AuthLogger;
  readonly token: Token | undefined;
  readonly check: ((token: Token) => void) | undefined;
  readonly onToken: ((token: Token) => void | Promise<void>) | undefined;
  /** Told when another token has become the current one, or none. */
  readonly onChange: (current: HeldToken | undefined) => void;
}

/** A token on its way to becoming the current one. */
interface PendingToken {
  readonly held: HeldToken;
  /** The user gave it, who knows it already and wants it whatever stands in the store. */
  readonly given: boolean;
  committed: boolean;
  settling?: Promise<void>;
}

/**
 * What we have: the current token, which is committed to the store, and at most one newer that is not. A token becomes
 * current after it has been committed and the user has been told, in that order, so nothing is used that could be lost.
 */
export class TokenVault {
  readonly #options: VaultOptions;
  #current: HeldToken | undefined;
  #pending: PendingToken | undefined;
  #seed: Token | undefined;
  #generations = 0;
  /** What is older than this generation has been overtaken. */
  #newest = 0;

  constructor(options: VaultOptions) {
    this.#options = options;
    const { token, slot, check, clock } = options;
    if (token === undefined) return;
    const seed = copyToken(token, undefined, token.obtainedAt);
    check?.(seed);
    if (slot.exists) this.#seed = seed;
    else this.#current = this.#hold(seed, undefined, this.reserve(), measure(seed, clock, options));
  }

  /** The token that may be handed out, while it lives. */
  get current(): HeldToken | undefined {
    return this.#current;
  }

  /** The newest token, handed out or not: its refresh token is the one that counts. */
  get newest(): HeldToken | undefined {
    return this.#pending?.held ?? this.#current;
  }

  get unsettled(): boolean {
    return this.#pending !== undefined;
  }

  /** The number for a token that is about to be made: of two, the one asked for later is newer, whichever comes first. */
  reserve(): number {
    this.#generations += 1;
    return this.#generations;
  }

  /** Takes a token that the source has made, unless it has been overtaken. It is current once it is settled. */
  take(answer: Token, previous: Token | undefined, generation: number, demand: Demand | undefined): void {
    if (generation < this.#newest) {
      this.#options.log.debug('late token dropped', { generation });
      return;
    }
    const token = copyToken(answer, previous, this.#options.clock.now());
    this.#options.check?.(token);
    this.#newest = generation;
    const lifetime = measureFresh(token, this.#options.clock, this.#options);
    this.#pending = { held: this.#hold(token, demand, generation, lifetime), given: false, committed: false };
  }

  /** Takes a token from the user. Nobody gets the former one any more. */
  give(given: Token): void {
    const { clock, check } = this.#options;
    const token = copyToken(given, undefined, given.obtainedAt);
    check?.(token);
    this.forget();
    const held = this.#hold(token, undefined, this.#newest, measure(token, clock, this.#options));
    this.#pending = { held, given: true, committed: false };
    if (!this.#options.slot.exists) this.#settled(this.#pending);
  }

  /**
   * Commits the pending token and tells the user. What fails is tried again the next time.
   *
   * @throws {@link StoreError}
   */
  async settle(): Promise<void> {
    const pending = this.#pending;
    if (pending === undefined) return;
    pending.settling ??= this.#settle(pending).finally(() => {
      delete pending.settling;
    });
    await pending.settling;
  }

  async #settle(pending: PendingToken): Promise<void> {
    const { slot, onToken } = this.#options;
    const { token } = pending.held;
    if (!pending.committed && slot.exists) {
      const result = await slot.commit(token, pending.given);
      if (this.#pending !== pending) return;
      if (!result.ok && result.current?.token?.accessToken !== token.accessToken) return this.#adopt(result.current);
    }
    pending.committed = true;
    if (onToken !== undefined && !pending.given) await tell(onToken, token);
    if (this.#pending === pending) this.#settled(pending);
  }

  #settled(pending: PendingToken): void {
    this.#pending = undefined;
    this.#become(pending.held);
  }

  /**
   * Looks into the store: what somebody else has put there is newer than what we have, and what somebody else has
   * deleted is gone.
   *
   * @throws {@link StoreError}
   */
  async look(): Promise<void> {
    const { stored, changed } = await this.#options.slot.read();
    if (this.#pending?.given === true) return;
    const seed = this.#seed;
    this.#seed = undefined;
    if (changed) this.#adopt(stored);
    else if (seed !== undefined && this.newest === undefined) {
      this.#become(this.#hold(seed, undefined, this.reserve(), measure(seed, this.#options.clock, this.#options)));
    }
  }

  /** A stored token that cannot be used counts as none; the next one takes its place. */
  #adopt(stored: StoredToken | undefined): void {
    const { clock, check, log } = this.#options;
    const former = this.#current;
    this.forget();
    if (stored?.token === undefined) return;
    try {
      const token = copyToken(stored.token, undefined, stored.token.obtainedAt);
      check?.(token);
      const demand = token.accessToken === former?.token.accessToken ? former.demand : undefined;
      this.#become(this.#hold(token, demand, this.#newest, measure(token, clock, this.#options)));
      log.debug('adopted from the store', { generation: this.#newest });
    } catch (error) {
      log.debug('the stored token cannot be used', { reason: isAuthError(error) ? error.message : 'unreadable' });
    }
  }

  /** Deletes the token here, and the version that we know in the store. */
  async clear(): Promise<void> {
    this.#seed = undefined;
    this.forget();
    await this.#options.slot.delete();
  }

  /** Drops what we have, and what is still being made. */
  forget(): void {
    this.#newest = this.reserve();
    this.#pending = undefined;
    this.#become(undefined);
  }

  #become(held: HeldToken | undefined): void {
    this.#current = held;
    this.#options.onChange(held);
  }

  #hold(token: Token, demand: Demand | undefined, generation: number, lifetime: Lifetime): HeldToken {
    return { token, demand, generation, since: this.#options.clock.monotonic(), ...lifetime };
  }
}

async function tell(onToken: (token: Token) => void | Promise<void>, token: Token): Promise<void> {
  try {
    await onToken(token);
  } catch (cause) {
    const message = 'onToken failed. The new token is kept; onToken is called again before it is used.';
    throw withSafeCause(new StoreError(message, { cause }));
  }
}
