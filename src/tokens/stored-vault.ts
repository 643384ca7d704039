import { type AuthError, isAuthError, StoreError } from '../errors.ts';
import { chain } from '../lifecycle/promises.ts';
import { CatchUp } from './catch-up.ts';
import { fingerprint } from './fingerprint.ts';
import * as life from './life.ts';
import { busyError, verdictOf } from './login-errors.ts';
import { type Outgoing, RefreshVault } from './refresh-vault.ts';
import type { InUse, StoredToken, WriteResult } from './store.ts';
import type { StoreRest } from './store-rest.ts';
import type { StoreSlot } from './store-slot.ts';
import type { Token } from './token.ts';
import type { VaultSettings } from './token-vault.ts';
import { uniqueName } from './unique-name.ts';

/** How often a write starts again because somebody else is faster each time. */
const MAX_WRITES = 5;
/** How often the store is tried again while it fails, where nothing else says. */
const CATCH_UP_MS = 1000;

/**
 * A vault that shares its life with others through a store. A store that fails stands in the way of a token only where a
 * refresh token would be lost with this process.
 */
export class StoredVault extends RefreshVault {
  readonly #slot: StoreSlot;
  readonly #rest: StoreRest;
  readonly #name = uniqueName();
  #seed: Token | undefined;
  /** Has the store not got the life yet? */
  #dirty = false;
  /** The user gave the token, or wants none, whatever stands in the store. */
  #overrides = false;
  /** The given refresh token, by which we know whether somebody else has it already. */
  #givenPrint: string | undefined;
  #doubtsNote = false;
  /** What the store could not take it gets when it is well again, whether or not anybody calls. */
  readonly #catchUp = new CatchUp({
    isDue: () => this.#dirty || this.#doubtsNote,
    work: () => (this.#doubtsNote ? this.look().catch(() => undefined) : this.flush()),
    delayMs: () => this.#rest.nextTryInMs || CATCH_UP_MS,
  });
  /** The last note of ours whose request has really gone out and was not answered. */
  #sentNote: InUse | undefined;

  constructor(settings: VaultSettings, slot: StoreSlot, rest: StoreRest) {
    super(settings);
    this.#slot = slot;
    this.#rest = rest;
  }

  /** What a store holds is newer than the option. */
  protected override plant(seed: Token): void {
    this.#seed = seed;
  }

  override get unsettled(): boolean {
    return this.#dirty || super.unsettled;
  }

  override mayLook(): boolean {
    return this.#rest.mayLook();
  }

  override get blocked(): boolean {
    return this.unsettled && this.#rest.lasts;
  }

  /** Would a refresh token be lost if this process ended now? */
  get rotating(): boolean {
    return this.life.token?.refreshToken !== undefined && this.life.reusable !== true;
  }

  /** Somebody else's request with our refresh token is out, or its answer is lost. */
  get usedByOther(): InUse | undefined {
    const { inUse, reusable } = this.life;
    return reusable === true || inUse === undefined || inUse.by === this.#name ? undefined : inUse;
  }

  protected override print(refreshToken: string): string | Promise<string> {
    return fingerprint(refreshToken);
  }

  protected override send(refreshToken: string, print: string, alone: boolean): boolean | Promise<boolean> {
    const { clock, refreshDeadlineMs } = this.settings;
    const { usedByOther } = this;
    const underWay = usedByOther?.fingerprint === print && clock.now() - usedByOther.at < refreshDeadlineMs;
    if (!alone && underWay) throw busyError(usedByOther);
    const held = this.life;
    this.mark(refreshToken, print, this.#name);
    return this.life === held || this.#note(held);
  }

  async #note(held: life.Life): Promise<boolean> {
    const { outgoing, life: noted } = this;
    try {
      await this.#commit();
    } catch (error) {
      if (this.outgoing === outgoing) this.outgoing = undefined;
      if (life.isSameUse(this.life.inUse, noted.inUse)) this.life = life.unnoted(this.life, held.inUse);
      // It may stand there nevertheless, where it keeps everybody else from renewing.
      this.#doubtsNote = true;
      this.trouble(error as AuthError);
      throw error;
    }
    // Whatever has overtaken us has taken it away.
    if (this.outgoing !== outgoing) return false;
    this.#sentNote = this.life.inUse;
    return true;
  }

  /** What stood there before a note whose request never went out: an earlier one of ours, or of somebody else. */
  #sentBefore(note: InUse | undefined): InUse | undefined {
    return this.#sentNote?.fingerprint === note?.fingerprint ? this.#sentNote : note && life.predecessor(note);
  }

  protected override takeBack(outgoing: Outgoing): void {
    if (!life.isSameUse(this.life.inUse, this.#sentNote)) {
      // It is just being noted, and may never be: generations grow with what is written.
      this.life = life.unnoted(this.life, outgoing.before);
      return;
    }
    super.takeBack(outgoing);
    this.#sentNote = outgoing.before;
    this.changed();
  }

  protected override given({ refreshToken }: Token): void {
    this.#overrides = true;
    this.#givenPrint = undefined;
    if (refreshToken === undefined) return;
    void chain(fingerprint(refreshToken), (print) => {
      this.#givenPrint = print;
    });
  }

  protected override begin(token: Token | undefined): void {
    this.#seed = undefined;
    super.begin(token);
  }

  protected override changed(): void {
    this.#dirty = true;
  }

  override abandon(): void {
    this.#slot.abandon();
    super.abandon();
  }

  protected override async keep(): Promise<void> {
    if (!this.#dirty || !(this.rotating || this.#overrides || !this.#rest.lasts)) return;
    if (this.#rest.error !== undefined) throw this.#rest.error;
    try {
      await this.#commit();
    } catch (error) {
      this.trouble(error as AuthError);
      if (this.rotating || this.#overrides) throw error;
    }
  }

  /** Brings memory and store together: the newer one of the two wins, and a store that has lost something gets it back. */
  override async look(): Promise<void> {
    await this.#slot.read((stored) => this.#compare(this.#readLife(stored)));
    if (this.#dirty) await this.flush();
  }

  #compare(theirs: life.Life | undefined): void {
    this.#rest.end();
    this.#doubtsNote = false;
    const seed = this.#seed;
    this.#seed = undefined;
    const isNews = this.life === life.UNBORN || (theirs !== undefined && life.isNewer(theirs, this.life));
    if (theirs !== undefined && !this.#overrules(theirs) && isNews) this.#adopt(theirs);
    else this.#putBack(theirs);
    if (seed !== undefined && this.newest === undefined && this.life === life.UNBORN) super.plant(seed);
  }

  /** Ours is as new as the store's, or newer: then the store has lost it. */
  #putBack(theirs: life.Life | undefined): void {
    if (this.life === life.UNBORN) return;
    if (theirs?.generation === this.life.generation && !this.#overrules(theirs)) return;
    if (theirs !== undefined) this.#outdo(theirs);
    this.changed();
  }

  #outdo(theirs: life.Life): void {
    this.life = this.#overrules(theirs) ? life.overriding(this.life, theirs) : life.outlived(this.life, theirs);
  }

  /** Writes our life over what is older; takes over what is newer. */
  async #commit(): Promise<void> {
    for (let left = MAX_WRITES; left > 0; left -= 1) {
      let mine = this.life;
      const record = () => {
        mine = this.life;
        return mine;
      };
      if (await this.#slot.write(record, (result) => this.#learn(result, mine))) return;
    }
    throw new StoreError('The token store was written by somebody else each time a token was to be committed.');
  }

  /** @returns Is there nothing more to write? */
  #learn(result: WriteResult, mine: life.Life): boolean {
    this.#rest.end();
    const theirs = result.ok ? mine : this.#readLife(result.current);
    if (this.life === mine && (result.ok || (theirs !== undefined && life.isWritten(theirs, mine)))) {
      this.#dirty = false;
      this.#overrides = false;
      return true;
    }
    if (result.ok && this.life.generation <= mine.generation) {
      // What has come between must not be older than what has just been written.
      this.life = { ...this.life, generation: mine.generation + 1 };
    }
    if (theirs === undefined || result.ok) return false;
    if (!this.#overrules(theirs) && life.isNewer(theirs, this.life)) {
      this.#adopt(theirs);
      return true;
    }
    this.#outdo(theirs);
    return false;
  }

  /** Does what the user wants count more than that? Not where others have got it already and gone on from it. */
  #overrules(theirs: life.Life): boolean {
    if (!this.#overrides) return false;
    const print = this.#givenPrint;
    if (print === undefined || life.permission(theirs, print, 0, 0) === 'yes') return !life.isSame(theirs, this.life);
    return theirs.reusable === true;
  }

  #adopt(theirs: life.Life): void {
    const former = this.current;
    const hadToken = this.newest !== undefined || this.verdict !== undefined;
    this.life = life.adopted(theirs, this.life);
    // A note of ours that we took for not written: its request never went out.
    const ownNote = theirs.inUse?.by === this.#name && !life.isSameUse(theirs.inUse, this.#sentNote);
    if (ownNote) this.life = life.unsent(this.life, this.#sentBefore(theirs.inUse));
    this.#dirty = ownNote;
    this.#overrides = false;
    this.outgoing = undefined;
    this.listener.drop();
    this.newestOrder = this.reserve();
    this.verdict = hadToken ? verdictOf(theirs) : undefined;
    const { token } = theirs;
    if (token === undefined) {
      this.held = undefined;
      this.become(undefined);
      return;
    }
    const demand = token.accessToken === former?.token.accessToken ? former.demand : undefined;
    this.hold(token, demand, this.newestOrder);
    this.becomeHeld();
    this.settings.log.debug('adopted from the store', { generation: this.newestOrder });
  }

  /** A stored token that cannot be used counts as none; the next one takes its place. */
  #readLife(stored: StoredToken | undefined): life.Life | undefined {
    const { log } = this.settings;
    try {
      return life.readLife(stored, (token) => this.copy(token));
    } catch (error) {
      log.debug('the stored token cannot be used', { reason: isAuthError(error) ? error.message : 'unreadable' });
      return undefined;
    }
  }

  /** Leaves the tombstone in the store as well, over the version that we know. */
  override async clear(): Promise<void> {
    const unknown = this.life === life.UNBORN;
    await super.clear((this.life.token ?? this.#seed)?.refreshToken);
    if (unknown) await this.#clearUnknown();
    await this.#commit();
  }

  /** What stands in the store has not been looked at: it is cleared all the same. */
  async #clearUnknown(): Promise<void> {
    this.#overrides = true;
    const cleared = this.life;
    await this.#slot.read((stored) => {
      const theirs = this.#readLife(stored);
      if (theirs !== undefined && this.life === cleared) this.life = life.overriding(cleared, theirs);
    });
  }

  /** The store keeps what memory drops. */
  override forget(): void {
    super.forget();
    this.#dirty = false;
    this.#catchUp.stop();
  }

  /** The store is in the way: it is left alone for a while, and the user is told once. */
  trouble(error: AuthError): void {
    if (this.#rest.begin(error)) this.settings.host.troubled(error, this.#rest.nextTryInMs);
    this.#catchUp.start();
  }
}
