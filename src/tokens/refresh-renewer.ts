import { StoreError } from '../errors.ts';
import { chain, isPromise } from '../lifecycle/promises.ts';
import type { FailureMemory } from './failure-memory.ts';
import { isPassing } from './faults.ts';
import type { Flight } from './flight.ts';
import { KEEP } from './keeping.ts';
import { understandErrors } from './oauth-errors.ts';
import { outlive } from './outlive.ts';
import type { RefreshVault } from './refresh-vault.ts';
import { Renewer } from './renewer.ts';
import type { CacheSettings } from './settings.ts';
import type { Token } from './token.ts';
import { type UseVerdict, useVerdict } from './use-verdict.ts';

/** How often a renewal starts again because somebody else has written a token that is of no use to us. */
const MAX_ROUNDS = 3;

/** Renews with refresh tokens: notes each one before it goes out, and sends it again only where it was not used. */
export class RefreshRenewer extends Renewer {
  readonly #vault: RefreshVault;

  constructor(settings: CacheSettings, vault: RefreshVault, failures: FailureMemory) {
    super(settings, vault, failures);
    understandErrors();
    this.#vault = vault;
  }

  override async run(flight: Flight, signal: AbortSignal): Promise<Token> {
    for (let round = 0; round < MAX_ROUNDS; round += 1) {
      const token = await this.attempt(flight, signal);
      if (token !== undefined) return token;
      signal.throwIfAborted();
    }
    throw new StoreError('The token was replaced by somebody else each time a new one had been made.');
  }

  protected override async ask(
    flight: Flight,
    signal: AbortSignal,
    previous: Token | undefined,
  ): Promise<Token | undefined> {
    const { clock, deadlineMs } = this.settings;
    const leftMs = flight.startedAt + deadlineMs - clock.monotonic();
    const passes = (error: unknown) => this.#sendsThem && isPassing(error) && this.#mayRepeat(error);
    const limits = { ...this.retry, signal, deadlineMs: leftMs, now: clock.now, passes };
    try {
      return await outlive(() => this.#send(flight, signal, previous), limits);
    } catch (error) {
      // Given up: that has already noted what was sent, and another request may be out by now.
      signal.throwIfAborted();
      return this.#failed(flight, error);
    }
  }

  /** Only a store has brought us: the source knows nothing of refresh tokens, and repeats its requests itself. */
  get #sendsThem(): boolean {
    const { source } = this.settings;
    return source.presents === true || KEEP in source;
  }

  async #send(flight: Flight, signal: AbortSignal, previous: Token | undefined): Promise<Token> {
    const { presents } = this.settings.source;
    flight.restart = false;
    if (presents !== true && previous?.refreshToken !== undefined) {
      const presented = this.#present(flight, signal, previous.refreshToken);
      if (isPromise(presented)) await presented;
      signal.throwIfAborted();
    }
    const present = async (token: string) => this.#present(flight, signal, token);
    const more = this.#sendsThem ? {} : { retry: this.retry };
    return this.request(flight, { signal, ...(previous && { previous }), ...(presents && { present }), ...more });
  }

  #present(flight: Flight, signal: AbortSignal, refreshToken: string): void | Promise<void> {
    // A renewal that was given up while the store was slow: another one may have begun, and would take this note back.
    signal.throwIfAborted();
    return chain(this.#vault.present(refreshToken, flight.alone === true), (first) => {
      flight.singleUse = this.#vault.singleUse;
      if (first) return;
      flight.restart = true;
      throw new StoreError('Somebody else has just renewed the token.');
    });
  }

  /** May the source be asked the same once more? */
  #mayRepeat(error: unknown): boolean {
    const verdict = this.#verdictOf(error);
    if (verdict === undefined) return this.settings.source.interactive !== true;
    if (verdict === 'unused') return true;
    const may = !this.#vault.singleUse || (verdict === 'lost' && this.#vault.mayReplay);
    if (verdict === 'lost') this.#vault.lost();
    return may;
  }

  /** What the failure means for the refresh token that was sent. */
  async #failed(flight: Flight, error: unknown): Promise<undefined> {
    if (flight.restart) return undefined;
    const vault = this.#vault;
    const verdict = this.#verdictOf(error);
    if (verdict === 'dead') {
      await vault.look().catch(() => undefined);
      if (vault.presented === undefined && vault.newest !== undefined) return undefined;
      throw await vault.died(error);
    }
    if (verdict === 'lost') vault.lost();
    else if (verdict !== undefined) {
      vault.unsent();
      await vault.flush();
    }
    throw error;
  }

  #verdictOf(error: unknown): UseVerdict | undefined {
    return this.#vault.presented === undefined ? undefined : useVerdict(error, this.settings.source.presents !== true);
  }
}
