import { type AuthError, CredentialError, isAuthError, StoreError, TokenEndpointError } from '../errors.ts';
import { reasonOf, withSafeCause } from '../secrets/safe-cause.ts';
import type { Flight } from './flight.ts';

/** What the waiters of a renewal hear when its deadline passes. */
export function lateError(flight: Flight, deadlineMs: number): AuthError {
  const within = `within ${deadlineMs} ms (option 'deadlineMs')`;
  if (!flight.asking) return new StoreError(`The token store or onToken gave no token ${within}.`);
  return new TokenEndpointError(`The token source gave no token ${within}. Does it use the client that it serves?`, {
    kind: 'timeout',
  });
}

/** Whatever a source throws becomes an {@link AuthError}; its own errors stay the objects they are. */
export function asAuthError(error: unknown): AuthError {
  if (isAuthError(error)) return withSafeCause(error);
  return withSafeCause(new CredentialError(`The token source failed: ${reasonOf(error)}`, { cause: error }));
}
