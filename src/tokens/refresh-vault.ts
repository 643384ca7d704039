import type { AuthError } from '../errors.ts';
import { chain } from '../lifecycle/promises.ts';
import * as life from './life.ts';
import { deadError, usedError } from './login-errors.ts';
import type { InUse } from './store.ts';
import type { Demand, Token } from './token.ts';
import { TokenVault } from './token-vault.ts';

/** The request that is out, and what was known of its refresh token before. */
export interface Outgoing extends life.Presented {
  readonly before: InUse | undefined;
}

/**
 * A vault for a source that sends refresh tokens: also keeps the newest life that we know of the login, so that a refresh
 * token that may be used once is never sent again. This one keeps it in memory and nowhere else; a store brings its own.
 */
export class RefreshVault extends TokenVault {
  protected life: life.Life = life.UNBORN;
  protected outgoing: Outgoing | undefined;

  protected override plant(seed: Token): void {
    this.life = { ...this.life, token: seed };
    super.plant(seed);
  }

  /** The refresh token whose request is out. */
  get presented(): string | undefined {
    return this.outgoing?.refreshToken;
  }

  protected override withholds(refreshToken: string): string | undefined | Promise<string | undefined> {
    return chain(this.print(refreshToken), (print) => {
      const may = this.permission(print);
      return may === 'yes' || may === 'replay' ? undefined : may;
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
   * @returns `false`: somebody else has been faster, start again.
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
    if (this.life.reusable !== true) this.life = life.sent(this.life, print, this.settings.clock.now(), by);
  }

  protected permission(print: string): life.Permission {
    return life.permission(this.life, print, this.settings.clock.now(), this.settings.replayWindowMs);
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

  /** What was only about to be sent is still good. */
  override failed(sent: boolean): void {
    if (sent) this.lost();
    else this.unsent();
  }

  override abandon(): void {
    super.abandon();
    this.lost();
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
    this.life = life.died(this.life, this.settings.clock.now(), outgoing);
    this.verdict = verdict;
    this.held = this.current;
    this.changed();
    await this.flush();
    return this.verdict ?? verdict;
  }

  override take(answer: Token, previous: Token | undefined, order: number, demand: Demand | undefined): void {
    try {
      super.take(answer, previous, order, demand);
    } catch (error) {
      // An answer that cannot be used has used up what was sent for it.
      this.lost();
      throw error;
    }
  }

  protected override made(token: Token): void {
    this.life = life.made(this.life, token, this.outgoing);
    this.outgoing = undefined;
    this.changed();
  }

  protected override begin(token: Token | undefined): void {
    if (token !== undefined) this.life = life.given(this.life, token);
    this.outgoing = undefined;
    this.changed();
    super.begin(token);
  }

  /** The life is another one. Memory knows. */
  protected changed(): void {}

  /** Leaves a tombstone. */
  override async clear(refreshToken: string | undefined = this.life.token?.refreshToken): Promise<void> {
    const { clock } = this.settings;
    const before = this.life;
    this.life = life.cleared(before, clock.now(), undefined);
    void super.clear();
    const tombstone = this.life;
    if (refreshToken === undefined) return;
    const print = await this.print(refreshToken);
    if (this.life === tombstone) this.life = life.cleared(before, clock.now(), { print, anchor: false });
  }

  override forget(): void {
    this.life = life.UNBORN;
    super.forget();
  }
}
