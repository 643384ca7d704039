import { CALLBACK_DEADLINE_MS } from '../callbacks.ts';
import { ConfigurationError } from '../errors.ts';
import { debugSink, func, joinOptions, milliseconds, readOptions, type Shape } from '../options.ts';
import { debugLog } from '../secrets/debug-log.ts';
import type { AuthLogger } from '../secrets/debug-sink.ts';
import { unitRandom } from './back-off.ts';
import { Clock } from './clock.ts';
import type { LifetimeOptions } from './lifetime.ts';
import type { TokenSource } from './token.ts';
import type { TokenCacheOptions } from './token-cache-options.ts';
import { cacheShape } from './token-shape.ts';

/** The options of a cache with everything that has a default filled in: what its parts are made of. */
export interface CacheSettings extends Omit<TokenCacheOptions, 'random' | keyof LifetimeOptions>, LifetimeOptions {
  readonly source: TokenSource;
  /** Whom callbacks and the source may call back. */
  readonly owner: object;
  readonly clock: Clock;
  readonly log: AuthLogger;
  readonly deadlineMs: number;
  readonly refreshDeadlineMs: number;
  readonly replayWindowMs: number;
  readonly tries: number;
  /** How long a callback may keep callers waiting: never longer than half of their own deadline. */
  readonly callbackMs: number;
  /** From 0 to below 1. */
  readonly chance: () => number;
}

const SHAPE: Shape<TokenCacheOptions> = { ...cacheShape, check: func, log: debugSink };

const DEFAULTS = {
  skewMs: 30_000,
  refreshAheadMs: 60_000,
  timeToNextRequestMs: 60_000,
  replayWindowMs: 0,
  tries: 3,
};

/** @throws {@link ConfigurationError} naming the option that is unknown or impossible. */
export function settingsOf(source: TokenSource, given: TokenCacheOptions | undefined, owner: object): CacheSettings {
  const options = readOptions('TokenCache', given, SHAPE);
  const { random, log, deadlineMs = source.deadlineMs ?? 30_000, refreshDeadlineMs = 300_000 } = options;
  // The options have been checked, what the source says has not.
  if (!milliseconds.test(deadlineMs)) {
    throw new ConfigurationError(`a source's deadlineMs must be ${milliseconds.wanted}.`, { option: 'deadlineMs' });
  }
  return joinOptions(joinOptions(DEFAULTS, options), {
    source,
    owner,
    clock: new Clock(options),
    log: log ?? debugLog(),
    deadlineMs,
    refreshDeadlineMs: Math.max(refreshDeadlineMs, deadlineMs),
    callbackMs: Math.min(CALLBACK_DEADLINE_MS, deadlineMs / 2),
    chance: random === undefined ? Math.random : () => unitRandom(random),
  }) as CacheSettings;
}
