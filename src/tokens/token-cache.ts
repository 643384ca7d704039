import { type AuthError, CredentialError } from '../errors.ts';
import type { AuthRequest } from '../lifecycle/contract.ts';
import { isInside } from '../neutral-context.ts';
import { debugSink, func, readOptions, type Shape } from '../options.ts';
import { debugLog } from '../secrets/debug-log.ts';
import type { AuthLogger } from '../secrets/debug-sink.ts';
import { unitRandom } from './back-off.ts';
import { Clock, type Instant } from './clock.ts';
import { keepAlive } from './deadline.ts';
import { covers, lastingDemand, unionOfDemands } from './demand.ts';
import { callbackMs, FailureListener } from './failure-listener.ts';
import { FailureMemory } from './failure-memory.ts';
import { Flight } from './flight.ts';
import { Flights } from './flights.ts';
import { type HeldToken, isUsable } from './held-token.ts';
import { KEEP, type Keeper } from './keeping.ts';
import { Refusals } from './refusals.ts';
import { asAuthError, lateError } from './renewal-errors.ts';
import { Renewer } from './renewer.ts';
import type { Demand, RenewalReason, Token, TokenSource } from './token.ts';
import { durations, secureRandom, type TokenCacheOptions } from './token-cache-options.ts';
import { cacheShape } from './token-shape.ts';
import { TokenVault, type VaultOptions } from './token-vault.ts';

const SHAPE: Shape<TokenCacheOptions> = { ...cacheShape, check: func, log: debugSink };

/** How often the store is asked, while a failure is remembered, whether somebody else has found a way out. */
const LOOK_MS = 1000;
/** How many requests one renewal makes at most. */
const TRIES = 3;
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
  readonly #options: TokenCacheOptions;
  readonly #clock: Clock;
  readonly #log: AuthLogger;
  readonly #vault: TokenVault;
  readonly #renewer: Renewer;
  readonly #flights: Flights;
  readonly #failures: FailureMemory;
  readonly #refusals: Refusals;
  /** The current token, unless it is just being replaced because a server has refused it. */
  #ready: HeldToken | undefined;
  readonly #listener: FailureListener;
  #lookedUntil: Instant | undefined;
  #closed = false;
  readonly #known = new WeakMap<Token, HeldToken>();

  /** @throws {@link ConfigurationError} naming the option that is unknown or impossible. */
  constructor(source: TokenSource, given?: TokenCacheOptions) {
    const options = readOptions<TokenCacheOptions>('TokenCache', given, SHAPE);
    const { deadlineMs, refreshDeadlineMs, replayWindowMs, ...lifetime } = durations(source, options);
    const { token, check, onToken, store, tries = TRIES, random: bytes = secureRandom, log = debugLog() } = options;
    const clock = new Clock(options);
    const random = () => unitRandom(bytes);
    const failures = new FailureMemory({ ...lifetime, clock, random });
    this.#failures = failures;
    const listenMs = callbackMs(deadlineMs);
    this.#listener = new FailureListener(options.onRenewalFailed, this, listenMs);
    const vaultOptions: VaultOptions = {
      ...{ ...lifetime, clock, log, check, onToken, replayWindowMs },
      singleUseMs: refreshDeadlineMs,
      callbackMs: listenMs,
      owner: this,
      onChange: (current) => this.#changed(current),
      onTrouble: (error, nextTryInMs) => this.#tellTrouble(error, nextTryInMs),
    };
    const keeper: Partial<Keeper> = store ?? (source as TokenSource & Partial<Keeper>);
    const keeping = keeper[KEEP]?.({ source, storeKey: options.storeKey, clock, deadlineMs }, vaultOptions);
    const vault = keeping?.vault ?? new TokenVault(vaultOptions);
    const parts = { source, vault, failures, clock, log, deadlineMs, tries, random, owner: this };
    const renewer = keeping?.renewer(parts) ?? new Renewer(parts);
    this.#flights = new Flights({
      clock,
      deadlineMs,
      singleUseMs: refreshDeadlineMs,
      late: (flight) => lateError(flight, deadlineMs),
      run: (flight, signal) => renewer.run(flight, signal),
      succeed: (flight, token) => this.#succeed(flight, token),
      fail: (flight, error) => void this.#fail(flight, error),
      abandoned: () => this.#abandoned(),
      waitUntil: options.waitUntil,
    });
    this.#refusals = new Refusals(clock, lifetime.timeToNextRequestMs);
    this.#options = options;
    this.#clock = clock;
    this.#log = log;
    this.#vault = vault;
    this.#renewer = renewer;
    if (token !== undefined) vault.start(token);
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
   * The newest token, whether or not it lives, that of the store included; a renewal under way is waited for. For what is no
   * request: revoking, introspecting.
   *
   * @throws {@link StoreError} when there is none here and the store could not be read.
   */
  async newest(): Promise<Token | undefined> {
    for (let left = SETTLE_TRIES; left > 0; left -= 1) {
      await this.settled();
      if (this.#flights.running !== undefined) continue;
      try {
        await keepAlive(this.#vault.look());
      } catch (error) {
        if (this.#vault.newest === undefined) throw error;
      }
      if (this.#flights.running === undefined) break;
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
    this.#assertOpen();
    this.#vault.give(token);
    this.reset();
    this.#flights.overtake('set');
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
    this.#flights.overtake('cleared');
    await keepAlive(cleared);
  }

  /**
   * Lets the source make a new token, also after {@link TokenCache.clear} and after the server has ended the login.
   *
   * @throws {@link AuthError} when the source has none.
   */
  async login(): Promise<Token> {
    this.#assertOpen();
    this.#vault.revive();
    this.reset();
    const flight = this.#flights.create('absent', undefined, this.#vault.current?.token);
    return (this.#flights.running ?? this.#flights.launch(flight)).join();
  }

  /**
   * Waits until nothing is under way: no renewal, no commit. Starts nothing and ends nothing, and never rejects. It waits for
   * `deadlineMs` at most.
   */
  async settled(): Promise<void> {
    if (isInside(this)) return;
    const { running } = this.#flights;
    if (running !== undefined) await running.join().then(noop, noop);
    if (this.#vault.unsettled) await keepAlive(this.#vault.flush());
  }

  /**
   * Ends the cache: waits for a renewal under way, so that a rotated refresh token is committed, then forgets what memory
   * holds. The store keeps its token. Afterwards everybody gets a {@link CredentialError}. Never rejects.
   */
  async close(): Promise<void> {
    if (this.#closed) return;
    await this.settled();
    this.#closed = true;
    this.#flights.overtake('cleared', closedError());
    this.#vault.forget();
    this.reset();
  }

  /** The same as {@link TokenCache.close}, for `await using`. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
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
    if (isInside(this)) return this.#answerInside(undefined);
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
    const { current } = this.#vault;
    if (current === undefined || !isUsable(current, undefined, this.#clock)) throw error;
    return current.token;
  }

  #refreshAhead(current: HeldToken): void {
    const demand = lastingDemand(current.demand);
    if (this.#closed || this.#vault.verdict !== undefined || this.#failures.answerTo(demand) !== undefined) return;
    if (this.#vault.blocked) return;
    this.#flights.launch(this.#flights.create('ahead', demand, current.token));
  }

  #wait(reason: RenewalReason, demand: Demand | undefined, refused?: Token): Promise<Token> {
    if (isInside(this)) return this.#answerInside(refused);
    const { running } = this.#flights;
    const flight =
      running === undefined ? this.#start(reason, demand, refused) : this.#flights.board(running, reason, demand);
    if (!(flight instanceof Flight)) return Promise.reject(flight);
    if (refused === undefined) return flight.join();
    this.#noteRefusal(flight, refused);
    return flight.joinRefused(refused);
  }

  /** The caller is our own callback or source. If it waited, all callers would wait for each other. */
  async #answerInside(refused: Token | undefined): Promise<Token> {
    const newest = this.#vault.newest;
    if (newest !== undefined && isUsable(newest, undefined, this.#clock)) return newest.token;
    if (refused !== undefined) return refused;
    throw new CredentialError(
      'The token source (or a callback) needs a token of the very authenticator that waits for it. Does it send its ' +
        'request through the client that it serves? Give it a client of its own.',
    );
  }

  /** The source has nothing better than what it gave last. Somebody else may have put something into the store. */
  #lookForBetter(demand: Demand | undefined, refused: Token): Promise<Token> {
    const wanted = unionOfDemands(lastingDemand(this.#vault.current?.demand), demand);
    const flight = this.#flights.create('refused', wanted, refused);
    flight.looksOnly = true;
    return this.#flights.launch(flight).joinRefused(refused);
  }

  /** A remembered failure answers in the place of a renewal. */
  #start(reason: RenewalReason, demand: Demand | undefined, refused?: Token): Flight | AuthError {
    if (this.#closed) return closedError();
    const wanted = unionOfDemands(lastingDemand(this.#vault.current?.demand), demand);
    const failure = this.#vault.verdict ?? this.#failures.answerTo(wanted);
    if (failure === undefined || this.#mayLook()) {
      return this.#flights.launch(this.#flights.create(reason, wanted, refused));
    }
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

  async #fail(flight: Flight, error: unknown): Promise<void> {
    this.#vault.failed(flight.singleUse === true);
    const reported = asAuthError(error);
    let token = this.#renewer.suitable(flight);
    if (token === undefined && flight.overtaken === undefined && !flight.remembered) {
      const told = this.#report(flight, reported);
      if (told !== undefined) await told;
      token = this.#renewer.suitable(flight);
      if (flight.abandoned) return;
    }
    if (token !== undefined) {
      this.#succeed(flight, token);
      return;
    }
    this.#land();
    flight.reject(reported);
  }

  /** It is dead: what it held is free, and what it has sent may have been used. */
  #abandoned(): void {
    this.#vault.abandon();
    this.#ready = this.#vault.current;
  }

  #land(): void {
    this.#ready = this.#vault.current;
    this.#flights.land();
  }

  /** A failure of the store is not the source's, which may be asked as soon as the store is well. */
  #report(flight: Flight, error: AuthError): Promise<void> | undefined {
    if (error.code === 'ERR_AUTH_STORE') return undefined;
    const failure = { reason: flight.reason, ...this.#failures.remember(error, flight.demand) };
    this.#log.debug('renewal failed', { code: error.code, ...failure });
    return this.#listener.tell(error, failure);
  }

  #tellTrouble(error: AuthError, nextTryInMs: number): void {
    const reason = this.#flights.running?.reason ?? 'absent';
    this.#log.debug('store failed', { code: error.code, nextTryInMs });
    void this.#listener.tell(error, { reason, terminal: false, nextTryInMs });
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
    const { store } = this.#options;
    if (store === undefined || (this.#lookedUntil !== undefined && !this.#clock.reached(this.#lookedUntil)))
      return false;
    this.#lookedUntil = this.#clock.after(LOOK_MS);
    return true;
  }

  #assertOpen(): void {
    if (this.#closed) throw closedError();
  }
}

function closedError(): CredentialError {
  return new CredentialError('The authenticator was closed: it gives no tokens any more.');
}

function noop(): void {}
