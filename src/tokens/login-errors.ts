/**
 * Why nobody gets a token until somebody logs in.
 */

import { LoginRequiredError, StoreError } from '../errors.ts';
import { withSafeCause } from '../secrets/safe-cause.ts';
import type { InUse, TokenRecord } from './store.ts';

/** The ways out, which all of these share. */
const WAY_OUT = 'Log in again and give the new token to tokens.set(), or call tokens.login().';

export function clearedError(): LoginRequiredError {
  return new LoginRequiredError(`The token was cleared. ${WAY_OUT}`);
}

/** `invalid_grant` (RFC 6749 §5.2), and nobody has put a newer token into the store. */
export function deadError(cause: unknown): LoginRequiredError {
  const message = `The authorization server no longer accepts the refresh token: it expired, was revoked or was used elsewhere. ${WAY_OUT}`;
  return cause === undefined
    ? new LoginRequiredError(message)
    : withSafeCause(new LoginRequiredError(message, { cause }));
}

/** Somebody else is renewing, and without leases there is no telling whether they still live. */
export function busyError({ by = 'another process', at }: InUse): StoreError {
  return new StoreError(
    `${by} has been renewing the token since ${new Date(at).toISOString()}, and has not stored it yet. Try again.`,
  );
}

/** A refresh token that is used up is not sent again: a server that detects reuse would end the whole login. */
export function usedError(why: 'used' | 'lost', inUse: InUse | undefined): LoginRequiredError {
  if (why === 'used') {
    return new LoginRequiredError(
      `The refresh token was used before and has been replaced, so it is not sent again. ${WAY_OUT}`,
    );
  }
  const by = inUse?.by === undefined ? '' : ` by ${inUse.by}`;
  const at = inUse === undefined ? '' : ` at ${new Date(inUse.at).toISOString()}`;
  return new LoginRequiredError(
    `The refresh token was sent${by}${at} and the response was lost. It is not sent again, unless option 'replayWindowMs' says ` +
      `how long your provider accepts it twice. ${WAY_OUT}`,
  );
}

/** What everybody hears where the store says that the login has ended; `undefined`: it has not. */
export function verdictOf({ ended, token }: Pick<TokenRecord, 'ended' | 'token'>): LoginRequiredError | undefined {
  if (ended === undefined || (ended.reason === 'cleared' && token !== undefined)) return undefined;
  return ended.reason === 'cleared' ? clearedError() : deadError(undefined);
}
