/**
 * One HTTP call to an endpoint of an authorization server: bounded in size, bounded in time, and never redirected.
 */

import { TokenEndpointError } from '../errors.ts';
import type { TokenResponse } from './token-response.ts';

/** What the engine of every token request needs. */
export interface EndpointCallOptions {
  /** For requests to the authorization server. Default: the global `fetch`, never an authenticated client. */
  readonly fetch?: typeof fetch;
  /** The wall clock, in milliseconds since the epoch. Default: `Date.now`. */
  readonly now?: () => number;
}

/** The largest answer that is read, decoded: 1 MiB. */
const MAX_BYTES = 1024 * 1024;

/**
 * Sends and reads the answer.
 *
 * @param send - Makes the request with `redirect: 'manual'` and the signal.
 * @throws {@link TokenEndpointError} of kind `network`, `timeout` (the signal aborted) or `malformed` (too large).
 */
export async function callEndpoint(
  url: URL,
  signal: AbortSignal,
  send: (fetchWith: typeof fetch) => Promise<Response>,
  options: EndpointCallOptions = {},
): Promise<TokenResponse> {
  const endpoint = url.origin + url.pathname;
  const response = await reach(endpoint, signal, () => send(options.fetch ?? globalThis.fetch));
  if (response.redirected) {
    await response.body?.cancel().catch(() => undefined);
    throw new TokenEndpointError(`${endpoint} was left by a redirect that option 'fetch' should not have followed.`, {
      kind: 'http-status',
      status: response.status,
    });
  }
  const text = await reach(endpoint, signal, () => readText(response, endpoint));
  const { status, headers } = response;
  return { endpoint, status, headers, text, receivedAt: (options.now ?? Date.now)() };
}

async function reach<T>(endpoint: string, signal: AbortSignal, action: () => Promise<T>): Promise<T> {
  try {
    return await action();
  } catch (cause) {
    if (cause instanceof TokenEndpointError) throw cause;
    throw signal.aborted
      ? new TokenEndpointError(`${endpoint} did not answer in time (option 'deadlineMs').`, { kind: 'timeout', cause })
      : new TokenEndpointError(`${endpoint} could not be reached${reason(cause)}.`, { kind: 'network', cause });
  }
}

/** The system's code, such as ECONNREFUSED: messages of other libraries may hold what was sent. */
function reason(error: unknown): string {
  const cause: unknown = error instanceof Error ? (error.cause ?? error) : error;
  const code: unknown = typeof cause === 'object' && cause !== null && 'code' in cause ? cause.code : undefined;
  return typeof code === 'string' && /^[A-Z_]{3,40}$/.test(code) ? ` (${code})` : '';
}

async function readText(response: Response, endpoint: string): Promise<string> {
  const reader = response.body?.getReader();
  if (reader === undefined) return '';
  const decoder = new TextDecoder();
  let text = '';
  let size = 0;
  for (let chunk = await reader.read(); !chunk.done; chunk = await reader.read()) {
    size += chunk.value.byteLength;
    if (size > MAX_BYTES) {
      await reader.cancel().catch(() => undefined);
      throw new TokenEndpointError(`${endpoint} gave no usable answer: it is larger than 1 MiB.`, {
        kind: 'malformed',
        status: response.status,
      });
    }
    text += decoder.decode(chunk.value, { stream: true });
  }
  return text + decoder.decode();
}
