/**
 * The token as freva's programs write it: JSON with times in seconds. Files of other programs spell the times in many ways.
 */

/** A token as JSON, ready to use. Times are in seconds since the epoch; 0 means unknown or past. */
export interface TokenJson {
  /** The access token. */
  readonly access_token: string;
  /** The type, such as `Bearer`. */
  readonly token_type: string;
  /** When the access token expires. */
  readonly expires: number;
  /** The refresh token; empty where there is none. */
  readonly refresh_token: string;
  /** When the refresh token expires. */
  readonly refresh_expires: number;
  /** The granted scope, separated by spaces. */
  readonly scope: string;
  /** The headers to send with a request. */
  readonly headers: { readonly Authorization: string };
}

/** A token counts as expired so many seconds early. */
const MARGIN_S = 60;
/** The lifetime of a token of which nothing is said, in seconds. */
const LIFETIME_S = 180;
const ACCESS = ['expires', 'exp', 'expires_at'];
const REFRESH = ['refresh_expires', 'refresh_exp', 'refresh_expires_at'];

/**
 * Reads what a server or a file says of a token; `undefined`: it is no token.
 *
 * @param since - From when lifetimes count, in seconds since the epoch.
 */
export function tokenJson(value: unknown, since: number): TokenJson | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const own = (name: string): unknown =>
    Object.hasOwn(value, name) ? (value as Record<string, unknown>)[name] : undefined;
  const accessToken = own('access_token') ?? own('accessToken');
  const refreshToken = textOf(own('refresh_token') ?? own('refreshToken'));
  if (typeof accessToken !== 'string' || (accessToken === '' && refreshToken === '')) return undefined;
  const tokenType = textOf(own('token_type') ?? own('tokenType')) || 'Bearer';
  const scheme = /^bearer$/i.test(tokenType) ? 'Bearer' : tokenType;
  const refreshEnd = timeOf(own, REFRESH, 'refresh_expires_in', since);
  return {
    access_token: accessToken,
    token_type: tokenType,
    expires: timeOf(own, ACCESS, 'expires_in', since) ?? millisecondsOf(own('expiresAt')) ?? since + LIFETIME_S,
    refresh_token: refreshToken,
    refresh_expires: refreshToken === '' ? 0 : (refreshEnd ?? 0),
    scope: textOf(own('scope')),
    headers: { Authorization: `${scheme} ${accessToken}` },
  };
}

/** @param now - In milliseconds since the epoch. */
export function isUsable({ access_token: token, expires }: TokenJson, now: number): boolean {
  return token !== '' && expires - now / 1000 >= MARGIN_S;
}

/** A refresh token of which nobody says when it ends may still be good. */
export function isRefreshable({ refresh_token: token, refresh_expires: end }: TokenJson, now: number): boolean {
  return token !== '' && (end === 0 || end - now / 1000 >= MARGIN_S);
}

function timeOf(
  own: (name: string) => unknown,
  names: readonly string[],
  lifetime: string,
  since: number,
): number | undefined {
  for (const name of names) {
    const time = instant(own(name));
    if (time !== undefined) return time;
  }
  const seconds = number(own(lifetime));
  return seconds === undefined ? undefined : since + seconds;
}

/** Seconds since the epoch, or a date as text. What is too large for seconds is meant in milliseconds. */
function instant(value: unknown): number | undefined {
  const seconds = number(value);
  if (seconds !== undefined) return seconds > 1e11 ? Math.floor(seconds / 1000) : Math.floor(seconds);
  const time = typeof value === 'string' && value !== '' ? Date.parse(value) : Number.NaN;
  return Number.isNaN(time) ? undefined : Math.floor(time / 1000);
}

function millisecondsOf(value: unknown): number | undefined {
  const ms = number(value);
  return ms === undefined ? undefined : Math.floor(ms / 1000);
}

function number(value: unknown): number | undefined {
  const parsed = typeof value === 'string' && /^\d+(?:\.\d+)?$/.test(value) ? Number(value) : value;
  return typeof parsed === 'number' && Number.isFinite(parsed) && parsed > 0 ? parsed : undefined;
}

function textOf(value: unknown): string {
  if (Array.isArray(value)) return value.filter((one) => typeof one === 'string').join(' ');
  return typeof value === 'string' ? value : '';
}
