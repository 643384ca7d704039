import { CredentialError } from '../errors.ts';

/** Below it a number can only be seconds: as milliseconds it would lie before March 1973. */
const FIRST_MS = 1e11;
/** A time without an offset means another instant on every machine. */
const ISO_8601 = /^\d{4}-\d\d-\d\d(?:T\d\d:\d\d(?::\d\d(?:[.,]\d+)?)?(?:Z|[+-]\d\d:?\d\d))?$/i;

/**
 * When a token expires, in milliseconds since the epoch: of a `Date`, ISO 8601 text with an offset, or a number, which
 * counts seconds below 1e11 and milliseconds above. `undefined` and `null`: nobody knows.
 *
 * @throws {@link CredentialError} for anything else: the token would never be renewed.
 */
export function expiryTime(value: unknown): number | undefined {
  if (value === undefined || value === null) return undefined;
  const time = timeOf(value);
  if (Number.isFinite(time) && time >= 0) return time;
  throw new CredentialError(
    "a token's expiresAt must be a Date, ISO 8601 text, or a number of seconds or milliseconds since the epoch.",
  );
}

function timeOf(value: unknown): number {
  if (typeof value === 'number') return value < FIRST_MS ? value * 1000 : value;
  if (typeof value === 'string') return ISO_8601.test(value) ? Date.parse(value.replace(',', '.')) : Number.NaN;
  return value instanceof Date ? value.getTime() : Number.NaN;
}
