import type { AuthError } from '../errors.ts';
import type { AuthRequest } from '../lifecycle/contract.ts';
import { type AuthLogger, authLogger } from '../logging/auth-logger.ts';
import { unitRandom } from './back-off.ts';
import { boundStore } from './bound-store.ts';
import { Clock } from './clock.ts';
import { covers, lastingDemand, unionOfDemands } from './demand.ts';
import { FailureMemory } from './failure-memory.ts';
import { Flight } from './flight.ts';
import { Flights } from './flights.ts';
import { type HeldToken, isUsable } from './held-token.ts';
import { Refusals } from './refusals.ts';
import { asAuthError, lateError } from './renewal-errors.ts';
import { Renewer } from './renewer.ts';
import { StoreRest } from './store-rest.ts';
import { StoreSlot } from './store-slot.ts';
import type { Demand, RenewalReason, Token, TokenSource } from './token.ts';
import { durations, secureRandom, storeKeyOf, type TokenCacheOptions } from './token-cache-options.ts';
import { TokenVault } from './token-vault.ts';

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
  readonly #options: TokenCacheOptions;
  readonly #clock: Clock;
  readonly #log: AuthLogger;
  readonly #slot: StoreSlot;
  readonly #vault: TokenVault;
  readonly #renewer: Renewer;
  readonly #flights: Flights;
  readonly #failures: FailureMemory;
  readonly #refusals: Refusals;
  /** The current token, unless it is just being replaced because a server has refused it. */
  #ready: HeldToken | undefined;
  readonly #storeRest: StoreRest;
  readonly #known = new WeakMap<Token, HeldToken>();

  /** @throws {@link ConfigurationError} when an option is impossible. */
  constructor(source: TokenSource, options: TokenCacheOptions = {}) {
    const { deadlineMs, ...lifetime } = durations(source, options);
    const { token, check, onToken, random = secureRandom, log = authLogger() } = options;
    const clock = new Clock(options);
    const slot = new StoreSlot(boundStore(options.store, source), storeKeyOf(source, options));
    const failures = new FailureMemory({ ...lifetime, clock, random: () => unitRandom(random) });
    const onChange = (current: HeldToken | undefined) => this.#changed(current);
    const vault = new TokenVault({ ...lifetime, clock, slot, log, token, check, onToken, onChange });
    const renewer = new Renewer({ source, vault, slot, failures, clock, log });
    this.#flights = new Flights({
      clock,
      deadlineMs,
      late: (flight) => lateError(flight, deadlineMs),
      run: (flight, signal) => renewer.run(flight, signal),
      succeed: (flight, token) => this.#succeed(flight, token),
      fail: (flight, error) => this.#fail(flight, error),
    });
    this.#refusals = new Refusals(clock, lifetime.timeToNextRequestMs);
    this.#storeRest = new StoreRest(clock);
    this.#options = options;
    this.#clock = clock;
    this.#slot = slot;
    this.#log = log;
    this.#failures = failures;
    this.#vault = vault;
    this.#renewer = renewer;
    this.#changed(vault.current);
  }

  /**
   * A token that lives and grants what is demanded: at once if there is one, else when it comes.
   *
   * @throws {@link AuthError} (as a rejection) when there is none to be had.
   */
  get(demand?: Demand): Token | Promise<Token> {
    const ready = this.#ready;
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
    if (current === undefined) return this.#wait('absent', demand, refused);
    const usable = isUsable(current, demand, this.#clock);
    if (current.token.accessToken !== refused.accessToken) {
      if (usable && this.#ready === current) return current.token;
      return this.#wait(this.#lack(current), demand, refused);
    }
    const hopeless = usable && this.#flights.running === undefined && !this.#refusals.mayRenew(request);
    if (!hopeless) return this.#wait('refused', demand, refused);
    return this.#mayLook() ? this.#lookForBetter(demand, refused) : refused;
  }

  /** A server has accepted this token: should it be refused later on, it has worn out. */
  accepted(token: Token, request?: AuthRequest): void {
    if (this.#refusals.knows(token)) return;
    if (token.accessToken === this.#vault.current?.token.accessToken) this.#refusals.accept(token, request);
  }

  /** A server has refused what a renewal brought: its page gets no other renewal before `timeToNextRequestMs` has passed. */
  refusedAgain(request: AuthRequest): void {
    this.#refusals.refusedAgain(request);
  }

  /** The token that `get` would return without waiting. Starts nothing. */
  peek(demand?: Demand): Token | undefined {
    const ready = this.#ready;
    return ready !== undefined && isUsable(ready, demand, this.#clock) ? ready.token : undefined;
  }

  /**
   * The newest token, whether or not it lives, that of the store included. For what is no request: revoking,
   * introspecting.
   *
   * @throws {@link StoreError} when there is none here and the store could not be read.
   */
  async newest(): Promise<Token | undefined> {
    try {
      if (this.#slot.exists && this.#flights.running === undefined) await this.#vault.look();
    } catch (error) {
      if (this.#vault.newest === undefined) throw error;
    }
    return this.#vault.newest?.token;
  }

  /**
   * Takes a token from elsewhere, such as a login of the application's own. It replaces what is here and in the store,
   * and whoever is waiting gets it.
   *
   * @throws {@link StoreError} when it could not be written; that is tried again before the token is used.
   */
  async set(token: Token): Promise<void> {
    this.#vault.give(token);
    this.reset();
    this.#flights.overtake('set');
    await this.#vault.settle();
  }

  /**
   * Forgets the token here and in the store (there only the version that we know: what somebody else has written since
   * stays). Whoever is waiting for a renewal gets a {@link CredentialError}.
   *
   * @throws {@link StoreError} when the store could not be cleared; here the token is gone nevertheless.
   */
  async clear(): Promise<void> {
    const cleared = this.#vault.clear();
    this.reset();
    this.#flights.overtake('cleared');
    await cleared;
  }

  /** Forgets failures and refusals: the next caller who needs a token makes a request. */
  reset(): void {
    this.#failures.forget();
    this.#refusals.forget();
  }

  /** What may be said of a token. Never its value. */
  describe(token: Token): { generation?: number; ageMs?: number; expiresInMs?: number } {
    const held = this.#known.get(token);
    if (held === undefined) return {};
    const ageMs = Math.round(this.#clock.monotonic() - held.since);
    const { expiresAt } = held.token;
    const expiry = expiresAt === undefined ? {} : { expiresInMs: Math.round(expiresAt - this.#clock.now()) };
    return { generation: held.generation, ageMs, ...expiry };
  }

  #find(demand: Demand | undefined): Token | Promise<Token> {
    const current = this.#vault.current;
    if (current === undefined) return this.#wait('absent', demand);
    if (!isUsable(current, demand, this.#clock)) return this.#wait(this.#lack(current), demand);
    const { running } = this.#flights;
    if (this.#ready === undefined && running !== undefined) {
      if (!covers(running.demand, demand)) return this.#wait('demand', demand);
      return running.joinForgiving((error) => this.#fallBack(error));
    }
    if (running === undefined && this.#clock.reached(current.freshUntil)) this.#refreshAhead(current);
    return current.token;
  }

  #lack(current: HeldToken): RenewalReason {
    return this.#clock.reached(current.usableUntil) ? 'expired' : 'demand';
  }

  #fallBack(error: unknown): Token {
    const token = this.peek();
    if (token === undefined) throw error;
    return token;
  }

  #refreshAhead(current: HeldToken): void {
    const demand = lastingDemand(current.demand);
    if (this.#storeRest.lasts || this.#failures.answerTo(demand) !== undefined) return;
    this.#flights.launch(new Flight('ahead', demand, current.token));
  }

  #wait(reason: RenewalReason, demand: Demand | undefined, refused?: Token): Promise<Token> {
    const { running } = this.#flights;
    const flight =
      running === undefined ? this.#start(reason, demand, refused) : this.#flights.board(running, reason, demand);
    if (!(flight instanceof Flight)) return Promise.reject(flight);
    if (refused === undefined) return flight.join();
    this.#noteRefusal(flight, refused);
    return flight.joinRefused(refused);
  }

  /** The source has nothing better than what it gave last. Somebody else may have put something into the store. */
  #lookForBetter(demand: Demand | undefined, refused: Token): Promise<Token> {
    const flight = new Flight('refused', unionOfDemands(lastingDemand(this.#vault.current?.demand), demand), refused);
    flight.looksOnly = true;
    return this.#flights.launch(flight).joinRefused(refused);
  }

  /** A remembered failure answers in the place of a renewal. */
  #start(reason: RenewalReason, demand: Demand | undefined, refused?: Token): Flight | AuthError {
    const wanted = unionOfDemands(lastingDemand(this.#vault.current?.demand), demand);
    const failure = this.#failures.answerTo(wanted);
    if (failure === undefined || this.#mayLook()) return this.#flights.launch(new Flight(reason, wanted, refused));
    if (this.#log.enabled) this.#log.debug('served from back-off', { nextTryInMs: this.#failures.nextTryInMs() });
    return failure;
  }

  #succeed(flight: Flight, token: Token): void {
    const { generation, startedAt, waiters } = flight;
    if (generation !== undefined) {
      if (flight.refusedUnaccepted === true) this.#refusals.renewedInVain();
      const durationMs = Math.round(this.#clock.monotonic() - startedAt);
      this.#log.debug('renewed', { durationMs, generation, waiters });
    }
    this.#land();
    flight.resolve(token);
  }

  #fail(flight: Flight, error: unknown): void {
    const token = this.#renewer.suitable(flight);
    if (token !== undefined) {
      this.#succeed(flight, token);
      return;
    }
    const reported = asAuthError(error);
    if (flight.overtaken === undefined && !flight.remembered) this.#report(flight, reported);
    this.#land();
    flight.reject(reported);
  }

  #land(): void {
    this.#ready = this.#vault.current;
    this.#flights.land();
  }

  /** A failure of the store is not the source's, which may be asked as soon as the store is well. */
  #report(flight: Flight, error: AuthError): void {
    const storeFailed = error.code === 'ERR_AUTH_STORE';
    const judged = storeFailed ? this.#storeRest.begin() : this.#failures.remember(error, flight.demand);
    const failure = { reason: flight.reason, ...judged };
    this.#log.debug('renewal failed', { code: error.code, ...failure });
    try {
      this.#options.onRenewalFailed?.(error, failure);
    } catch {
      // Whoever listens cannot make it worse.
    }
  }

  /** While the refused token is being replaced, nobody else has to learn that it is refused. */
  #noteRefusal(flight: Flight, refused: Token): void {
    if (refused.accessToken !== this.#vault.current?.token.accessToken) return;
    flight.refusedUnaccepted ??= !this.#refusals.wasAccepted(refused);
    this.#refusals.refuse(refused);
    this.#ready = undefined;
  }

  #changed(current: HeldToken | undefined): void {
    this.#ready = current;
    if (current === undefined) return;
    this.#known.set(current.token, current);
    this.#failures.forget();
  }

  #mayLook(): boolean {
    if (!this.#slot.exists || this.#storeRest.lasts) return false;
    this.#storeRest.begin();
    return true;
  }
}
