import { TokenEndpointError } from '../errors.ts';
import { race } from '../lifecycle/promises.ts';

/**
 * Follows what is shared with others, and therefore goes on, until this caller's signal aborts.
 *
 * @param what - What did not come then, as the error names it.
 * @throws {@link TokenEndpointError} of kind `timeout`.
 */
export async function untilAborted<T>(promise: Promise<T>, signal: AbortSignal | undefined, what: string): Promise<T> {
  try {
    return await race(promise, signal);
  } catch (error) {
    if (signal?.aborted !== true || error !== signal.reason) throw error;
    throw new TokenEndpointError(`${what} did not arrive in time (option 'deadlineMs').`, {
      kind: 'timeout',
      cause: error,
    });
  }
}
