import type { AuthRequest } from '../lifecycle/contract.ts';
import { isInside } from '../neutral-context.ts';
import type { Clock } from './clock.ts';
import { keepAlive } from './deadline.ts';
import { covers } from './demand.ts';
import { type HeldToken, isUsable } from './held-token.ts';
import { Renewals } from './renewals.ts';
import { settingsOf } from './settings.ts';
import type { Demand, RenewalReason, Token, TokenSource } from './token.ts';
import type { TokenCacheOptions } from './token-cache-options.ts';
import type { TokenVault } from './token-vault.ts';

/** How often a renewal is waited for that began while another one was. */
const SETTLE_TRIES = 3;

/**
 * Makes any source of tokens good: one renewal for everybody who waits, none that is not needed, nothing lost.
 *
 * @example
 * const cache = new TokenCache(source, { onToken: (token) => save(token) });
 * const token = await cache.get();
 * // a server has answered 401 to it:
 * const better = await cache.renew(token);
 */
export class TokenCache {
  readonly #renewals: Renewals;
  readonly #vault: TokenVault;
  readonly #clock: Clock;

  /** @throws {@link ConfigurationError} naming the option that is unknown or impossible. */
  constructor(source: TokenSource, given?: TokenCacheOptions) {
    const settings = settingsOf(source, given, this);
    this.#renewals = new Renewals(settings);
    this.#vault = this.#renewals.vault;
    this.#clock = settings.clock;
  }

  /**
   * A token that lives and grants what is demanded: at once if there is one, else when it comes.
   *
   * @throws {@link AuthError} (as a rejection) when there is none.
   */
  get(demand?: Demand): Token | Promise<Token> {
    const { ready } = this.#vault;
    if (ready !== undefined && demand === undefined && !this.#clock.reached(ready.freshUntil)) return ready.token;
    return this.#find(demand);
  }

  /**
   * Something better than a token that a server has refused. The same object back means: there is nothing better.
   *
   * @param request - What was refused, to know pages that refuse every token.
   * @throws {@link AuthError} (as a rejection) when the renewal failed.
   */
  renew(refused: Token, demand?: Demand, request?: AuthRequest): Token | Promise<Token> {
    const current = this.#vault.current;
    if (current === undefined) return this.#renewals.wait('absent', demand, refused);
    const usable = isUsable(current, demand, this.#clock);
    if (current.token.accessToken !== refused.accessToken) {
      if (usable && this.#vault.ready === current) return current.token;
      return this.#renewals.wait(this.#lack(current), demand, refused);
    }
    const hopeless = usable && this.#renewals.running === undefined && !this.#renewals.refusals.mayRenew(request);
    if (!hopeless) return this.#renewals.wait('refused', demand, refused);
    return this.#renewals.lookForBetter(demand, refused);
  }

  /** A server has accepted this token: should it be refused later on, it is no longer accepted. */
  accepted(token: Token, request?: AuthRequest): void {
    if (this.#renewals.refusals.knows(token)) return;
    if (token.accessToken === this.#vault.current?.token.accessToken) this.#renewals.refusals.accept(token, request);
  }

  /** A server has refused what a renewal brought: its page gets no other renewal before `timeToNextRequestMs` has passed. */
  refusedAgain(request: AuthRequest): void {
    this.#renewals.refusals.refusedAgain(request);
  }

  /** The token that `get` would return without waiting. Starts nothing. */
  peek(demand?: Demand): Token | undefined {
    const { ready } = this.#vault;
    return ready !== undefined && isUsable(ready, demand, this.#clock) ? ready.token : undefined;
  }

  /**
   * The newest token, whether or not it lives, that of the store included; a renewal under way is waited for. For what is no
   * request: revoking, introspecting.
   *
   * @throws {@link StoreError} when there is none here and the store could not be read.
   */
  async newest(): Promise<Token | undefined> {
    for (let left = SETTLE_TRIES; left > 0; left -= 1) {
      await this.settled();
      if (this.#renewals.running !== undefined) continue;
      try {
        await keepAlive(this.#vault.look());
      } catch (error) {
        if (this.#vault.newest === undefined) throw error;
      }
      if (this.#renewals.running === undefined) break;
    }
    return this.#vault.newest?.token;
  }

  /**
   * Takes a token from elsewhere, such as a login of the application's own. It replaces what is here and in the store,
   * and waiting callers get it.
   *
   * @throws {@link StoreError} when it could not be written; that is tried again before the token is used.
   */
  async set(token: Token): Promise<void> {
    this.#renewals.assertOpen();
    this.#vault.give(token);
    this.reset();
    this.#renewals.overtake('set');
    await keepAlive(this.#vault.settle());
  }

  /**
   * Logs out: forgets the token, and leaves a tombstone here and in the store (there only over the version that we know: what
   * somebody else has written since stays). Callers that wait for a renewal get a {@link CredentialError}; from then on
   * everybody gets a {@link LoginRequiredError}, whatever the source could do, until there is a new token: from
   * {@link TokenCache.set}, {@link TokenCache.login} or the store.
   *
   * @throws {@link StoreError} when the store could not be cleared, which is tried again later; here the token is gone
   *   nevertheless.
   */
  async clear(): Promise<void> {
    const cleared = this.#vault.clear();
    this.reset();
    this.#renewals.overtake('cleared');
    await keepAlive(cleared);
  }

  /**
   * Lets the source make a new token, also after {@link TokenCache.clear} and after the server has ended the login.
   *
   * @throws {@link AuthError} when the source has none.
   */
  async login(): Promise<Token> {
    this.#renewals.assertOpen();
    this.#vault.revive();
    this.reset();
    const flight = this.#renewals.create('absent', undefined, this.#vault.current?.token);
    return (this.#renewals.running ?? this.#renewals.launch(flight)).join();
  }

  /**
   * Waits until nothing is under way: no renewal, no commit. Starts nothing and ends nothing, and never rejects. It waits for
   * `deadlineMs` at most.
   */
  async settled(): Promise<void> {
    if (isInside(this)) return;
    const { running } = this.#renewals;
    if (running !== undefined) await running.join().then(noop, noop);
    if (this.#vault.unsettled) await keepAlive(this.#vault.flush());
  }

  /**
   * Ends the cache: waits for a renewal under way, so that a rotated refresh token is committed, then forgets what memory
   * holds. The store keeps its token. Afterwards everybody gets a {@link CredentialError}. Never rejects.
   */
  async close(): Promise<void> {
    await this.settled();
    this.#renewals.close();
  }

  /** The same as {@link TokenCache.close}, for `await using`. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  /** Forgets failures and refusals: the next caller who needs a token makes a request. */
  reset(): void {
    this.#renewals.reset();
  }

  /** What may be said of a token. Never its value. */
  describe(token: Token): { generation?: number; ageMs?: number; expiresInMs?: number } {
    const held = this.#renewals.held(token);
    if (held === undefined) return {};
    const ageMs = Math.round(this.#clock.monotonic() - held.since);
    const { expiresAt } = held.token;
    const expiry = expiresAt === undefined ? {} : { expiresInMs: Math.round(expiresAt - this.#clock.now()) };
    return { generation: held.generation, ageMs, ...expiry };
  }

  #find(demand: Demand | undefined): Token | Promise<Token> {
    const current = this.#vault.current;
    if (current === undefined) return this.#renewals.wait('absent', demand);
    if (isInside(this)) return this.#renewals.answerInside();
    if (!isUsable(current, demand, this.#clock)) return this.#renewals.wait(this.#lack(current), demand);
    const { running } = this.#renewals;
    if (this.#vault.ready === undefined && running !== undefined) {
      if (!covers(running.demand, demand)) return this.#renewals.wait('demand', demand);
      return running.joinForgiving((error) => this.#fallBack(error));
    }
    if (running === undefined && this.#clock.reached(current.freshUntil)) this.#renewals.refreshAhead(current);
    return current.token;
  }

  #lack(current: HeldToken): RenewalReason {
    return this.#clock.reached(current.usableUntil) ? 'expired' : 'demand';
  }

  #fallBack(error: unknown): Token {
    const { current } = this.#vault;
    if (current === undefined || !isUsable(current, undefined, this.#clock)) throw error;
    return current.token;
  }
}

function noop(): void {}
