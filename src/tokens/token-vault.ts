import type { AuthError } from '../errors.ts';
import { chain } from '../lifecycle/promises.ts';
import { copyToken, type HeldToken } from './held-token.ts';
import { type Lifetime, measure, measureFresh } from './lifetime.ts';
import { clearedError } from './login-errors.ts';
import type { CacheSettings } from './settings.ts';
import type { Demand, Token } from './token.ts';
import { TokenListener } from './token-listener.ts';

/** Who is told of what becomes of the vault's token. */
export interface VaultHost {
  /** Another token has become the current one, or none. */
  changed(current: HeldToken | undefined): void;
  /** Told once of each time that the store or `onToken` fails. */
  troubled(error: AuthError, nextTryInMs: number): void;
}

export interface VaultSettings extends CacheSettings {
  readonly host: VaultHost;
}

/**
 * What we have: the newest token, and the token that may be handed out. A token becomes current after it has been kept and the
 * user has been told, in that order. This one keeps it in memory, and gives no refresh token to the source: a source that
 * sends them, and a store, bring a vault that knows their life.
 */
export class TokenVault {
  protected readonly settings: VaultSettings;
  /** The newest token, handed out or not. */
  protected held: HeldToken | undefined;
  /** Why nobody gets a new token: the login is over. `undefined`: it is not, or somebody else may know more. */
  verdict: AuthError | undefined;
  /** What was begun before this has been overtaken. */
  protected newestOrder = 0;
  protected readonly listener: TokenListener;
  /** The current token, unless it is just being replaced because a server has refused it. */
  ready: HeldToken | undefined;
  #current: HeldToken | undefined;
  #settling: Promise<void> | undefined;
  #order = 0;

  constructor(settings: VaultSettings) {
    this.settings = settings;
    this.listener = new TokenListener(settings);
  }

  /** Takes the first token, of the options. */
  start(token: Token): void {
    this.plant(this.copy(token));
  }

  protected plant(seed: Token): void {
    this.hold(seed, undefined, this.reserve());
    this.becomeHeld();
  }

  /** The token that may be handed out, while it lives. */
  get current(): HeldToken | undefined {
    return this.#current;
  }

  /** The newest token, handed out or not: its refresh token counts. */
  get newest(): HeldToken | undefined {
    return this.held ?? this.#current;
  }

  /** Is there something that the store, or the user, has still to learn? */
  get unsettled(): boolean {
    return this.held !== this.#current || this.listener.waits;
  }

  /** May others be asked for a token where the source gives none, or none that is better? */
  mayLook(): boolean {
    return false;
  }

  /** Does what is unsettled wait for a store that is left alone for a while? */
  get blocked(): boolean {
    return false;
  }

  /** The number for a token that is about to be made: of two, the one asked for later is newer, whichever comes first. */
  reserve(): number {
    this.#order += 1;
    return this.#order;
  }

  /** The token to renew. Its refresh token is left out where it must not be sent. */
  previous(): Token | undefined | Promise<Token | undefined> {
    const token = this.newest?.token;
    if (token?.refreshToken === undefined) return token;
    return chain(this.withholds(token.refreshToken), (reason) => {
      if (reason === undefined) return token;
      this.settings.log.debug('refresh token withheld', { reason });
      const { refreshToken: _, ...rest } = token;
      return copyToken(rest);
    });
  }

  /** Why the source does not get a refresh token; `undefined`: it does. */
  protected withholds(_refreshToken: string): string | undefined | Promise<string | undefined> {
    return 'undeclared';
  }

  /** The request has failed. */
  failed(_sent: boolean): void {}

  /** Takes a token that the source has made, unless it has been overtaken. It is current once it is settled. */
  take(answer: Token, previous: Token | undefined, order: number, demand: Demand | undefined): void {
    const { clock, log } = this.settings;
    if (order < this.newestOrder) {
      log.debug('late token dropped', { generation: order });
      return;
    }
    const token = this.copy(answer, previous, clock.now());
    this.newestOrder = order;
    this.verdict = undefined;
    this.made(token);
    this.hold(token, demand, order, measureFresh(token, clock, this.settings));
    this.listener.announce(token);
  }

  protected made(_token: Token): void {}

  /** Takes a token from the user. Nobody gets the former one any more. */
  give(token: Token): void {
    const copy = this.copy(token);
    this.begin(copy);
    this.given(copy);
  }

  protected given(_token: Token): void {
    this.becomeHeld();
  }

  protected begin(token: Token | undefined): void {
    this.newestOrder = this.reserve();
    this.verdict = undefined;
    this.listener.drop();
    this.held = undefined;
    if (token !== undefined) this.hold(token, undefined, this.newestOrder);
    this.become(undefined);
  }

  /**
   * Keeps what is not kept, and tells the user. What fails is tried again the next time.
   *
   * @throws {@link StoreError} where a refresh token would be lost, or the user's own token.
   */
  async settle(): Promise<void> {
    // What was begun for an older state leaves the newer one to us.
    while (this.#settling !== undefined) await this.#settling.catch(() => undefined);
    if (!this.unsettled) return;
    const settling = this.#settle().finally(() => {
      if (this.#settling === settling) this.#settling = undefined;
    });
    this.#settling = settling;
    await settling;
  }

  /** The same, for what nobody waits for. */
  async flush(): Promise<void> {
    await this.settle().catch(() => undefined);
  }

  /** The renewal at work was given up: nothing waits for it. */
  abandon(): void {
    this.#settling = undefined;
  }

  async #settle(): Promise<void> {
    const { held } = this;
    await this.keep();
    if (this.held === held) await this.listener.tell();
    if (this.held === held) this.becomeHeld();
  }

  /** Puts the token where it outlives this object. */
  protected async keep(): Promise<void> {}

  /**
   * Learns what others have made of the login.
   *
   * @throws {@link StoreError}
   */
  async look(): Promise<void> {}

  /** Logs out. */
  async clear(): Promise<void> {
    this.begin(undefined);
    this.verdict = clearedError();
  }

  /** The user wants to log in again after all. */
  revive(): void {
    this.verdict = undefined;
  }

  /** Drops what memory holds. There is no way back. */
  forget(): void {
    this.begin(undefined);
  }

  protected becomeHeld(): void {
    if (this.held !== this.#current) this.become(this.held);
  }

  protected become(held: HeldToken | undefined): void {
    this.#current = held;
    this.ready = held;
    this.settings.host.changed(held);
  }

  protected copy(token: Token, previous?: Token, obtainedAt?: number): Token {
    const copy = copyToken(token, previous, obtainedAt);
    this.settings.check?.(copy);
    return copy;
  }

  protected hold(token: Token, demand: Demand | undefined, order: number, lifetime?: Lifetime): void {
    const { clock } = this.settings;
    const until = lifetime ?? measure(token, clock, this.settings);
    this.held = { token, demand, generation: order, since: clock.monotonic(), ...until };
  }
}
