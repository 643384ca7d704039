/**
 * Faults that pass: the network breaks, or the server is busy. The same request may succeed a moment later.
 */

import { isAuthError, type TokenEndpointError } from '../errors.ts';
import { classify, isTransientStatus } from './back-off.ts';
import { isTransientError } from './oauth-errors.ts';

/** A connection that could not be made, or broke, as Node and undici name it. */
const NETWORK =
  /^(?:E(?:CONN|PIPE|TIMEDOUT|NOTFOUND|AI_AGAIN|(?:HOST|NET)UNREACH|ADDRNOTAVAIL)|UND_ERR_(?:CONNECT|SOCKET|CLOSED|ABORTED|HEADERS_T|BODY_T|RES_))/;

/** Is this a fault that passes? */
export function isPassing(error: unknown): boolean {
  const endpoint = endpointError(error);
  if (endpoint === undefined) return isNetworkFault(causes(error));
  // A wrong password stays wrong: asked three times, it may lock the account.
  if (classify(endpoint).terminal) return false;
  const { kind, status } = endpoint;
  if (kind === 'network') return true;
  if (kind === 'oauth-error' && isTransientError(endpoint.error)) return endpoint.error !== 'authorization_pending';
  return kind !== 'timeout' && kind !== 'malformed' && isTransientStatus(status);
}

/** Did the connection fail, before or after the request was sent? */
export function isNetworkFault(chain: readonly Cause[]): boolean {
  return hasCode(chain, NETWORK);
}

export function endpointError(error: unknown): TokenEndpointError | undefined {
  return causes(error).find((one) => isAuthError(one) && one.code === 'ERR_AUTH_TOKEN_ENDPOINT') as
    | TokenEndpointError
    | undefined;
}

export function hasCode(chain: readonly Cause[], codes: RegExp): boolean {
  return chain.some(({ code }) => typeof code === 'string' && codes.test(code));
}

/** What errors may have, of any kind. */
export type Cause = { readonly [name in 'code' | 'syscall' | 'name' | 'cause' | 'errors']?: unknown };

const MAX_CAUSES = 8;

/** The error and its causes, from the outside in. */
export function causes(error: unknown): Cause[] {
  const found: Cause[] = [];
  for (let one = error; typeof one === 'object' && one !== null && found.length < MAX_CAUSES; ) {
    found.push(one);
    const { cause, errors } = one as Cause;
    one = cause ?? (Array.isArray(errors) ? errors[0] : undefined);
  }
  return found;
}
