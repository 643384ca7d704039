import { StoreError } from '../errors.ts';
import { chain, isPromise } from '../lifecycle/promises.ts';
import { inNeutralContext, runInside } from '../neutral-context.ts';
import type { AuthLogger } from '../secrets/debug-sink.ts';
import { retryDelay } from './back-off.ts';
import type { Clock } from './clock.ts';
import type { FailureMemory } from './failure-memory.ts';
import type { Flight } from './flight.ts';
import { isUsable } from './held-token.ts';
import { sleep } from './sleep.ts';
import type { Token, TokenRequest, TokenSource } from './token.ts';
import type { TokenVault } from './token-vault.ts';
import { isPassing, retryAtOf, type UseVerdict, useVerdict } from './use-verdict.ts';

/** How often a renewal starts anew because somebody else has written a token that is of no use to us. */
const MAX_ROUNDS = 3;

export interface RenewerOptions {
  readonly source: TokenSource;
  readonly vault: TokenVault;
  readonly failures: FailureMemory;
  readonly clock: Clock;
  readonly log: AuthLogger;
  readonly deadlineMs: number;
  /** How many requests one renewal makes at most. */
  readonly tries: number;
  /** From 0 to below 1. */
  readonly random: () => number;
  /** Whom the source may call back. */
  readonly owner: object;
}

/**
 * Carries out one renewal: asks the source, again where that may help, and lets the vault keep the answer. Knows nothing of
 * those who wait.
 */
export class Renewer {
  protected readonly options: RenewerOptions;

  constructor(options: RenewerOptions) {
    this.options = options;
  }

  /** Goes on after the deadline if the source does: a rotated refresh token that comes late must not be lost. */
  async run(flight: Flight, signal: AbortSignal): Promise<Token> {
    for (let round = 0; round < MAX_ROUNDS; round += 1) {
      const token = await this.#attempt(flight, signal);
      if (token !== undefined) return token;
      signal.throwIfAborted();
    }
    throw new StoreError('The token was replaced by somebody else each time a new one had been made.');
  }

  /** A token that is there, and is what the flight is for. */
  suitable(flight: Flight): Token | undefined {
    const current = this.options.vault.current;
    if (current === undefined || current.token.accessToken === flight.unwanted?.accessToken) return undefined;
    return isUsable(current, flight.demand, this.options.clock) ? current.token : undefined;
  }

  async #attempt(flight: Flight, signal: AbortSignal): Promise<Token | undefined> {
    const { vault } = this.options;
    if (vault.unsettled) await vault.settle();
    return this.suitable(flight) ?? this.obtain(flight, signal);
  }

  /** What is here is of no use: get something better. */
  protected obtain(flight: Flight, signal: AbortSignal): Promise<Token | undefined> {
    return this.make(flight, signal);
  }

  protected async make(flight: Flight, signal: AbortSignal): Promise<Token | undefined> {
    const { vault } = this.options;
    this.throwRemembered(flight);
    const order = vault.reserve();
    const known = vault.previous();
    const previous = isPromise(known) ? await known : known;
    const answer = await this.#ask(flight, signal, order, previous);
    if (answer === undefined) return undefined;
    try {
      vault.take(answer, previous, order, flight.demand);
    } catch (error) {
      // An answer that cannot be used has used up what was sent for it.
      vault.lost();
      throw error;
    }
    await vault.settle();
    const current = vault.current;
    return current?.generation === order ? current.token : this.suitable(flight);
  }

  /** @returns `undefined`: somebody else has been faster, start anew. */
  async #ask(flight: Flight, signal: AbortSignal, order: number, previous: Token | undefined) {
    const { source, vault } = this.options;
    flight.generation = order;
    for (let tried = 1; ; tried += 1) {
      flight.restart = false;
      try {
        if (source.presents !== true && previous?.refreshToken !== undefined) {
          const presented = this.#present(flight, previous.refreshToken);
          if (isPromise(presented)) await presented;
          signal.throwIfAborted();
        }
        return await this.#request(flight, signal, previous);
      } catch (error) {
        if (flight.restart) return undefined;
        const verdict = vault.presented === undefined ? undefined : useVerdict(error, source.presents !== true);
        const delayMs = this.#retryIn(flight, error, tried, verdict);
        if (delayMs === undefined || signal.aborted) return this.#failed(error, verdict);
        if (verdict === 'lost') vault.lost();
        this.options.log.debug('renewal tried again', { afterMs: Math.round(delayMs), tried });
        await sleep(delayMs, signal);
      }
    }
  }

  /** Nothing may stand between a note and its request, and an answer and its commit, but the wire. */
  async #request(flight: Flight, signal: AbortSignal, previous: Token | undefined): Promise<Token> {
    const { log, source, owner } = this.options;
    const { demand, reason } = flight;
    if (log.enabled) log.debug('renewal started', { reason, generation: flight.generation });
    const request: TokenRequest = {
      signal,
      reason,
      ...(source.presents === true && { present: async (token: string) => this.#present(flight, token) }),
      ...(previous !== undefined && { previous }),
      ...(demand !== undefined && { demand }),
    };
    const ask = () => runInside(owner, () => source.requestToken(request));
    flight.asking = true;
    try {
      return await (source.context === 'caller' ? ask() : inNeutralContext(ask));
    } finally {
      flight.asking = false;
    }
  }

  #present(flight: Flight, refreshToken: string): void | Promise<void> {
    const { vault } = this.options;
    return chain(vault.present(refreshToken, flight.alone), (first) => {
      flight.singleUse = vault.singleUse;
      if (first) return;
      flight.restart = true;
      throw new StoreError('Somebody else has just renewed the token.');
    });
  }

  /** How long to wait before the next request; `undefined`: there must not be one, or the deadline leaves no time for it. */
  #retryIn(flight: Flight, error: unknown, tried: number, verdict: UseVerdict | undefined): number | undefined {
    const { source, vault, clock, deadlineMs, tries, random } = this.options;
    if (tried >= tries || !isPassing(error)) return undefined;
    const again =
      verdict === undefined
        ? source.interactive !== true
        : verdict === 'unused' || !vault.singleUse || (verdict === 'lost' && vault.mayReplay);
    if (!again) return undefined;
    const retryAt = retryAtOf(error);
    const delayMs = retryDelay(tried - 1, retryAt === undefined ? undefined : retryAt - clock.now(), random);
    return clock.monotonic() - flight.startedAt + delayMs < deadlineMs ? delayMs : undefined;
  }

  /** What the failure means for the refresh token that was sent. */
  async #failed(error: unknown, verdict: UseVerdict | undefined): Promise<undefined> {
    const { vault } = this.options;
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

  /** The failure of another renewal, which came between, may answer this one too. */
  protected throwRemembered(flight: Flight): void {
    const error = this.options.vault.verdict ?? this.options.failures.answerTo(flight.demand);
    if (error === undefined) return;
    flight.remembered = true;
    throw error;
  }
}
