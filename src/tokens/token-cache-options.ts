import { type AuthError, ConfigurationError } from '../errors.ts';
import { milliseconds } from '../options.ts';
import type { AuthLogger } from '../secrets/debug-sink.ts';
import type { ClockOptions } from './clock.ts';
import type { SharedTokenStore } from './keeping.ts';
import type { LifetimeOptions } from './lifetime.ts';
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
  /** How long a caller waits for a renewal, in milliseconds. Default: what the source says, else 30,000. */
  readonly deadlineMs?: number;
  /**
   * How long a request that carries a single-use refresh token may take, in milliseconds, after callers have stopped waiting
   * for it: cutting it loses the next refresh token. Default: 300,000, and never less than `deadlineMs`.
   */
  readonly refreshDeadlineMs?: number;
  /**
   * How long a refresh token may be sent once more after an answer was lost on the wire, in milliseconds: what your provider
   * allows as a grace period, `Infinity` where it does not rotate. Default: 0, it is not sent again and somebody has to log
   * in.
   */
  readonly replayWindowMs?: number;
  /**
   * How many requests one renewal makes at most, within its deadline, when the server or the network fails for a moment. A
   * refresh token goes out again only where it was certainly not used. Default: 3.
   */
  readonly tries?: number;
  /**
   * How long after a hopeless renewal the source is left alone, in milliseconds; `Infinity`: until the credential
   * changes. Default: 60,000.
   */
  readonly timeToNextRequestMs?: number;
  /** Where tokens live beyond this object: a store of authwire's, or your own in {@link tokenStore}. */
  readonly store?: SharedTokenStore;
  /** Whose tokens these are: two tenants never share a key. Needed with a store, unless the source knows it. */
  readonly storeKey?: string;
  /**
   * Told of each token that the source makes, once it is in the store and before anybody gets it. It may use its own
   * authenticator, which has the new token already. When it throws, or takes longer than 5 s (half of `deadlineMs` at most),
   * callers get the token all the same, `onRenewalFailed` is told, and it is called again later. Runs in a neutral
   * asynchronous context.
   */
  readonly onToken?: (token: Token) => void | Promise<void>;
  /**
   * Told of each renewal that failed, those in the background included, and once of each time that the store fails. A
   * `tokens.set()` in it serves those who wait, also after an `await`: they wait up to 5 s (half of `deadlineMs` at most).
   * What it throws or rejects with is ignored. Runs in a neutral asynchronous context.
   */
  readonly onRenewalFailed?: (error: AuthError, failure: RenewalFailure) => unknown;
  /**
   * Keeps the runtime from ending a renewal with the request that began it, such as `ctx.waitUntil` on Cloudflare Workers.
   * Called in the context of that request. Without it a renewal that was ended so is noticed by the clock, and made anew.
   *
   * @example
   * import { waitUntil } from 'cloudflare:workers';
   * new AuthBearer(source, { waitUntil });
   */
  readonly waitUntil?: (work: Promise<unknown>) => unknown;
  /** Sees each token the moment it is learned, wherever it comes from; throws to refuse it. */
  readonly check?: (token: Token) => void;
  /** Random bytes, for the jitter. Default: `crypto.getRandomValues`. */
  readonly random?: (bytes: number) => Uint8Array;
  readonly log?: AuthLogger;
}

const DEFAULT_DEADLINE_MS = 30_000;
const DEFAULT_REFRESH_DEADLINE_MS = 300_000;

export interface Durations extends LifetimeOptions {
  readonly deadlineMs: number;
  readonly refreshDeadlineMs: number;
  readonly replayWindowMs: number;
}

/** Fills in the durations. The options have been checked, what the source says has not. */
export function durations(source: TokenSource, options: TokenCacheOptions): Durations {
  const { skewMs = 30_000, refreshAheadMs = 60_000, timeToNextRequestMs = 60_000, replayWindowMs = 0 } = options;
  const deadlineMs = options.deadlineMs ?? source.deadlineMs ?? DEFAULT_DEADLINE_MS;
  if (!milliseconds.test(deadlineMs)) {
    throw new ConfigurationError(`a source's deadlineMs must be ${milliseconds.wanted}.`, { option: 'deadlineMs' });
  }
  const refreshDeadlineMs = Math.max(options.refreshDeadlineMs ?? DEFAULT_REFRESH_DEADLINE_MS, deadlineMs);
  return { skewMs, refreshAheadMs, timeToNextRequestMs, deadlineMs, replayWindowMs, refreshDeadlineMs };
}

export function secureRandom(bytes: number): Uint8Array {
  return crypto.getRandomValues(new Uint8Array(bytes));
}
