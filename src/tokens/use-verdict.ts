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
const NOT_CONNECTED =
  /^(?:E(?:CONNREFUSED|NOTFOUND|AI_AGAIN|HOSTUNREACH|NETUNREACH|ADDRNOTAVAIL)|UND_ERR_CONNECT_TIMEOUT|ERR_TLS_CERT_ALTNAME_INVALID|CERT_HAS_EXPIRED|DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO_(?:VERIFY_LEAF_SIGNATURE|GET_ISSUER_CERT_LOCALLY))$/;

/** The connection broke after it was made. */
const BROKEN =
  /^(?:E(?:CONNRESET|CONNABORTED|PIPE|TIMEDOUT)|UND_ERR_(?:SOCKET|CLOSED|ABORTED|HEADERS_TIMEOUT|BODY_TIMEOUT|RES_CONTENT_LENGTH_MISMATCH))$/;

/** The server says that it has not begun: 425 (RFC 8470), 429 (RFC 6585), 503 (RFC 9110 §15.6.4). */
const NOT_BEGUN = [425, 429, 503];
/** Somebody between us and the server has given up waiting for its answer: it may have acted. */
const GAVE_UP = [408, 504];

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
  const chain = causes(error);
  if (chain.some((one) => spent.has(one))) return 'lost';
  const endpoint = endpointError(error);
  if (endpoint === undefined) {
    const ours = isAuthError(error) && error.code !== 'ERR_AUTH_TOKEN_ENDPOINT';
    return byCode(chain, ours || ownFunction ? 'answered' : 'lost', ours);
  }
  const { kind, status = 0 } = endpoint;
  if (kind === 'timeout') return 'lost';
  if (kind === 'network') return byCode(causes(endpoint), 'lost', true);
  if (endpoint.error === 'invalid_grant') return 'dead';
  if (isTransientError(endpoint.error) && endpoint.error !== 'server_error') return 'unused';
  if (NOT_BEGUN.includes(status)) return 'unused';
  return GAVE_UP.includes(status) || (kind === 'malformed' && status < 400) ? 'lost' : 'answered';
}

/** Is this a fault that passes, so that the same request may succeed a moment later? */
export function isPassing(error: unknown): boolean {
  const endpoint = endpointError(error);
  if (endpoint === undefined) return hasCode(causes(error), NOT_CONNECTED) || hasCode(causes(error), BROKEN);
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

/** @param isKnown - `otherwise` counts even where something took too long. */
function byCode(chain: readonly Cause[], otherwise: UseVerdict, isKnown: boolean): UseVerdict {
  // `connect ETIMEDOUT` is a connection that was never made.
  if (hasCode(chain, NOT_CONNECTED) || chain.some(({ syscall }) => syscall === 'connect')) return 'unused';
  if (hasCode(chain, BROKEN)) return 'lost';
  return !isKnown && chain.some(({ name }) => name === 'TimeoutError') ? 'lost' : otherwise;
}

function hasCode(chain: readonly Cause[], codes: RegExp): boolean {
  return chain.some(({ code }) => typeof code === 'string' && codes.test(code));
}

/** What errors may have, of any kind. */
type Cause = { readonly [name in 'code' | 'syscall' | 'name' | 'cause' | 'errors']?: unknown };

const MAX_CAUSES = 8;

/** The error and its causes, from the outside in. */
function causes(error: unknown): Cause[] {
  const found: Cause[] = [];
  for (let one = error; typeof one === 'object' && one !== null && found.length < MAX_CAUSES; ) {
    found.push(one);
    const { cause, errors } = one as Cause;
    one = cause ?? (Array.isArray(errors) ? errors[0] : undefined);
  }
  return found;
}
