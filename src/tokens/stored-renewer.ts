import type { AuthError } from '../errors.ts';
import type { FailureMemory } from './failure-memory.ts';
import type { Flight } from './flight.ts';
import { RefreshRenewer } from './refresh-renewer.ts';
import type { CacheSettings } from './settings.ts';
import { sleep } from './sleep.ts';
import type { StoreRest } from './store-rest.ts';
import type { StoreSlot } from './store-slot.ts';
import type { StoredVault } from './stored-vault.ts';
import type { Token } from './token.ts';

/** How often the store is asked, while the request of another process is out. */
const POLL_MS = 100;
const LONGEST_POLL_MS = 1000;

/** Renews what others may renew at the same time: lease, re-read, ask the source only if that is still needed, release. */
export class StoredRenewer extends RefreshRenewer {
  readonly #vault: StoredVault;
  readonly #slot: StoreSlot;
  readonly #rest: StoreRest;

  constructor(settings: CacheSettings, vault: StoredVault, failures: FailureMemory, slot: StoreSlot, rest: StoreRest) {
    super(settings, vault, failures);
    this.#vault = vault;
    this.#slot = slot;
    this.#rest = rest;
  }

  override run(flight: Flight, signal: AbortSignal): Promise<Token> {
    this.#slot.renewKey();
    flight.alone = false;
    return super.run(flight, signal);
  }

  protected override async obtain(flight: Flight, signal: AbortSignal): Promise<Token | undefined> {
    if (!(await this.#look())) return this.make(flight, signal);
    const stored = this.suitable(flight) ?? (flight.looksOnly ? flight.unwanted : undefined);
    return stored ?? this.#makeUnderLease(flight, signal);
  }

  /** @returns `false`: the store fails, and the renewal goes on without it. */
  async #look(): Promise<boolean> {
    if (this.#rest.lasts && !this.#needsStore()) return false;
    if (this.#rest.error !== undefined) throw this.#rest.error;
    try {
      await this.#vault.look();
      return true;
    } catch (error) {
      this.#doWithout(error);
      return false;
    }
  }

  #doWithout(error: unknown): void {
    this.#vault.trouble(error as AuthError);
    if (this.#needsStore()) throw error;
  }

  /** A refresh token must not be used without the store, nor somebody be asked to log in who may have done so already. */
  #needsStore(): boolean {
    return this.#vault.rotating || this.settings.source.interactive === true;
  }

  async #makeUnderLease(flight: Flight, signal: AbortSignal): Promise<Token | undefined> {
    this.throwRemembered(flight);
    let begun = false;
    try {
      return await this.#slot.underLease(signal, async (lease) => {
        begun = true;
        flight.alone = lease !== undefined;
        if (lease === undefined) await this.#awaitOther(flight, signal);
        else await this.#vault.look();
        const token = this.suitable(flight);
        return token !== undefined || lease?.signal.aborted === true ? token : this.make(flight, signal);
      });
    } catch (error) {
      if (begun || signal.aborted) throw error;
      this.#doWithout(error);
      return this.make(flight, signal);
    }
  }

  /** Without leases a note in the store is all that says that somebody else is renewing. */
  async #awaitOther(flight: Flight, signal: AbortSignal): Promise<void> {
    const { clock, deadlineMs } = this.settings;
    for (let pause = POLL_MS; ; pause = Math.min(pause * 2, LONGEST_POLL_MS)) {
      const { usedByOther } = this.#vault;
      if (usedByOther === undefined || clock.now() - usedByOther.at >= deadlineMs) return;
      await sleep(pause, signal);
      await this.#vault.look();
      if (this.suitable(flight) !== undefined) return;
    }
  }
}
