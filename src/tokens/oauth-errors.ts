/**
 * What the `error` values of token endpoints say about asking again.
 */

import { errorRules } from './back-off.ts';

/** `error` values of RFC 6749 §4.1.2.1 and §5.2, RFC 8628 §3.5 and common practice that say: later. */
const TRANSIENT_ERROR = /^(?:temporarily_unavailable|server_error|slow_down|authorization_pending|use_dpop_nonce)$/;

/** `error` values that stay terminal whatever the status: some servers send them with a 500. */
const TERMINAL_ERROR = /^(?:invalid|unauthorized|unsupported|access_denied|expired)|_required$/;

/** Is this an `error` value that says: later? */
export function isTransientError(error: string | undefined): boolean {
  return error !== undefined && TRANSIENT_ERROR.test(error);
}

function isTerminal(error: string): boolean | undefined {
  if (isTransientError(error)) return false;
  return TERMINAL_ERROR.test(error) || undefined;
}

/** From here on failures are judged by their `error` as well. */
export function understandErrors(): void {
  errorRules.terminal = isTerminal;
}
