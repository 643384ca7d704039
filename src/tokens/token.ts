/**
 * What a token is, and who makes one.
 */

/** A token as the rest of authwire sees it, whichever grant or login made it. */
export interface Token {
  readonly accessToken: string;
  /** The scheme to present it with, such as `Bearer` or `DPoP`. */
  readonly tokenType: string;
  /** Milliseconds since the epoch. Absent: the lifetime is unknown, the token is used until it is refused. */
  readonly expiresAt?: number;
  readonly refreshToken?: string;
  readonly idToken?: string;
  readonly scope?: readonly string[];
}

/** What a caller needs beyond "a token": a renewal is shared only with those whose demand it covers. */
export interface Demand {
  readonly scope?: readonly string[];
  /** The `claims` of a challenge, passed to the token request as they came. */
  readonly claims?: string;
  /** RFC 9470 authentication context classes, separated by spaces. */
  readonly acrValues?: string;
  readonly maxAgeMs?: number;
}

export interface TokenRequest {
  /** The token that is to be replaced: its refresh token may still be good. */
  readonly previous?: Token;
  /** Aborted at the source's deadline, never by a caller. */
  readonly signal: AbortSignal;
  readonly demand?: Demand;
}

/**
 * Makes tokens: a grant, a login, a command. It does not cache and does not lock; {@link TokenCache} makes any source
 * good at both.
 */
export interface TokenSource {
  requestToken(request: TokenRequest): Promise<Token>;
  /** How long one request may take, in milliseconds. Default 30 s; a login that waits for a person sets its own. */
  readonly deadlineMs?: number;
}
