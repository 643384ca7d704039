import { StoreError } from '../errors.ts';
import type { AuthLogger } from '../logging/auth-logger.ts';
import type { Clock } from './clock.ts';
import type { FailureMemory } from './failure-memory.ts';
import type { Flight } from './flight.ts';
import { isUsable } from './held-token.ts';
import type { StoreSlot } from './store-slot.ts';
import type { Token, TokenSource } from './token.ts';
import type { TokenVault } from './token-vault.ts';

/** How often a renewal starts anew because somebody else has written a token that is of no use to us. */
const MAX_ROUNDS = 3;

export interface RenewerOptions {
  readonly source: TokenSource;
  readonly vault: TokenVault;
  readonly slot: StoreSlot;
  readonly failures: FailureMemory;
  readonly clock: Clock;
  readonly log: AuthLogger;
}

/**
 * Carries out one renewal: lease, re-read, ask the source only if that is still needed, commit, release. Knows nothing
 * of those who wait.
 */
export class Renewer {
  readonly #options: RenewerOptions;

  constructor(options: RenewerOptions) {
    this.#options = options;
  }

  /** Goes on after the deadline if the source does: a rotated refresh token that comes late must not be lost. */
  async run(flight: Flight, signal: AbortSignal): Promise<Token> {
    for (let round = 0; round < MAX_ROUNDS; round += 1) {
      const token = await this.#attempt(flight, signal);
      if (token !== undefined) return token;
      signal.throwIfAborted();
    }
    throw new StoreError('The token store was written by somebody else each time a new token was to be committed.');
  }

  /** A token that is there, and is what the flight is for. */
  suitable(flight: Flight): Token | undefined {
    const current = this.#options.vault.current;
    if (current === undefined || current.token.accessToken === flight.unwanted?.accessToken) return undefined;
    return isUsable(current, flight.demand, this.#options.clock) ? current.token : undefined;
  }

  async #attempt(flight: Flight, signal: AbortSignal): Promise<Token | undefined> {
    const { slot, vault } = this.#options;
    if (vault.unsettled) await vault.settle();
    const token = this.suitable(flight);
    if (token !== undefined) return token;
    if (!slot.exists) return this.#make(flight, signal);
    await vault.look();
    const stored = this.suitable(flight) ?? (flight.looksOnly ? flight.unwanted : undefined);
    return stored ?? this.#makeUnderLease(flight, signal);
  }

  #makeUnderLease(flight: Flight, signal: AbortSignal): Promise<Token | undefined> {
    const { slot, vault } = this.#options;
    this.#throwRemembered(flight);
    return slot.underLease(signal, async (lease) => {
      if (lease === undefined) return this.#make(flight, signal);
      await vault.look();
      const token = this.suitable(flight);
      return token !== undefined || lease.signal.aborted ? token : this.#make(flight, signal);
    });
  }

  async #make(flight: Flight, signal: AbortSignal): Promise<Token | undefined> {
    const { vault } = this.#options;
    this.#throwRemembered(flight);
    const generation = vault.reserve();
    const previous = vault.newest?.token;
    const answer = await this.#ask(flight, signal, generation, previous);
    vault.take(answer, previous, generation, flight.demand);
    await vault.settle();
    const current = vault.current;
    return current?.generation === generation ? current.token : this.suitable(flight);
  }

  async #ask(flight: Flight, signal: AbortSignal, generation: number, previous: Token | undefined): Promise<Token> {
    const { log, source } = this.#options;
    const { demand, reason } = flight;
    flight.generation = generation;
    flight.asking = true;
    if (log.enabled) log.debug('renewal started', { reason, generation });
    try {
      return await source.requestToken({
        signal,
        reason,
        ...(previous !== undefined && { previous }),
        ...(demand !== undefined && { demand }),
      });
    } finally {
      flight.asking = false;
    }
  }

  /** The failure of another renewal, which came between, may answer this one too. */
  #throwRemembered(flight: Flight): void {
    const error = this.#options.failures.answerTo(flight.demand);
    if (error === undefined) return;
    flight.remembered = true;
    throw error;
  }
}
