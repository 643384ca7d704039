/**
 * How long a token lives, read leniently: what cannot be understood is an unknown lifetime, never "expired".
 */

/** Ten years: what claims to live longer is cut to this. */
const MAX_LIFETIME_MS = 10 * 365 * 24 * 60 * 60 * 1000;
/** Numbers from here on are seconds since the epoch (2001), not a lifetime (31 years). */
const FIRST_EPOCH_SECONDS = 1e9;
/** Numbers from here on are milliseconds since the epoch (1973), not seconds (year 5138). */
const FIRST_EPOCH_MILLISECONDS = 1e11;

/**
 * When a token expires, in milliseconds since the epoch, or `undefined` where the answer doesn't say.
 *
 * `expires_in` and whatever ends like it counts seconds from now. Under any other name (`expires_at`, `expires`, `exp`)
 * also a point in time is understood: ISO 8601 text, or seconds or milliseconds since the epoch.
 *
 * @param name - The name under which the value stood.
 */
export function readExpiry(value: unknown, name: string, now: number): number | undefined {
  const relative = /in$/i.test(name);
  const number = toNumber(value);
  if (number === undefined) return relative ? undefined : within(readIsoDate(value), now);
  if (relative || number < FIRST_EPOCH_SECONDS) return within(now + Math.floor(number) * 1000, now);
  return within(number < FIRST_EPOCH_MILLISECONDS ? number * 1000 : number, now);
}

function within(expiresAt: number | undefined, now: number): number | undefined {
  return expiresAt !== undefined && expiresAt > now ? Math.min(expiresAt, now + MAX_LIFETIME_MS) : undefined;
}

function toNumber(value: unknown): number | undefined {
  const number = typeof value === 'string' && /^\d+(?:\.\d+)?$/.test(value) ? Number(value) : value;
  return typeof number === 'number' && Number.isFinite(number) ? number : undefined;
}

/** A date without a zone is UTC: OpenStack and others mean that, and ECMAScript would take local time. */
function readIsoDate(value: unknown): number | undefined {
  if (typeof value !== 'string') return undefined;
  const date = /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d(?::\d\d(?:\.\d+)?)?)(Z|[+-]\d\d:?\d\d)?$/i.exec(value);
  if (date === null) return undefined;
  const time = Date.parse(`${date[1]}T${date[2]}${date[3] ?? 'Z'}`);
  return Number.isNaN(time) ? undefined : time;
}
