import { type AuthError, CredentialError } from '../errors.ts';
import { isInside } from '../neutral-context.ts';
import { joinOptions } from '../options.ts';
import { lastingDemand, unionOfDemands } from './demand.ts';
import { FailureListener } from './failure-listener.ts';
import { FailureMemory } from './failure-memory.ts';
import type { Flight } from './flight.ts';
import { Flights } from './flights.ts';
import { type HeldToken, isUsable } from './held-token.ts';
import { KEEP, type Keeper } from './keeping.ts';
import { Refusals } from './refusals.ts';
import { asAuthError } from './renewal-errors.ts';
import { Renewer } from './renewer.ts';
import type { CacheSettings } from './settings.ts';
import type { Demand, RenewalReason, Token, TokenSource } from './token.ts';
import { TokenVault, type VaultHost } from './token-vault.ts';

/** Decides whether there is a renewal for those who need a token, and what its outcome means for them. */
export class Renewals extends Flights implements VaultHost {
  readonly vault: TokenVault;
  readonly refusals: Refusals;
  readonly #renewer: Renewer;
  readonly #failures: FailureMemory;
  readonly #listener: FailureListener;
  readonly #known = new WeakMap<Token, HeldToken>();
  #closed = false;

  constructor(settings: CacheSettings) {
    super(settings);
    this.#failures = new FailureMemory(settings);
    this.#listener = new FailureListener(settings);
    this.refusals = new Refusals(settings);
    const { source, store, token } = settings;
    const vaultSettings = joinOptions(settings, { host: this });
    const keeper: Partial<Keeper> = store ?? (source as TokenSource & Partial<Keeper>);
    const keeping = keeper[KEEP]?.(vaultSettings);
    this.vault = keeping?.vault ?? new TokenVault(vaultSettings);
    this.#renewer = keeping?.renewer(this.#failures) ?? new Renewer(settings, this.vault, this.#failures);
    if (token !== undefined) this.vault.start(token);
  }

  /** Forgets failures and refusals: the next caller who needs a token makes a request. */
  reset(): void {
    this.#failures.forget();
    this.refusals.forget();
  }

  /** Nobody gets a token any more. */
  close(): void {
    this.#closed = true;
    this.overtake('cleared', closedError());
    this.vault.forget();
    this.reset();
  }

  assertOpen(): void {
    if (this.#closed) throw closedError();
  }

  /** What a cache knows of a token that it has handed out. */
  held(token: Token): HeldToken | undefined {
    return this.#known.get(token);
  }

  refreshAhead(current: HeldToken): void {
    const demand = lastingDemand(current.demand);
    const { vault } = this;
    if (this.#closed || vault.blocked || this.#failureFor(demand) !== undefined) return;
    this.launch(this.create('ahead', demand, current.token));
  }

  /** Joins the renewal under way, or starts one. */
  wait(reason: RenewalReason, demand: Demand | undefined, refused?: Token): Promise<Token> {
    if (isInside(this.settings.owner)) return this.answerInside(refused);
    const { running } = this;
    if (running === undefined) {
      const failure = this.#obstacle(demand);
      if (failure !== undefined) return Promise.reject(failure);
    }
    const flight =
      running === undefined
        ? this.launch(this.create(reason, this.#wanted(demand), refused))
        : this.board(running, reason, demand);
    if (refused === undefined) return flight.join();
    this.#noteRefusal(flight, refused);
    return flight.joinRefused(refused);
  }

  /** The caller is our own callback or source. If it waited, all callers would wait for each other. */
  async answerInside(refused?: Token): Promise<Token> {
    const { newest } = this.vault;
    if (newest !== undefined && isUsable(newest, undefined, this.settings.clock)) return newest.token;
    if (refused !== undefined) return refused;
    throw new CredentialError(
      'The token source or a callback waits for the token that it is to bring. Does it send its request through the ' +
        'client that it serves? Give it a client of its own.',
    );
  }

  /** The source has nothing better than what it gave last. Somebody else may have put something into the store. */
  lookForBetter(demand: Demand | undefined, refused: Token): Token | Promise<Token> {
    if (!this.vault.mayLook()) return refused;
    const flight = this.create('refused', this.#wanted(demand), refused);
    flight.looksOnly = true;
    return this.launch(flight).joinRefused(refused);
  }

  #wanted(demand: Demand | undefined): Demand | undefined {
    return unionOfDemands(lastingDemand(this.vault.current?.demand), demand);
  }

  /** A remembered failure is the answer instead of a renewal. */
  #obstacle(demand: Demand | undefined): AuthError | undefined {
    if (this.#closed) return closedError();
    const failure = this.#failureFor(this.#wanted(demand));
    if (failure === undefined || this.vault.mayLook()) return undefined;
    const { log } = this.settings;
    if (log.enabled) log.debug('served from back-off', { nextTryInMs: this.#failures.nextTryInMs() });
    return failure;
  }

  #failureFor(demand: Demand | undefined): AuthError | undefined {
    return this.vault.verdict ?? this.#failures.answerTo(demand);
  }

  protected run(flight: Flight, signal: AbortSignal): Promise<Token> {
    return this.#renewer.run(flight, signal);
  }

  protected succeed(flight: Flight, token: Token): void {
    const { generation, startedAt, waiters } = flight;
    const { clock, log } = this.settings;
    if (generation !== undefined) {
      if (flight.refusedUnaccepted === true) this.refusals.renewedInVain();
      log.debug('renewed', { durationMs: Math.round(clock.monotonic() - startedAt), generation, waiters });
    }
    this.land();
    flight.resolve(token);
  }

  protected async fail(flight: Flight, error: unknown): Promise<void> {
    this.vault.failed(flight.singleUse === true);
    const reported = asAuthError(error);
    let token = this.#renewer.suitable(flight);
    if (token === undefined && flight.overtaken === undefined && !flight.remembered) {
      const told = this.#report(flight, reported);
      if (told !== undefined) await told;
      token = this.#renewer.suitable(flight);
      if (flight.abandoned) return;
    }
    if (token !== undefined) {
      this.succeed(flight, token);
      return;
    }
    this.land();
    flight.reject(reported);
  }

  /** What it held is free, and what it has sent may have been used. */
  protected abandoned(): void {
    this.vault.abandon();
    this.vault.ready = this.vault.current;
  }

  protected override land(): void {
    this.vault.ready = this.vault.current;
    super.land();
  }

  /** A failure of the store is not the source's, which may be asked as soon as the store is well. */
  #report(flight: Flight, error: AuthError): Promise<void> | undefined {
    if (error.code === 'ERR_AUTH_STORE') return undefined;
    const failure = { reason: flight.reason, ...this.#failures.remember(error, flight.demand) };
    this.settings.log.debug('renewal failed', { code: error.code, ...failure });
    return this.#listener.tell(error, failure);
  }

  troubled(error: AuthError, nextTryInMs: number): void {
    const reason = this.running?.reason ?? 'absent';
    this.settings.log.debug('store failed', { code: error.code, nextTryInMs });
    void this.#listener.tell(error, { reason, terminal: false, nextTryInMs });
  }

  /** While the refused token is being replaced, nobody else has to learn that it is refused. */
  #noteRefusal(flight: Flight, refused: Token): void {
    if (refused.accessToken !== this.vault.current?.token.accessToken) return;
    flight.refusedUnaccepted ??= !this.refusals.wasAccepted(refused);
    this.refusals.refuse(refused);
    this.vault.ready = undefined;
  }

  changed(current: HeldToken | undefined): void {
    if (current === undefined) return;
    this.#known.set(current.token, current);
    this.#failures.forget();
  }
}

function closedError(): CredentialError {
  return new CredentialError('The authenticator is closed.');
}
