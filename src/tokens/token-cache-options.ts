import type { AuthError } from '../errors.ts';
import type { AuthLogger } from '../secrets/debug-sink.ts';
import type { ClockOptions } from './clock.ts';
import type { SharedTokenStore } from './keeping.ts';
import type { LifetimeOptions } from './lifetime.ts';
import type { RenewalReason, Token } from './token.ts';

/** Details of a failed renewal. */
export interface RenewalFailure {
  /** Why the token was to be renewed. */
  readonly reason: RenewalReason;
  /** `true`: asking again does not help, the credential itself has to change. */
  readonly terminal: boolean;
  /** Milliseconds until the source may be asked again. */
  readonly nextTryInMs: number;
}

/** How a {@link TokenCache} renews and keeps tokens. */
export interface TokenCacheOptions extends ClockOptions, Partial<LifetimeOptions> {
  /** The first token, used until it expires or is refused. A token in the store is considered newer. Default: none. */
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
   * refresh token goes out again only where it was certainly not used, a function of your own only after a fault of the
   * network. Default: 3.
   */
  readonly tries?: number;
  /**
   * How long the source is not asked after a failure that retrying cannot fix, in milliseconds; `Infinity`: until the credential
   * changes. Default: 60,000.
   */
  readonly timeToNextRequestMs?: number;
  /**
   * Where tokens are kept beyond this process: a store of authwire, or your own through {@link tokenStore}. Default:
   * memory.
   */
  readonly store?: SharedTokenStore;
  /**
   * The key of these tokens in the store; two tenants must not share one. Default: a key made of what the source knows,
   * such as server, client and user; required with a store if the source does not know its user.
   */
  readonly storeKey?: string;
  /**
   * Called with each token that the source returns, after the store has it and before callers get it. It may use its
   * own authenticator, which has the new token already. If it throws, or takes longer than 5 s (at most half of
   * `deadlineMs`), callers get the token nevertheless, `onRenewalFailed` is called, and it is called again later. Runs
   * in a neutral asynchronous context. Default: none.
   */
  readonly onToken?: (token: Token) => void | Promise<void>;
  /**
   * Called for each failed renewal, including those in the background, and once each time that the store fails. A
   * `tokens.set()` in it, also after an `await`, serves the waiting callers: they wait up to 5 s (at most half of
   * `deadlineMs`). Its errors and rejections are ignored. Runs in a neutral asynchronous context. Default: none.
   */
  readonly onRenewalFailed?: (error: AuthError, failure: RenewalFailure) => unknown;
  /**
   * Keeps the runtime from ending a renewal with the request that started it, such as `ctx.waitUntil` on Cloudflare
   * Workers. Called in the context of that request. Default: none; a renewal that was ended that way is detected by the
   * clock and started again.
   *
   * @example
   * import { waitUntil } from 'cloudflare:workers';
   * new AuthBearer(source, { waitUntil });
   */
  readonly waitUntil?: (work: Promise<unknown>) => unknown;
  /** Called with each token as soon as it is known, wherever it comes from; throws to reject it. Default: none. */
  readonly check?: (token: Token) => void;
  /** Random bytes, for the jitter. Default: `Math.random`. */
  readonly random?: (bytes: number) => Uint8Array;
  /** Where debug lines go. Default: nowhere. */
  readonly log?: AuthLogger;
}
