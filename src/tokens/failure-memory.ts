import type { AuthError } from '../errors.ts';
import { classify, retryDelay } from './back-off.ts';
import type { Instant } from './clock.ts';
import { covers } from './demand.ts';
import type { CacheSettings } from './settings.ts';
import type { Demand } from './token.ts';

interface Remembered {
  readonly error: AuthError;
  readonly terminal: boolean;
  readonly demand: Demand | undefined;
  readonly until: Instant;
  /** What later callers get. */
  repeated?: AuthError;
}

/** The last time that a `Date` can hold. */
const LATEST = 8.64e15;

/** Remembers the last failure while asking again would be too early. */
export class FailureMemory {
  readonly #settings: CacheSettings;
  #last: Remembered | undefined;
  #transientInARow = 0;

  constructor(settings: CacheSettings) {
    this.#settings = settings;
  }

  /** @returns How the failure was judged. */
  remember(error: AuthError, demand: Demand | undefined): { readonly terminal: boolean; readonly nextTryInMs: number } {
    const { clock, chance, timeToNextRequestMs } = this.#settings;
    const { terminal, retryAt } = classify(error);
    const retryAfterMs = retryAt === undefined ? undefined : retryAt - clock.now();
    const nextTryInMs = Math.ceil(
      terminal ? timeToNextRequestMs : retryDelay(this.#transientInARow, retryAfterMs, chance),
    );
    this.#transientInARow = terminal ? 0 : this.#transientInARow + 1;
    this.#last = { error, terminal, demand, until: clock.after(nextTryInMs) };
    return { terminal, nextTryInMs };
  }

  /**
   * The failure that answers a request for `demand`. A network failure concerns everybody; that a server refused to
   * grant something says nothing about callers who ask for less.
   */
  answerTo(demand: Demand | undefined): AuthError | undefined {
    const last = this.#last;
    if (last === undefined || this.#settings.clock.reached(last.until)) return undefined;
    if (last.terminal && !covers(demand, last.demand)) return undefined;
    // One object for all later callers: in an outage there may be many.
    last.repeated ??= remembered(last.error, last.until);
    return last.repeated;
  }

  /** Milliseconds until the next request is allowed. */
  nextTryInMs(): number {
    return this.#last === undefined ? 0 : Math.ceil(this.#settings.clock.until(this.#last.until));
  }

  /** The credential has changed, or a renewal has succeeded. */
  forget(): void {
    this.#last = undefined;
    this.#transientInARow = 0;
  }
}

/** The same error for later callers: it says that it is remembered, until when, and what ends that. */
function remembered(error: AuthError, { wall }: Instant): AuthError {
  const until = wall < LATEST ? new Date(wall).toISOString() : 'the credential changes';
  const { stack: _, message: __, ...properties } = Object.getOwnPropertyDescriptors(error);
  const copy = new Error(`${error.message} (remembered until ${until}; tokens.reset() tries again at once)`);
  return Object.setPrototypeOf(Object.defineProperties(copy, properties), Object.getPrototypeOf(error));
}
