import type { AuthError } from '../errors.ts';
import { chain } from '../lifecycle/promises.ts';
import type { AuthLogger } from '../secrets/debug-sink.ts';
import type { Clock } from './clock.ts';
import { copyToken, type HeldToken } from './held-token.ts';
import * as life from './life.ts';
import { type Lifetime, type LifetimeOptions, measure, measureFresh } from './lifetime.ts';
import { clearedError, deadError, usedError } from './login-errors.ts';
import type { InUse } from './store.ts';
import type { Demand, Token } from './token.ts';
import { TokenListener } from './token-listener.ts';

export interface VaultOptions extends LifetimeOptions {
  readonly clock: Clock;
  readonly log: AuthLogger;
  readonly replayWindowMs: number;
  /** How long a request of somebody else may still be answered. */
  readonly singleUseMs: number;
  readonly check: ((token: Token) => void) | undefined;
  readonly onToken: ((token: Token) => void | Promise<void>) | undefined;
  /** How long `onToken` may keep the callers waiting. */
  readonly callbackMs: number;
  /** Whom callbacks may call back. */
  readonly owner: object;
  /** Told when another token has become the current one, or none. */
  readonly onChange: (current: HeldToken | undefined) => void;
  /** Told once of each time that the store or `onToken` fails. */
  readonly onTrouble: (error: AuthError, nextTryInMs: number) => void;
}

/** The request that is out, and what was known of its refresh token before. */
export interface Outgoing extends life.Presented {
  readonly before: InUse | undefined;
}

/**
 * What we have: the newest life that we know of the login, and the token of it that may be handed out. A token becomes
 * current after it has been kept and the user has been told, in that order. This one keeps it in memory and nowhere else;
 * a store brings its own.
 */
export class TokenVault {
  protected readonly options: VaultOptions;
  protected life: life.Life = life.UNBORN;
  /** The life's token, handed out or not. */
  protected held: HeldToken | undefined;
  protected outgoing: Outgoing | undefined;
  /** Why nobody gets a new token: the login is over. `undefined`: it is not, or somebody else may know more. */
  verdict: AuthError | undefined;
  /** What was begun before this has been overtaken. */
  protected newestOrder = 0;
  protected readonly listener: TokenListener;
  #current: HeldToken | undefined;
  #settling: Promise<void> | undefined;
  #order = 0;

  constructor(options: VaultOptions) {
    this.options = options;
    this.listener = new TokenListener(options);
  }

  /** Takes the first token, of the options. */
  start(token: Token): void {
    const seed = copyToken(token, undefined, token.obtainedAt);
    this.options.check?.(seed);
    this.plant(seed);
  }

  protected plant(seed: Token): void {
    this.life = { ...this.life, token: seed };
    this.hold(seed, undefined, this.reserve());
    this.becomeHeld();
  }

  /** The token that may be handed out, while it lives. */
  get current(): HeldToken | undefined {
    return this.#current;
  }

  /** The newest token, handed out or not: its refresh token is the one that counts. */
  get newest(): HeldToken | undefined {
    return this.held ?? this.#current;
  }

  /** Is there something that the store, or the user, has still to learn? */
  get unsettled(): boolean {
    return this.held !== this.#current || this.listener.waits;
  }

  /** Does what is unsettled wait for a store that is left alone for a while? */
  get blocked(): boolean {
    return false;
  }

  /** The refresh token whose request is out. */
  get presented(): string | undefined {
    return this.outgoing?.refreshToken;
  }

  /** The number for a token that is about to be made: of two, the one asked for later is newer, whichever comes first. */
  reserve(): number {
    this.#order += 1;
    return this.#order;
  }

  /** The token to renew. Its refresh token is left out where it must not be sent again. */
  previous(): Token | undefined | Promise<Token | undefined> {
    const token = this.newest?.token;
    const { refreshToken } = token ?? {};
    if (token === undefined || refreshToken === undefined) return token;
    return chain(this.print(refreshToken), (print) => {
      const may = this.permission(print);
      if (may === 'yes' || may === 'replay') return token;
      this.options.log.debug('refresh token withheld', { reason: may });
      const { refreshToken: _, ...rest } = token;
      return copyToken(rest, undefined, undefined);
    });
  }

  /** Names a refresh token in the life's notes. Memory holds it anyway. */
  protected print(refreshToken: string): string | Promise<string> {
    return refreshToken;
  }

  /** May the refresh token whose answer was lost be sent once more? */
  get mayReplay(): boolean {
    const { inUse } = this.life;
    return inUse !== undefined && this.permission(inUse.fingerprint) === 'replay';
  }

  /** Is a request out whose refresh token is good for once? */
  get singleUse(): boolean {
    return this.outgoing !== undefined && this.life.reusable !== true;
  }

  /**
   * Notes that a refresh token goes out.
   *
   * @param alone - We have the sole right to renew: a request of somebody else that is not answered yet never will be.
   * @returns `false`: somebody else has been faster, start anew.
   * @throws {@link LoginRequiredError} when it is used up, {@link StoreError} when that could not be noted.
   */
  present(refreshToken: string, alone: boolean): boolean | Promise<boolean> {
    return chain(this.print(refreshToken), (print) => {
      return this.outgoing?.print === print || this.send(refreshToken, print, alone);
    }) as boolean | Promise<boolean>;
  }

  protected send(refreshToken: string, print: string, _alone: boolean): boolean | Promise<boolean> {
    this.mark(refreshToken, print, undefined);
    return true;
  }

  protected mark(refreshToken: string, print: string, by: string | undefined): void {
    const may = this.permission(print);
    const before = this.life.inUse;
    if (may === 'used' || may === 'lost') throw usedError(may, before);
    const anchor = refreshToken !== this.life.token?.refreshToken;
    this.outgoing = { print, refreshToken, anchor, before };
    if (this.life.reusable !== true) this.life = life.sent(this.life, print, this.options.clock.now(), by);
  }

  protected permission(print: string): life.Permission {
    return life.permission(this.life, print, this.options.clock.now(), this.options.replayWindowMs);
  }

  /** The request has failed without using its refresh token. */
  unsent(): void {
    const { outgoing } = this;
    this.outgoing = undefined;
    if (outgoing !== undefined && this.life.inUse?.fingerprint === outgoing.print) this.takeBack(outgoing);
  }

  protected takeBack({ before }: Outgoing): void {
    this.life = life.unsent(this.life, before);
  }

  /** The answer is lost: the mark of its request stays, and keeps the refresh token from being sent again. */
  lost(): void {
    this.outgoing = undefined;
  }

  /**
   * The server has ended the login. Nobody asks again until there is another token.
   *
   * @returns What everybody hears from now on.
   */
  async died(cause: unknown): Promise<AuthError> {
    const { outgoing } = this;
    const verdict = deadError(cause);
    this.outgoing = undefined;
    if (outgoing === undefined) return this.verdict ?? verdict;
    this.life = life.died(this.life, this.options.clock.now(), outgoing);
    this.verdict = verdict;
    this.held = this.#current;
    this.changed();
    await this.flush();
    return this.verdict ?? verdict;
  }

  /** Takes a token that the source has made, unless it has been overtaken. It is current once it is settled. */
  take(answer: Token, previous: Token | undefined, order: number, demand: Demand | undefined): void {
    const { clock, log, check } = this.options;
    if (order < this.newestOrder) {
      log.debug('late token dropped', { generation: order });
      return;
    }
    const token = copyToken(answer, previous, clock.now());
    check?.(token);
    this.newestOrder = order;
    this.life = life.made(this.life, token, this.outgoing);
    this.outgoing = undefined;
    this.verdict = undefined;
    this.hold(token, demand, order, measureFresh(token, clock, this.options));
    this.changed();
    this.listener.announce(token);
  }

  /** Takes a token from the user. Nobody gets the former one any more. */
  give(token: Token): void {
    const copy = copyToken(token, undefined, token.obtainedAt);
    this.options.check?.(copy);
    this.life = life.given(this.life, copy);
    this.begin(copy);
    this.given(copy);
  }

  protected given(_token: Token): void {
    this.becomeHeld();
  }

  protected begin(token: Token | undefined): void {
    this.newestOrder = this.reserve();
    this.outgoing = undefined;
    this.verdict = undefined;
    this.listener.drop();
    this.changed();
    this.held = undefined;
    if (token !== undefined) this.hold(token, undefined, this.newestOrder);
    this.become(undefined);
  }

  /** The life is another one. Memory knows. */
  protected changed(): void {}

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
    this.lost();
  }

  async #settle(): Promise<void> {
    const { held } = this;
    await this.keep();
    if (this.held === held) await this.listener.tell();
    if (this.held === held) this.becomeHeld();
  }

  /** Puts the life where it outlives this object. */
  protected async keep(): Promise<void> {}

  /**
   * Learns what others have made of the login.
   *
   * @throws {@link StoreError}
   */
  async look(): Promise<void> {}

  /** Leaves a tombstone. */
  async clear(refreshToken: string | undefined = this.life.token?.refreshToken): Promise<void> {
    const { clock } = this.options;
    const before = this.life;
    this.life = life.cleared(before, clock.now(), undefined);
    this.begin(undefined);
    this.verdict = clearedError();
    const tombstone = this.life;
    if (refreshToken === undefined) return;
    const print = await this.print(refreshToken);
    if (this.life === tombstone) this.life = life.cleared(before, clock.now(), { print, anchor: false });
  }

  /** The user wants to log in again after all. */
  revive(): void {
    this.verdict = undefined;
  }

  /** Drops what memory holds. There is no way back. */
  forget(): void {
    this.life = life.UNBORN;
    this.outgoing = undefined;
    this.newestOrder = this.reserve();
    this.held = undefined;
    this.listener.drop();
    this.become(undefined);
  }

  protected becomeHeld(): void {
    if (this.held !== this.#current) this.become(this.held);
  }

  protected become(held: HeldToken | undefined): void {
    this.#current = held;
    this.options.onChange(held);
  }

  protected hold(token: Token, demand: Demand | undefined, order: number, lifetime?: Lifetime): void {
    const { clock } = this.options;
    const until = lifetime ?? measure(token, clock, this.options);
    this.held = { token, demand, generation: order, since: clock.monotonic(), ...until };
  }
}
