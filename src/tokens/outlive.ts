import { isAuthError, type TokenEndpointError } from '../errors.ts';
import type { AuthLogger } from '../secrets/debug-sink.ts';
import { classify, retryDelay } from './back-off.ts';
import { sleep } from './sleep.ts';
import type { TokenRequest } from './token.ts';

/** Requests in all. */
export const TRIES = 3;

/** How often something is asked for, and when it is given up. */
export interface OutliveOptions {
  /** Requests in all. Default: {@link TRIES}. */
  readonly tries?: number;
  readonly signal: AbortSignal;
  /** No request is made after that, in milliseconds from now. */
  readonly deadlineMs: number;
  readonly now?: (() => number) | undefined;
  /** From 0 to below 1. Default: `Math.random`. */
  readonly chance?: () => number;
  /** May the same be asked again after this failure? Default: after a fault of the server or the network that passes. */
  readonly passes?: (error: unknown) => boolean;
  readonly log?: AuthLogger;
}

/** Asks again after a fault that passes: after `Retry-After`, else with jitter. */
export async function outlive<T>(
  ask: () => Promise<T>,
  { tries = TRIES, signal, deadlineMs, now = Date.now, chance = Math.random, passes = isFault, log }: OutliveOptions,
): Promise<T> {
  const end = now() + deadlineMs;
  for (let tried = 1; ; tried += 1) {
    try {
      return await ask();
    } catch (error) {
      if (tried >= tries || signal.aborted || !passes(error)) throw error;
      const retryAt = retryAtOf(error);
      const delayMs = retryDelay(tried - 1, retryAt === undefined ? undefined : retryAt - now(), chance);
      if (now() + delayMs >= end) throw error;
      log?.debug('renewal tried again', { afterMs: Math.round(delayMs), tried });
      await sleep(delayMs, signal);
    }
  }
}

/** Asks for a token as often as the cache allows. For requests that carry no refresh token. */
export function outliveFor<T>(
  { signal, retry }: TokenRequest,
  ask: () => Promise<T>,
  now: (() => number) | undefined,
  passes = isFault,
): Promise<T> {
  return outlive(ask, { tries: 1, deadlineMs: 0, ...retry, signal, now, passes });
}

/** Has the server or the network failed for a moment? */
export function isFault(error: unknown): boolean {
  if (!isTokenEndpointError(error) || classify(error).terminal) return false;
  return error.kind !== 'timeout' && error.kind !== 'malformed';
}

function retryAtOf(error: unknown): number | undefined {
  for (let one = error; isAuthError(one); one = one.cause) if (isTokenEndpointError(one)) return one.retryAt;
  return undefined;
}

function isTokenEndpointError(error: unknown): error is TokenEndpointError {
  return isAuthError(error) && error.code === 'ERR_AUTH_TOKEN_ENDPOINT';
}
