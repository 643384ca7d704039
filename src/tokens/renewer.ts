import { isPromise } from '../lifecycle/promises.ts';
import { inNeutralContext, runInside } from '../neutral-context.ts';
import type { FailureMemory } from './failure-memory.ts';
import type { Flight } from './flight.ts';
import { isUsable } from './held-token.ts';
import type { CacheSettings } from './settings.ts';
import type { RetryLimits, Token, TokenRequest } from './token.ts';
import type { TokenVault } from './token-vault.ts';

/**
 * Carries out one renewal: asks the source and lets the vault keep the answer. Knows nothing of
 * those who wait.
 */
export class Renewer {
  protected readonly settings: CacheSettings;
  readonly #vault: TokenVault;
  readonly #failures: FailureMemory;

  constructor(settings: CacheSettings, vault: TokenVault, failures: FailureMemory) {
    this.settings = settings;
    this.#vault = vault;
    this.#failures = failures;
  }

  /** Goes on after the deadline if the source does: a rotated refresh token that comes late must not be lost. */
  async run(flight: Flight, signal: AbortSignal): Promise<Token> {
    const token = await this.attempt(flight, signal);
    signal.throwIfAborted();
    return token ?? this.run(flight, signal);
  }

  /** A token that is there, and is what the flight is for. */
  suitable(flight: Flight): Token | undefined {
    const { current } = this.#vault;
    if (current === undefined || current.token.accessToken === flight.unwanted?.accessToken) return undefined;
    return isUsable(current, flight.demand, this.settings.clock) ? current.token : undefined;
  }

  protected async attempt(flight: Flight, signal: AbortSignal): Promise<Token | undefined> {
    const vault = this.#vault;
    if (vault.unsettled) await vault.settle();
    return this.suitable(flight) ?? this.obtain(flight, signal);
  }

  /** What is here is of no use: get something better. */
  protected obtain(flight: Flight, signal: AbortSignal): Promise<Token | undefined> {
    return this.make(flight, signal);
  }

  protected async make(flight: Flight, signal: AbortSignal): Promise<Token | undefined> {
    const vault = this.#vault;
    this.throwRemembered(flight);
    const order = vault.reserve();
    flight.generation = order;
    const known = vault.previous();
    const previous = isPromise(known) ? await known : known;
    const answer = await this.ask(flight, signal, previous);
    if (answer === undefined) return undefined;
    vault.take(answer, previous, order, flight.demand);
    await vault.settle();
    const { current } = vault;
    return current?.generation === order ? current.token : this.suitable(flight);
  }

  /** @returns `undefined`: somebody else has been faster, start again. */
  protected ask(flight: Flight, signal: AbortSignal, previous: Token | undefined): Promise<Token | undefined> {
    return this.request(flight, { signal, ...(previous && { previous }), retry: this.retry });
  }

  /** What a source may do that repeats its requests itself. */
  protected get retry(): RetryLimits {
    const { tries, deadlineMs, chance, log } = this.settings;
    return { tries, deadlineMs, chance, log };
  }

  /** Nothing may stand between a note and its request, and an answer and its commit, but the wire. */
  protected async request(flight: Flight, more: TokenRequest): Promise<Token> {
    const { log, source, owner } = this.settings;
    const { demand, reason } = flight;
    if (log.enabled) log.debug('renewal started', { reason, generation: flight.generation });
    const request: TokenRequest = { ...more, reason, ...(demand && { demand }) };
    const ask = () => runInside(owner, () => source.requestToken(request));
    flight.asking = true;
    try {
      return await (source.context === 'caller' ? ask() : inNeutralContext(ask));
    } finally {
      flight.asking = false;
    }
  }

  /** The failure of another renewal, which came between, may answer this one too. */
  protected throwRemembered(flight: Flight): void {
    const error = this.#vault.verdict ?? this.#failures.answerTo(flight.demand);
    if (error === undefined) return;
    flight.remembered = true;
    throw error;
  }
}
