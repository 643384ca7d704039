import { StoreError } from '../errors.ts';
import { chain, isPromise } from '../lifecycle/promises.ts';
import type { FailureMemory } from './failure-memory.ts';
import type { Flight } from './flight.ts';
import type { RefreshVault } from './refresh-vault.ts';
import { Renewer } from './renewer.ts';
import type { CacheSettings } from './settings.ts';
import type { Token } from './token.ts';
import { type UseVerdict, useVerdict } from './use-verdict.ts';

/** Renews with refresh tokens: notes each one before it goes out, and sends it again only where it was not used. */
export class RefreshRenewer extends Renewer {
  readonly #vault: RefreshVault;

  constructor(settings: CacheSettings, vault: RefreshVault, failures: FailureMemory) {
    super(settings, vault, failures);
    this.#vault = vault;
  }

  protected override async request(flight: Flight, signal: AbortSignal, previous: Token | undefined): Promise<Token> {
    flight.restart = false;
    if (this.settings.source.presents === true) {
      return super.request(flight, signal, previous, async (token) => this.#present(flight, signal, token));
    }
    if (previous?.refreshToken !== undefined) {
      const presented = this.#present(flight, signal, previous.refreshToken);
      if (isPromise(presented)) await presented;
      signal.throwIfAborted();
    }
    return super.request(flight, signal, previous);
  }

  #present(flight: Flight, signal: AbortSignal, refreshToken: string): void | Promise<void> {
    // A renewal that was given up while the store was slow: another one may have begun, and would take this note back.
    signal.throwIfAborted();
    return chain(this.#vault.present(refreshToken, flight.alone), (first) => {
      flight.singleUse = this.#vault.singleUse;
      if (first) return;
      flight.restart = true;
      throw new StoreError('Somebody else has just renewed the token.');
    });
  }

  protected override mayRepeat(error: unknown): boolean {
    const verdict = this.#verdictOf(error);
    if (verdict === undefined) return super.mayRepeat(error);
    if (verdict === 'unused') return true;
    const may = !this.#vault.singleUse || (verdict === 'lost' && this.#vault.mayReplay);
    if (verdict === 'lost') this.#vault.lost();
    return may;
  }

  /** What the failure means for the refresh token that was sent. */
  protected override async failed(flight: Flight, error: unknown): Promise<undefined> {
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
