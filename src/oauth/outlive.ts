import { TokenEndpointError } from '../errors.ts';
import { isTransientStatus, retryDelay } from '../tokens/back-off.ts';
import { sleep } from '../tokens/sleep.ts';

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
}

/** Asks again after a fault that passes: after `Retry-After`, else with jitter. For requests that change nothing. */
export async function outlive<T>(
  ask: () => Promise<T>,
  { tries = TRIES, signal, deadlineMs, now = Date.now }: OutliveOptions,
): Promise<T> {
  const end = now() + deadlineMs;
  for (let tried = 1; ; tried += 1) {
    try {
      return await ask();
    } catch (error) {
      if (tried >= tries || signal.aborted || !passes(error)) throw error;
      const { retryAt } = error;
      const delayMs = retryDelay(tried - 1, retryAt === undefined ? undefined : retryAt - now(), Math.random);
      if (now() + delayMs >= end) throw error;
      await sleep(delayMs, signal);
    }
  }
}

function passes(error: unknown): error is TokenEndpointError {
  if (!(error instanceof TokenEndpointError)) return false;
  return error.kind === 'network' || isTransientStatus(error.status);
}
