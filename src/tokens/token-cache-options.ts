import { type AuthError, ConfigurationError } from '../errors.ts';
import type { AuthLogger } from '../logging/auth-logger.ts';
import type { ClockOptions } from './clock.ts';
import type { LifetimeOptions } from './lifetime.ts';
import type { TokenStore } from './store.ts';
import type { RenewalReason, Token, TokenSource } from './token.ts';

/** What is said of a renewal that failed. */
export interface RenewalFailure {
  readonly reason: RenewalReason;
  /** Asking again will not help: the credential itself must change. */
  readonly terminal: boolean;
  /** Milliseconds until the source may be asked again. */
  readonly nextTryInMs: number;
}

/** How a {@link TokenCache} renews and keeps tokens. */
export interface TokenCacheOptions extends ClockOptions, Partial<LifetimeOptions> {
  /** A first token, used until it expires or is refused. What a store holds is newer. */
  readonly token?: Token;
  /** A token counts as expired this many milliseconds early, a tenth of its life at most. Default: 30,000. */
  readonly skewMs?: number;
  /**
   * A token is renewed in the background this many milliseconds before that, a fifth of its life at most; calls go on
   * with the living one. 0 turns it off. Default: 60,000.
   */
  readonly refreshAheadMs?: number;
  /** How long a renewal may take, in milliseconds. Default: what the source says, else 30,000. */
  readonly deadlineMs?: number;
  /**
   * How long after a hopeless renewal the source is left alone, in milliseconds; `Infinity`: until the credential
   * changes. Default: 60,000.
   */
  readonly timeToNextRequestMs?: number;
  /** Where tokens live beyond this object. */
  readonly store?: TokenStore;
  /** Whose tokens these are: two tenants never share a key. Needed with a store, unless the source knows it. */
  readonly storeKey?: string;
  /**
   * Told of each token that the source makes, once it is in the store; nobody gets the token before this is done. What
   * it throws reaches the callers as the cause of a {@link StoreError}, and it is called again before the next use.
   */
  readonly onToken?: (token: Token) => void | Promise<void>;
  /** Told of each renewal that failed, those in the background included. */
  readonly onRenewalFailed?: (error: AuthError, failure: RenewalFailure) => void;
  /** Sees each token the moment it is learned, wherever it comes from; throws to refuse it. */
  readonly check?: (token: Token) => void;
  /** Random bytes, for the jitter. Default: `crypto.getRandomValues`. */
  readonly random?: (bytes: number) => Uint8Array;
  readonly log?: AuthLogger;
}

const DEFAULT_DEADLINE_MS = 30_000;

/** Fills in and checks the durations. */
export function durations(source: TokenSource, options: TokenCacheOptions): LifetimeOptions & { deadlineMs: number } {
  const { skewMs = 30_000, refreshAheadMs = 60_000, timeToNextRequestMs = 60_000 } = options;
  const deadlineMs = options.deadlineMs ?? source.deadlineMs ?? DEFAULT_DEADLINE_MS;
  const all = { skewMs, refreshAheadMs, timeToNextRequestMs, deadlineMs };
  for (const [option, value] of Object.entries(all)) {
    if (typeof value === 'number' && value >= 0) continue;
    throw new ConfigurationError(`option '${option}' must be a number of milliseconds, 0 or more.`, { option });
  }
  return all;
}

/** The key for the store. */
export function storeKeyOf(source: TokenSource, options: TokenCacheOptions): string {
  const key = options.storeKey ?? source.storeKey ?? '';
  if (options.store !== undefined && key === '') {
    throw new ConfigurationError(
      "option 'storeKey' must say whose tokens these are, so that no two tenants share one.",
      {
        option: 'storeKey',
      },
    );
  }
  return key;
}

export function secureRandom(bytes: number): Uint8Array {
  return crypto.getRandomValues(new Uint8Array(bytes));
}
