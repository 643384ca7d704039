/**
 * How failures are judged, and how long they keep the next request waiting. Pure: no clock, no state.
 */

import { type AuthError, isAuthError, type TokenEndpointError } from '../errors.ts';

/** The longest that a server may keep us waiting, in milliseconds. */
const MAX_RETRY_AFTER_MS = 300_000;

const BASE_MS = 500;
const CAP_MS = 60_000;

/** A terminal failure does not mend itself by asking again; a transient one does, not before `retryAt` if that is known. */
export interface Failure {
  readonly terminal: boolean;
  /** Milliseconds since the epoch. */
  readonly retryAt?: number;
}

const TRANSIENT: Failure = Object.freeze({ terminal: false });
const TERMINAL: Failure = Object.freeze({ terminal: true });

/** `error` values of RFC 6749 §4.1.2.1 and §5.2, RFC 8628 §3.5 and common practice that say: later. */
const TRANSIENT_ERRORS = new Set([
  'temporarily_unavailable',
  'server_error',
  'slow_down',
  'authorization_pending',
  'use_dpop_nonce',
]);

/** `error` values that stay terminal whatever the status: some servers send them with a 500. */
const TERMINAL_ERRORS = new Set([
  'invalid_request',
  'invalid_client',
  'invalid_grant',
  'unauthorized_client',
  'unsupported_grant_type',
  'invalid_scope',
  'invalid_target',
  'access_denied',
  'expired_token',
  'interaction_required',
  'login_required',
  'consent_required',
]);

/** Judges why there is no token. What we don't know is transient: giving up for good needs a reason. */
export function classify(error: unknown): Failure {
  if (!isAuthError(error)) return TRANSIENT;
  switch (error.code) {
    case 'ERR_AUTH_TOKEN_ENDPOINT':
      return classifyEndpoint(error as TokenEndpointError);
    case 'ERR_AUTH_REFUSED':
      return isTransientStatus((error as AuthError & { status?: number }).status) ? TRANSIENT : TERMINAL;
    case 'ERR_AUTH_CONFIGURATION':
    case 'ERR_AUTH_LOGIN_REQUIRED':
    case 'ERR_AUTH_STEP_UP_REQUIRED':
    case 'ERR_AUTH_MULTI_FACTOR_REQUIRED':
    case 'ERR_AUTH_ENDPOINT_NOT_FOUND':
      return TERMINAL;
    case 'ERR_AUTH_CREDENTIAL':
      return isAuthError(error.cause) ? classify(error.cause) : TRANSIENT;
    case 'ERR_AUTH_TIMEOUT':
    case 'ERR_AUTH_STORE':
    case 'ERR_AUTH_CHALLENGE':
    case 'ERR_AUTH_PROXY':
    case 'ERR_AUTH_TLS':
      return TRANSIENT;
  }
}

function classifyEndpoint(error: TokenEndpointError): Failure {
  if (isTerminal(error)) return TERMINAL;
  return error.retryAt === undefined ? TRANSIENT : { terminal: false, retryAt: error.retryAt };
}

function isTerminal({ kind, error, status }: TokenEndpointError): boolean {
  if (kind === 'http-status') return !isTransientStatus(status);
  if (kind !== 'oauth-error' || error === undefined || TRANSIENT_ERRORS.has(error)) return false;
  return TERMINAL_ERRORS.has(error) || !isTransientStatus(status);
}

/** Is this an `error` value that says: later? */
export function isTransientError(error: string | undefined): boolean {
  return error !== undefined && TRANSIENT_ERRORS.has(error);
}

/** Does the status say that the same request may succeed later? */
export function isTransientStatus(status: number | undefined): boolean {
  return status === 408 || status === 425 || status === 429 || (status !== undefined && status >= 500);
}

/**
 * How long the next request waits after so many transient failures in a row: full jitter, `random() · min(60 s, 0.5 s ·
 * 2^n)`, but never less than the server's `Retry-After`, and that 300 s at most.
 *
 * @param retryAfterMs - What is left until the server's `retryAt`.
 * @param random - From 0 to below 1.
 */
export function retryDelay(failuresBefore: number, retryAfterMs: number | undefined, random: () => number): number {
  const jitter = random() * Math.min(CAP_MS, BASE_MS * 2 ** failuresBefore);
  return Math.max(jitter, Math.min(retryAfterMs ?? 0, MAX_RETRY_AFTER_MS));
}

const HTTP_DATE = /^(?:mon|tue|wed|thu|fri|sat|sun)[a-z]{0,6},? [\w :-]{1,40}$/i;

/**
 * Reads a `Retry-After` field (RFC 9110 §10.2.3), seconds or any of the three HTTP dates.
 *
 * @param now - Milliseconds since the epoch.
 * @returns When to try again, in milliseconds since the epoch: not before now, and in 300 s at the latest; `undefined`
 *   if the field is absent or unreadable.
 */
export function parseRetryAfter(value: string | null | undefined, now: number): number | undefined {
  const text = value?.trim() ?? '';
  const afterMs = /^\d+(?:\.\d+)?$/.test(text) ? Math.ceil(Number(text) * 1000) : parseHttpDate(text) - now;
  return Number.isNaN(afterMs) ? undefined : now + Math.min(Math.max(afterMs, 0), MAX_RETRY_AFTER_MS);
}

/** The asctime form names no zone and means GMT; `Date.parse` would take it for local time. */
function parseHttpDate(text: string): number {
  if (!HTTP_DATE.test(text)) return Number.NaN;
  return Date.parse(/gmt$/i.test(text) ? text : `${text} GMT`);
}

/** Turns random bytes into a number from 0 to below 1. */
export function unitRandom(random: (bytes: number) => Uint8Array): number {
  return random(4).reduce((sum, byte) => (sum + byte) / 256, 0);
}
