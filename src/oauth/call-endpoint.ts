/**
 * One HTTP call to an endpoint of an authorization server: bounded in size, bounded in time, and never redirected.
 */

import { type AuthErrorCode, isAuthError, TokenEndpointError } from '../errors.ts';
import { errorCode, plainCause } from '../secrets/plain-cause.ts';
import { isRedirect, malformed, type TokenResponse } from './token-response.ts';

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
  const response = await reach(endpoint, signal, 'could not be reached', () => send(options.fetch ?? globalThis.fetch));
  if (response.redirected) {
    await discard(response.body);
    throw new TokenEndpointError(`option 'fetch' followed a redirect from ${endpoint}, which is not allowed.`, {
      kind: 'http-status',
      status: response.status,
    });
  }
  const text = await reach(endpoint, signal, 'broke off in its answer', () => readText(response));
  const { status, headers } = response;
  const answer = { endpoint, status, headers, text: text ?? '', receivedAt: (options.now ?? Date.now)() };
  if (text === undefined && response.ok) throw malformed(answer, 'the answer is larger than 1 MiB');
  return answer;
}

/** What a transport says of a connection is the cause of a network failure, which may pass. */
const CONNECTION: readonly AuthErrorCode[] = ['ERR_AUTH_PROXY', 'ERR_AUTH_TLS'];

async function reach<T>(endpoint: string, signal: AbortSignal, failed: string, action: () => Promise<T>): Promise<T> {
  try {
    return await action();
  } catch (error) {
    const cause = plainCause(error);
    // The global fetch wraps what a dispatcher throws.
    const own = [error, cause instanceof Error ? cause.cause : undefined].find(isAuthError);
    if (own !== undefined && (own === error || !CONNECTION.includes(own.code))) throw own;
    throw signal.aborted
      ? new TokenEndpointError(`${endpoint} did not answer in time (option 'deadlineMs').`, { kind: 'timeout', cause })
      : new TokenEndpointError(`${endpoint} ${failed}${reason(error)}.`, { kind: 'network', cause });
  }
}

/** The system's code, such as ECONNREFUSED: messages of other libraries may hold what was sent. */
function reason(error: unknown): string {
  const code = errorCode(error instanceof Error ? (error.cause ?? error) : error);
  return code === undefined ? '' : ` (${code})`;
}

/** Not a redirect: it lists choices, and does not go anywhere. */
const MULTIPLE_CHOICES = 300;

/** `undefined` for an answer that is larger than 1 MiB. A redirect's body is of no interest, however long it takes. */
async function readText({ status, body }: Response): Promise<string | undefined> {
  if (body === null) return '';
  if (isRedirect(status) && status !== MULTIPLE_CHOICES) return discard(body);
  const reader = body.getReader();
  const decoder = new TextDecoder();
  let text = '';
  let size = 0;
  for (let chunk = await reader.read(); !chunk.done; chunk = await reader.read()) {
    size += chunk.value.byteLength;
    if (size > MAX_BYTES) {
      await reader.cancel().catch(() => undefined);
      return undefined;
    }
    text += decoder.decode(chunk.value, { stream: true });
  }
  return text + decoder.decode();
}

async function discard(body: ReadableStream | null): Promise<undefined> {
  await body?.cancel().catch(() => undefined);
}
