import { callBack } from '../callbacks.ts';
import { type AuthError, isAuthError, type LoginRequiredError, StoreError } from '../errors.ts';
import { chain } from '../lifecycle/promises.ts';
import type { AuthLogger } from '../secrets/debug-sink.ts';
import { withSafeCause } from '../secrets/safe-cause.ts';
import type { Clock, Instant } from './clock.ts';
import { base64url, fingerprint } from './fingerprint.ts';
import { copyToken, type HeldToken } from './held-token.ts';
import * as life from './life.ts';
import { type Lifetime, type LifetimeOptions, measure, measureFresh } from './lifetime.ts';
import { busyError, clearedError, deadError, usedError } from './login-errors.ts';
import type { InUse, StoredToken } from './store.ts';
import type { StoreRest } from './store-rest.ts';
import type { StoreSlot } from './store-slot.ts';
import type { Demand, Token } from './token.ts';
import { secureRandom } from './token-cache-options.ts';

export interface VaultOptions extends LifetimeOptions {
  readonly clock: Clock;
  readonly slot: StoreSlot;
  readonly rest: StoreRest;
  readonly log: AuthLogger;
  readonly replayWindowMs: number;
  /** How long a request of somebody else may still be answered. */
  readonly singleUseMs: number;
  readonly token: Token | undefined;
  readonly check: ((token: Token) => void) | undefined;
  readonly onToken: ((token: Token) => void | Promise<void>) | undefined;
  /** How long `onToken` may keep the callers waiting. */
  readonly callbackMs: number;
  /** Whom callbacks may call back. */
  readonly owner: object;
  /** Told when another token has become the current one, or none. */
  readonly onChange: (current: HeldToken | undefined) => void;
  /** Told once of each time that the store or `onToken` fails. */
  readonly onTrouble: (error: AuthError) => void;
}

/** How often a write starts anew because somebody else is faster each time. */
const MAX_WRITES = 5;

/**
 * What we have: the newest life that we know of the login, and the token of it that may be handed out. A token becomes
 * current after it has been committed and the user has been told, in that order. A store that fails stands in the way of a
 * token only where a refresh token would be lost with this process.
 */
export class TokenVault {
  readonly #options: VaultOptions;
  readonly #name = uniqueName();
  #life: life.Life = life.UNBORN;
  /** The life's token, handed out or not. */
  #held: HeldToken | undefined;
  #current: HeldToken | undefined;
  #seed: Token | undefined;
  /** Has the store not got the life yet? */
  #dirty = false;
  /** The user gave the token, or wants none, whatever stands in the store. */
  #overrides = false;
  /** The given refresh token, by which we know whether somebody else has it already. */
  #givenPrint: string | undefined;
  #untold: Token | undefined;
  #untoldUntil: Instant | undefined;
  #doubtsNote = false;
  #settling: Promise<void> | undefined;
  #catchingUp: ReturnType<typeof setTimeout> | undefined;
  #order = 0;
  /** What was begun before this has been overtaken. */
  #newest = 0;
  /** The last note of ours whose request has really gone out and was not answered. */
  #sentNote: InUse | undefined;
  /** Bound to the request that is out. */
  #presented: (life.Presented & { readonly before: InUse | undefined }) | undefined;
  #verdict: AuthError | undefined;

  constructor(options: VaultOptions) {
    this.#options = options;
    const { token, slot, check, clock } = options;
    if (token === undefined) return;
    const seed = copyToken(token, undefined, token.obtainedAt);
    check?.(seed);
    if (slot.exists) this.#seed = seed;
    else this.#plant(seed, measure(seed, clock, options));
  }

  /** The token that may be handed out, while it lives. */
  get current(): HeldToken | undefined {
    return this.#current;
  }

  /** The newest token, handed out or not: its refresh token is the one that counts. */
  get newest(): HeldToken | undefined {
    return this.#held ?? this.#current;
  }

  /** Is there something that the store, or the user, has still to learn? */
  get unsettled(): boolean {
    return this.#held !== this.#current || this.#dirty || this.#untold !== undefined;
  }

  /** Why nobody gets a new token: the login is over. `undefined`: it is not, or somebody else may know more. */
  get verdict(): AuthError | undefined {
    return this.#verdict;
  }

  /** Would a refresh token be lost if this process ended now? */
  get rotating(): boolean {
    return this.#life.token?.refreshToken !== undefined && this.#life.reusable !== true;
  }

  /** The refresh token whose request is out. */
  get presented(): string | undefined {
    return this.#presented?.refreshToken;
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
    return chain(fingerprint(refreshToken), (print) => {
      const may = this.#permission(print);
      if (may === 'yes' || may === 'replay') return token;
      this.#options.log.debug('refresh token withheld', { reason: may });
      return withoutRefreshToken(token);
    });
  }

  /** Somebody else's request with our refresh token is out, or its answer is lost. */
  get usedByOther(): InUse | undefined {
    const { inUse, reusable } = this.#life;
    return reusable === true || inUse === undefined || inUse.by === this.#name ? undefined : inUse;
  }

  /** May the refresh token whose answer was lost be sent once more? */
  get mayReplay(): boolean {
    const { inUse } = this.#life;
    return inUse !== undefined && this.#permission(inUse.fingerprint) === 'replay';
  }

  /** Is a request out whose refresh token is good for once? */
  get singleUse(): boolean {
    return this.#presented !== undefined && this.#life.reusable !== true;
  }

  /**
   * Notes that a refresh token goes out.
   *
   * @param alone - We have the sole right to renew: a request of somebody else that is not answered yet never will be.
   * @returns `false`: somebody else has been faster, start anew.
   * @throws {@link LoginRequiredError} when it is used up, {@link StoreError} when that could not be noted.
   */
  present(refreshToken: string, alone: boolean): true | Promise<boolean> {
    const present = (print: string) => this.#present(refreshToken, print, alone);
    return chain(fingerprint(refreshToken), present) as true | Promise<boolean>;
  }

  #present(refreshToken: string, print: string, alone: boolean): boolean | Promise<boolean> {
    if (this.#presented?.print === print) return true;
    const { clock, slot } = this.#options;
    const may = this.#permission(print);
    const { usedByOther } = this;
    const underWay = usedByOther?.fingerprint === print && clock.now() - usedByOther.at < this.#options.singleUseMs;
    if (!alone && underWay) throw busyError(usedByOther);
    if (may === 'used' || may === 'lost') throw usedError(may, this.#life.inUse);
    const before = this.#life.inUse;
    const anchor = refreshToken !== this.#life.token?.refreshToken;
    this.#presented = { print, refreshToken, anchor, before };
    if (this.#life.reusable === true) return true;
    const held = this.#life;
    this.#life = life.sent(held, print, clock.now(), this.#name);
    return slot.exists ? this.#note(held) : true;
  }

  async #note(held: life.Life): Promise<boolean> {
    const presented = this.#presented;
    const noted = this.#life;
    try {
      await this.#commit();
    } catch (error) {
      if (this.#presented === presented) this.#presented = undefined;
      if (life.isSameUse(this.#life.inUse, noted.inUse)) this.#life = life.unnoted(this.#life, held.inUse);
      // It may stand there nevertheless, where it keeps everybody else from renewing.
      this.#doubtsNote = true;
      this.trouble(error as AuthError);
      throw error;
    }
    // Whatever has overtaken us has taken it away.
    if (this.#presented !== presented) return false;
    this.#sentNote = this.#life.inUse;
    return true;
  }

  /** What stood there before a note whose request never went out: an earlier one of ours, or of somebody else. */
  #sentBefore(note: InUse | undefined): InUse | undefined {
    return this.#sentNote?.fingerprint === note?.fingerprint ? this.#sentNote : note && life.predecessor(note);
  }

  #permission(print: string): life.Permission {
    return life.permission(this.#life, print, this.#options.clock.now(), this.#options.replayWindowMs);
  }

  /** The request has failed without using its refresh token. */
  unsent(): void {
    const presented = this.#presented;
    this.#presented = undefined;
    if (presented === undefined || this.#life.inUse?.fingerprint !== presented.print) return;
    if (!life.isSameUse(this.#life.inUse, this.#sentNote)) {
      // It is just being noted, and may never be: generations grow with what is written.
      this.#life = life.unnoted(this.#life, presented.before);
      return;
    }
    this.#life = life.unsent(this.#life, presented.before);
    this.#sentNote = presented.before;
    this.#markDirty();
  }

  /** The answer is lost: the mark of its request stays, and keeps the refresh token from being sent again. */
  lost(): void {
    this.#presented = undefined;
  }

  /**
   * The server has ended the login. Nobody asks again until there is another token.
   *
   * @returns What everybody hears from now on.
   */
  async died(cause: unknown): Promise<AuthError> {
    const presented = this.#presented;
    const verdict = deadError(cause);
    this.#presented = undefined;
    if (presented === undefined) return this.#verdict ?? verdict;
    this.#life = life.died(this.#life, this.#options.clock.now(), presented);
    this.#verdict = verdict;
    this.#held = this.#current;
    this.#markDirty();
    await this.flush();
    return this.#verdict ?? verdict;
  }

  /** Takes a token that the source has made, unless it has been overtaken. It is current once it is settled. */
  take(answer: Token, previous: Token | undefined, order: number, demand: Demand | undefined): void {
    const presented = this.#presented;
    if (order < this.#newest) {
      this.#options.log.debug('late token dropped', { generation: order });
      return;
    }
    const token = copyToken(answer, previous, this.#options.clock.now());
    this.#options.check?.(token);
    this.#newest = order;
    this.#presented = undefined;
    this.#verdict = undefined;
    this.#life = life.made(this.#life, token, presented);
    this.#held = this.#hold(token, demand, order, measureFresh(token, this.#options.clock, this.#options));
    this.#markDirty();
    if (this.#options.onToken !== undefined) this.#untold = token;
  }

  /** Takes a token from the user. Nobody gets the former one any more. */
  give(token: Token): void {
    const copy = copyToken(token, undefined, token.obtainedAt);
    this.#options.check?.(copy);
    this.#life = life.given(this.#life, copy);
    this.#begin(copy);
    this.#overrides = true;
    this.#givenPrint = undefined;
    const { refreshToken } = copy;
    if (refreshToken !== undefined) {
      void chain(fingerprint(refreshToken), (print) => {
        this.#givenPrint = print;
      });
    }
    if (!this.#options.slot.exists) this.#becomeHeld();
  }

  #begin(token: Token | undefined): void {
    this.#newest = this.reserve();
    this.#presented = undefined;
    this.#verdict = undefined;
    this.#seed = undefined;
    this.#untold = undefined;
    this.#markDirty();
    this.#held =
      token && this.#hold(token, undefined, this.#newest, measure(token, this.#options.clock, this.#options));
    this.#become(undefined);
  }

  /**
   * Commits what the store does not know, and tells the user. What fails is tried again the next time.
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

  /** Whoever was at work has been given up: nobody waits for it. */
  abandon(): void {
    this.#settling = undefined;
    this.lost();
  }

  async #settle(): Promise<void> {
    const { slot, rest } = this.#options;
    const held = this.#held;
    if (this.#dirty && slot.exists && (this.rotating || this.#overrides || !rest.lasts)) {
      if (rest.error !== undefined) throw rest.error;
      try {
        await this.#commit();
      } catch (error) {
        this.trouble(error as AuthError);
        if (this.rotating || this.#overrides) throw error;
      }
    }
    if (this.#untold !== undefined && this.#held === held) await this.#tell(this.#untold);
    if (this.#held === held) this.#becomeHeld();
  }

  /** What `onToken` does to itself, it does to nobody else: the token is used, and `onToken` hears of it again later. */
  async #tell(token: Token): Promise<void> {
    const { onToken, callbackMs, owner, log } = this.#options;
    if (onToken === undefined || (this.#untoldUntil !== undefined && !this.#options.clock.reached(this.#untoldUntil)))
      return;
    try {
      await callBack({ name: 'onToken', owner, ms: callbackMs }, () => onToken(token));
      if (this.#untold === token) this.#untold = undefined;
      this.#untoldUntil = undefined;
    } catch (cause) {
      log.debug('onToken failed', { reason: isAuthError(cause) ? cause.code : 'threw' });
      const first = this.#untoldUntil === undefined;
      this.#untoldUntil = this.#options.clock.after(UNTOLD_REST_MS);
      const message = 'onToken failed. The new token is used and kept; onToken is called again later.';
      if (first) this.#options.onTrouble(withSafeCause(new StoreError(message, { cause })));
    }
  }

  /**
   * Brings memory and store together: the newer one of the two wins, and a store that has lost something gets it back.
   *
   * @throws {@link StoreError}
   */
  async look(): Promise<void> {
    const { slot, rest } = this.#options;
    const stored = await slot.read();
    rest.end();
    this.#doubtsNote = false;
    const seed = this.#seed;
    this.#seed = undefined;
    const theirs = this.#readLife(stored);
    const isNews = this.#life === life.UNBORN || (theirs !== undefined && life.isNewer(theirs, this.#life));
    if (theirs !== undefined && !this.#overrules(theirs) && isNews) this.#adopt(theirs);
    else this.#keep(theirs);
    if (seed !== undefined && this.newest === undefined && this.#life === life.UNBORN) {
      this.#plant(seed, measure(seed, this.#options.clock, this.#options));
    }
    if (this.#dirty) await this.flush();
  }

  /** Ours is as new as the store's, or newer: then the store has lost it. */
  #keep(theirs: life.Life | undefined): void {
    if (this.#life === life.UNBORN) return;
    if (theirs !== undefined && theirs.generation === this.#life.generation) return;
    if (theirs !== undefined) this.#life = life.outlived(this.#life, theirs);
    this.#markDirty();
  }

  /** Writes our life over what is older; takes over what is newer. */
  async #commit(): Promise<void> {
    const { slot, rest } = this.#options;
    for (let left = MAX_WRITES; left > 0; left -= 1) {
      const mine = this.#life;
      const result = await slot.write(mine);
      rest.end();
      const theirs = result.ok ? mine : this.#readLife(result.current);
      if (this.#life === mine && (result.ok || (theirs !== undefined && isWritten(theirs, mine)))) {
        this.#dirty = false;
        this.#overrides = false;
        return;
      }
      if (result.ok && this.#life.generation <= mine.generation) {
        // What has come between must not be older than what has just been written.
        this.#life = { ...this.#life, generation: mine.generation + 1 };
      }
      if (theirs === undefined || result.ok) continue;
      if (this.#overrules(theirs)) {
        this.#life = life.overriding(this.#life, theirs);
      } else if (life.isNewer(theirs, this.#life)) {
        this.#adopt(theirs);
        return;
      } else {
        this.#life = life.outlived(this.#life, theirs);
      }
    }
    throw new StoreError('The token store was written by somebody else each time a token was to be committed.');
  }

  /** Does what the user wants count more than that? Not where others have got it already and gone on from it. */
  #overrules(theirs: life.Life): boolean {
    if (!this.#overrides) return false;
    const print = this.#givenPrint;
    if (print === undefined || life.permission(theirs, print, 0, 0) === 'yes') return !life.isSame(theirs, this.#life);
    return theirs.reusable === true;
  }

  #adopt(theirs: life.Life): void {
    const { clock, log } = this.#options;
    const former = this.#current;
    const hadToken = this.newest !== undefined || this.#verdict !== undefined;
    this.#life = life.adopted(theirs, this.#life);
    // A note of ours that we took for not written: its request never went out.
    const ownNote = theirs.inUse?.by === this.#name && !life.isSameUse(theirs.inUse, this.#sentNote);
    if (ownNote) this.#life = life.unsent(this.#life, this.#sentBefore(theirs.inUse));
    this.#dirty = ownNote;
    this.#overrides = false;
    this.#presented = undefined;
    this.#untold = undefined;
    this.#newest = this.reserve();
    this.#verdict = hadToken ? verdictOf(theirs) : undefined;
    const { token } = theirs;
    if (token === undefined) {
      this.#held = undefined;
      this.#become(undefined);
      return;
    }
    const demand = token.accessToken === former?.token.accessToken ? former.demand : undefined;
    this.#held = this.#hold(token, demand, this.#newest, measure(token, clock, this.#options));
    this.#becomeHeld();
    log.debug('adopted from the store', { generation: this.#newest });
  }

  /** A stored token that cannot be used counts as none; the next one takes its place. */
  #readLife(stored: StoredToken | undefined): life.Life | undefined {
    const { check, log } = this.#options;
    try {
      return life.readLife(stored, (token) => {
        const copy = copyToken(token, undefined, token.obtainedAt);
        check?.(copy);
        return copy;
      });
    } catch (error) {
      log.debug('the stored token cannot be used', { reason: isAuthError(error) ? error.message : 'unreadable' });
      return undefined;
    }
  }

  /** Leaves a tombstone here and, over the version that we know, in the store. */
  async clear(): Promise<void> {
    const { clock, slot } = this.#options;
    const before = this.#life;
    const { refreshToken } = before.token ?? this.#seed ?? {};
    const unknown = before === life.UNBORN;
    this.#life = life.cleared(before, clock.now(), undefined);
    this.#begin(undefined);
    this.#verdict = clearedError();
    const tombstone = this.#life;
    if (refreshToken !== undefined) {
      const print = await fingerprint(refreshToken);
      if (this.#life === tombstone) this.#life = life.cleared(before, clock.now(), { print, anchor: false });
    }
    if (!slot.exists) {
      this.#dirty = false;
      return;
    }
    if (unknown) await this.#clearUnknown();
    await this.#commit();
  }

  /** What stands in the store has not been looked at: it is cleared all the same. */
  async #clearUnknown(): Promise<void> {
    this.#overrides = true;
    const cleared = this.#life;
    const theirs = this.#readLife(await this.#options.slot.read());
    if (theirs === undefined || this.#life !== cleared) return;
    this.#life = life.overriding(cleared, theirs);
  }

  /** The user wants to log in again after all. */
  revive(): void {
    this.#verdict = undefined;
  }

  /** Drops what memory holds. The store keeps it. */
  forget(): void {
    this.#newest = this.reserve();
    this.#held = undefined;
    this.#untold = undefined;
    this.#dirty = false;
    clearTimeout(this.#catchingUp);
    this.#become(undefined);
  }

  /** The store is in the way: it is left alone for a while, and the user is told once. */
  trouble(error: AuthError): void {
    const { rest, onTrouble } = this.#options;
    if (rest.begin(error)) onTrouble(error);
    this.#catchUp();
  }

  /** What the store could not take it gets when it is well again, whether or not anybody calls. Keeps no process alive. */
  #catchUp(): void {
    if (this.#catchingUp !== undefined || !(this.#dirty || this.#doubtsNote)) return;
    const timer = setTimeout(() => {
      const work = this.#doubtsNote ? this.look().catch(() => undefined) : this.flush();
      void work.then(() => {
        this.#catchingUp = undefined;
        this.#catchUp();
      });
    }, this.#options.rest.nextTryInMs || CATCH_UP_MS);
    (timer as { unref?(): void }).unref?.();
    this.#catchingUp = timer;
  }

  #markDirty(): void {
    this.#dirty = this.#options.slot.exists;
  }

  #plant(seed: Token, lifetime: Lifetime): void {
    this.#life = { ...this.#life, token: seed };
    this.#held = this.#hold(seed, undefined, this.reserve(), lifetime);
    this.#becomeHeld();
  }

  #becomeHeld(): void {
    if (this.#held !== this.#current) this.#become(this.#held);
  }

  #become(held: HeldToken | undefined): void {
    this.#current = held;
    this.#options.onChange(held);
  }

  #hold(token: Token, demand: Demand | undefined, order: number, lifetime: Lifetime): HeldToken {
    return { token, demand, generation: order, since: this.#options.clock.monotonic(), ...lifetime };
  }
}

/** How often the store is tried again while it fails, where nothing else says. */
const CATCH_UP_MS = 1000;
/** How long `onToken` is left alone after it has failed, in milliseconds. */
const UNTOLD_REST_MS = 1000;

function verdictOf({ ended, token }: life.Life): LoginRequiredError | undefined {
  if (ended === undefined || (ended.reason === 'cleared' && token !== undefined)) return undefined;
  return ended.reason === 'cleared' ? clearedError() : deadError(undefined);
}

/** A write whose answer was lost is our own. */
function isWritten(theirs: life.Life, mine: life.Life): boolean {
  return theirs.generation === mine.generation && life.isSame(theirs, mine) && life.isSameUse(theirs.inUse, mine.inUse);
}

function withoutRefreshToken({ refreshToken: _, ...rest }: Token): Token {
  return copyToken(rest, undefined, undefined);
}

/** For people the process, for us who of all it was. */
function uniqueName(): string {
  const { process } = globalThis as { process?: { pid?: number } };
  const pid = typeof process?.pid === 'number' ? `process ${process.pid}` : 'somebody';
  return `${pid} (${base64url(secureRandom(6))})`;
}
