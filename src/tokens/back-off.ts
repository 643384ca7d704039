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
  readonly retryAt?: number | undefined;
}

/** Codes of failures that only people can mend. */
const TERMINAL_CODE = /(?:CONFIGURATION|_REQUIRED|NOT_FOUND)$/;

/** What an OAuth `error` says: terminal or not, whatever the status; `undefined`: the status decides. */
export type ErrorRule = (error: string) => boolean | undefined;

/** What sends token requests brings the rule; without it the status decides. */
export const errorRules: { terminal?: ErrorRule } = Object.create(null);

/** Judges why there is no token. What we don't know is transient: giving up for good needs a reason. */
export function classify(error: unknown): Failure {
  if (!isAuthError(error)) return { terminal: false };
  const {
    code,
    cause,
    kind = '',
    error: name = '',
    status,
    retryAt,
  } = error as Partial<TokenEndpointError> & AuthError;
  if (code === 'ERR_AUTH_CREDENTIAL') return classify(cause);
  const isRefusal = code === 'ERR_AUTH_REFUSED' || /^(?:http|oauth)-/.test(kind);
  const isFinal = isRefusal && (errorRules.terminal?.(name) ?? !isTransientStatus(status));
  return isFinal || TERMINAL_CODE.test(code) ? { terminal: true } : { terminal: false, retryAt };
}

/** Does the status say that the same request may succeed later? */
export function isTransientStatus(status: number | undefined): boolean {
  return status !== undefined && ([408, 425, 429].includes(status) || status >= 500);
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
