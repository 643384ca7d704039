import type { AuthLogger } from '../../../src/secrets/debug-sink.ts';
import type { Token } from '../../../src/tokens/token.ts';
import { TokenCache } from '../../../src/tokens/token-cache.ts';
import type { TokenCacheOptions } from '../../../src/tokens/token-cache-options.ts';
import { HandClock, HandSource } from './by-hand.ts';

export const HOUR = 3_600_000;

/**
 * A cache on hand-driven clocks and source, and the lines that it logged. The dice always show a half, and a renewal makes
 * one request.
 */
export function setUp(options: TokenCacheOptions = {}, source = new HandSource()) {
  const clock = new HandClock();
  const lines: { message: string; fields: Readonly<Record<string, unknown>> }[] = [];
  const log: AuthLogger = { enabled: true, debug: (message, fields = {}) => void lines.push({ message, fields }) };
  const random = () => Uint8Array.of(0, 0, 0, 128);
  const cache = new TokenCache(source, {
    now: clock.now,
    monotonic: clock.monotonic,
    random,
    log,
    tries: 1,
    ...options,
  });
  const lived = (accessToken: string, lifeMs = HOUR, more: Partial<Token> = {}): Token => {
    return { accessToken, tokenType: 'Bearer', expiresAt: clock.wall + lifeMs, ...more };
  };
  /** Gets a first token into the cache. */
  const first = async (given: Token = lived('t1')): Promise<Token> => {
    const promise = cache.get();
    source.last.resolve(given);
    return promise;
  };
  return { cache, clock, source, lines, lived, first };
}
