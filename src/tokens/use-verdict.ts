/**
 * What a failed request says about the refresh token that it has sent, and whether the request may go out again.
 */

import { isAuthError, type TokenEndpointError } from '../errors.ts';
import { isTransientError, isTransientStatus } from './back-off.ts';

/**
 * `'unused'`: the server has not looked at it, so it may be sent again at once. `'answered'`: the server has refused the
 * request and made no token; another renewal may send it. `'dead'`: `invalid_grant`. `'lost'`: it may have been used, and
 * the answer that holds its successor is gone.
 */
export type UseVerdict = 'unused' | 'answered' | 'dead' | 'lost';

/** No connection, so nothing was sent. */
const NOT_CONNECTED = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'EADDRNOTAVAIL',
  'UND_ERR_CONNECT_TIMEOUT',
  'ERR_TLS_CERT_ALTNAME_INVALID',
  'CERT_HAS_EXPIRED',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
]);

/** The connection broke after it was made. */
const BROKEN = new Set([
  'ECONNRESET',
  'ECONNABORTED',
  'EPIPE',
  'ETIMEDOUT',
  'UND_ERR_SOCKET',
  'UND_ERR_CLOSED',
  'UND_ERR_ABORTED',
  'UND_ERR_HEADERS_TIMEOUT',
  'UND_ERR_BODY_TIMEOUT',
  'UND_ERR_RES_CONTENT_LENGTH_MISMATCH',
]);

/** The server says that it has not begun: 425 (RFC 8470), 429 (RFC 6585), 503 (RFC 9110 §15.6.4). */
const NOT_BEGUN = new Set([425, 429, 503]);
/** Somebody between us and the server has given up waiting for its answer: it may have acted. */
const GAVE_UP = new Set([408, 504]);

const spent = new WeakSet<object>();

/** Marks what went wrong after the server had answered with a token: the refresh token that was sent is used up. */
export function markSpent(error: unknown): void {
  if (typeof error === 'object' && error !== null) spent.add(error);
}

/**
 * @param ownFunction - Is the source a function of the user's? Of its errors we know little: only one that shows a broken
 *   connection counts as a lost answer.
 */
export function useVerdict(error: unknown, ownFunction: boolean): UseVerdict {
  if (causes(error).some((one) => spent.has(one))) return 'lost';
  const endpoint = endpointError(error);
  if (endpoint === undefined) return byCode(error, ownFunction ? 'answered' : 'lost');
  const { kind, status } = endpoint;
  if (kind === 'timeout') return 'lost';
  if (kind === 'network') return byCode(endpoint, 'lost');
  if (endpoint.error === 'invalid_grant') return 'dead';
  if (isTransientError(endpoint.error) && endpoint.error !== 'server_error') return 'unused';
  if (status !== undefined && NOT_BEGUN.has(status)) return 'unused';
  if (status !== undefined && GAVE_UP.has(status)) return 'lost';
  return kind === 'malformed' && (status ?? 200) < 400 ? 'lost' : 'answered';
}

/** Is this a fault that passes, so that the same request may succeed a moment later? */
export function isPassing(error: unknown): boolean {
  const endpoint = endpointError(error);
  if (endpoint === undefined) return codes(error).some((code) => NOT_CONNECTED.has(code) || BROKEN.has(code));
  const { kind, status } = endpoint;
  if (kind === 'network') return true;
  if (kind === 'oauth-error' && isTransientError(endpoint.error)) return endpoint.error !== 'authorization_pending';
  return kind !== 'timeout' && kind !== 'malformed' && isTransientStatus(status);
}

/** When the server allows the next request, in milliseconds since the epoch. */
export function retryAtOf(error: unknown): number | undefined {
  return endpointError(error)?.retryAt;
}

function endpointError(error: unknown): TokenEndpointError | undefined {
  return causes(error).find((one) => isAuthError(one) && one.code === 'ERR_AUTH_TOKEN_ENDPOINT') as
    | TokenEndpointError
    | undefined;
}

function byCode(error: unknown, unknown: UseVerdict): UseVerdict {
  const known = codes(error);
  if (known.some((code) => NOT_CONNECTED.has(code))) return 'unused';
  // `connect ETIMEDOUT` is a connection that was never made.
  if (causes(error).some((one) => (one as { syscall?: unknown }).syscall === 'connect')) return 'unused';
  if (known.some((code) => BROKEN.has(code))) return 'lost';
  if (isAuthError(error) && error.code !== 'ERR_AUTH_TOKEN_ENDPOINT') return 'answered';
  return causes(error).some((one) => (one as { name?: unknown }).name === 'TimeoutError') ? 'lost' : unknown;
}

function codes(error: unknown): string[] {
  return causes(error).flatMap((one) => {
    const { code } = one as { code?: unknown };
    return typeof code === 'string' ? [code] : [];
  });
}

const MAX_CAUSES = 8;

/** The error and its causes, from the outside in. */
function causes(error: unknown): object[] {
  const found: object[] = [];
  for (let one = error; typeof one === 'object' && one !== null && found.length < MAX_CAUSES; ) {
    found.push(one);
    const { cause, errors } = one as { cause?: unknown; errors?: unknown };
    one = cause ?? (Array.isArray(errors) ? errors[0] : undefined);
  }
  return found;
}
