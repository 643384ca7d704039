/**
 * What a failed request says about the refresh token that it has sent.
 */

import { isAuthError } from '../errors.ts';
import { type Cause, causes, endpointError, hasCode, isNetworkFault } from './faults.ts';
import { isTransientError } from './oauth-errors.ts';
import { isSpent } from './spent.ts';

/**
 * `'unused'`: the server has not looked at it, so it may be sent again at once. `'answered'`: the server has refused the
 * request and made no token; another renewal may send it. `'dead'`: `invalid_grant`. `'lost'`: it may have been used, and
 * the answer that holds its successor is gone.
 */
export type UseVerdict = 'unused' | 'answered' | 'dead' | 'lost';

/** No connection, so nothing was sent. */
const NOT_CONNECTED =
  /^(?:E(?:CONNREFUSED|NOTFOUND|AI_AGAIN|HOSTUNREACH|NETUNREACH|ADDRNOTAVAIL)|UND_ERR_CONNECT_TIMEOUT|ERR_TLS_CERT_ALTNAME_INVALID|CERT_HAS_EXPIRED|DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO_(?:VERIFY_LEAF_SIGNATURE|GET_ISSUER_CERT_LOCALLY))$/;

/** The server says that it has not begun: 425 (RFC 8470), 429 (RFC 6585), 503 (RFC 9110 §15.6.4). */
const NOT_BEGUN = [425, 429, 503];
/** Somebody between us and the server has given up waiting for its answer: it may have acted. */
const GAVE_UP = [408, 504];

/**
 * @param ownFunction - Is the source a function of the user's? Of its errors we know little: only one that shows a broken
 *   connection counts as a lost answer.
 */
export function useVerdict(error: unknown, ownFunction: boolean): UseVerdict {
  const chain = causes(error);
  if (chain.some(isSpent)) return 'lost';
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

/** @param isKnown - `otherwise` counts even where something took too long. */
function byCode(chain: readonly Cause[], otherwise: UseVerdict, isKnown: boolean): UseVerdict {
  // `connect ETIMEDOUT` is a connection that was never made.
  if (hasCode(chain, NOT_CONNECTED) || chain.some(({ syscall }) => syscall === 'connect')) return 'unused';
  if (isNetworkFault(chain)) return 'lost';
  return !isKnown && chain.some(({ name }) => name === 'TimeoutError') ? 'lost' : otherwise;
}
