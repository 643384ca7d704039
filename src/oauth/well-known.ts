import { TokenEndpointError } from '../errors.ts';
import { withDeadline } from '../tokens/deadline.ts';
import { callEndpoint, type EndpointCallOptions } from './call-endpoint.ts';
import { outlive } from './outlive.ts';
import type { TokenResponse } from './token-response.ts';

/** How long metadata may take, in milliseconds, all its well-known places together. */
const DEADLINE_MS = 10_000;

/** What to look for, and where. */
export interface WellKnown<T> {
  /** In the order in which they are tried. */
  readonly places: readonly URL[];
  /** What it is called in errors. */
  readonly wanted: string;
  /** Reads an answer; throws a {@link TokenEndpointError} for one that holds nothing of the kind. */
  readonly read: (response: TokenResponse) => T;
}

/**
 * Looks for metadata in several places. A server that is well but has nothing in one of them may have it in the next.
 *
 * @param tries - Requests in one place while faults pass. Default: 3.
 * @throws {@link TokenEndpointError} (as a rejection) when it is nowhere.
 */
export function lookUp<T>(
  { places, wanted, read }: WellKnown<T>,
  options: EndpointCallOptions,
  tries?: number,
): Promise<T> {
  const { now } = options;
  const late = () =>
    new TokenEndpointError(`The ${wanted} did not come within ${DEADLINE_MS} ms.`, { kind: 'timeout' });
  return withDeadline({ ms: DEADLINE_MS, controller: new AbortController(), late }, async (signal) => {
    let last: unknown;
    for (const place of places) {
      try {
        const once = async () => read({ ...(await ask(place, signal, options)), wanted });
        return await outlive(once, { signal, deadlineMs: DEADLINE_MS, now, ...(tries !== undefined && { tries }) });
      } catch (error) {
        if (!isElsewhere(error)) throw error;
        last = error;
      }
    }
    throw last;
  });
}

function ask(place: URL, signal: AbortSignal, options: EndpointCallOptions): Promise<TokenResponse> {
  const send = (fetchWith: typeof fetch) =>
    fetchWith(place.href, { headers: { accept: 'application/json' }, redirect: 'manual', signal });
  return callEndpoint(place, signal, send, options);
}

/** The server is well, but has nothing in this place: a 404, a redirect, a page for humans. */
function isElsewhere(error: unknown): boolean {
  if (!(error instanceof TokenEndpointError)) return false;
  if (error.kind === 'malformed') return true;
  const { kind, status = 0 } = error;
  return (kind === 'http-status' || kind === 'oauth-error') && status < 500 && status !== 408 && status !== 429;
}
