import { TokenEndpointError } from '../errors.ts';
import { withDeadline } from '../tokens/deadline.ts';
import { outlive, TRIES } from '../tokens/outlive.ts';
import { callEndpoint, type EndpointCallOptions } from './call-endpoint.ts';
import type { TokenResponse } from './token-response.ts';

/** How long metadata may take, in milliseconds, all its well-known places together. */
const DEADLINE_MS = 10_000;

/** What to look for, and where. */
export interface WellKnown<T> {
  /** In the order in which they are tried. */
  readonly places: readonly URL[];
  /** What it is called in errors. */
  readonly wanted: string;
  /** The places that turned out to have nothing, remembered while a fault elsewhere is outlived. Default: none. */
  readonly empty?: Set<URL>;
  /** Reads an answer; throws a {@link TokenEndpointError} for one that holds nothing of the kind. */
  readonly read: (response: TokenResponse) => T;
}

/**
 * Looks for metadata in several places. A server that is well but has nothing in one of them may have it in the next.
 *
 * @param tries - Requests while faults pass, all places together, beyond one in each place. Default: 3.
 * @throws {@link TokenEndpointError} (as a rejection) when it is nowhere: what the first place said.
 */
export function lookUp<T>(
  { places, wanted, empty = new Set(), read }: WellKnown<T>,
  options: EndpointCallOptions,
  tries = TRIES,
): Promise<T> {
  const { now } = options;
  const late = () =>
    new TokenEndpointError(`The ${wanted} did not come within ${DEADLINE_MS} ms.`, { kind: 'timeout' });
  return withDeadline({ ms: DEADLINE_MS, controller: new AbortController(), late }, async (signal) => {
    let first: unknown;
    let left = tries;
    for (const place of places.filter((one) => !empty.has(one))) {
      let asked = 0;
      const once = async () => {
        asked += 1;
        return read({ ...(await ask(place, signal, options)), wanted });
      };
      try {
        const found = await outlive(once, { signal, deadlineMs: DEADLINE_MS, now, tries: left });
        empty.clear();
        return found;
      } catch (error) {
        if (!isElsewhere(error)) throw error;
        empty.add(place);
        first ??= error;
      }
      left -= asked - 1;
    }
    empty.clear();
    throw first;
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
