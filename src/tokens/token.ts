/**
 * What a token is, and who makes one.
 */

import type { AuthRequest, AuthResponse } from '../lifecycle/contract.ts';

/** A token as the rest of authwire sees it, whichever grant or login made it. */
export interface Token {
  readonly accessToken: string;
  /** The scheme to present it with, such as `Bearer` or `DPoP`. */
  readonly tokenType: string;
  /** Milliseconds since the epoch. Absent: the lifetime is unknown, the token is used until it is refused. */
  readonly expiresAt?: number;
  /** When the token was made, in milliseconds since the epoch. The cache fills it in, so that stores know a token's age. */
  readonly obtainedAt?: number;
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

/**
 * Why a token is wanted. `'ahead'`: it will expire soon. `'refused'`: a server answered it with a 401. `'demand'`: it
 * lives, but somebody needs more than it grants.
 */
export type RenewalReason = 'absent' | 'expired' | 'refused' | 'ahead' | 'demand';

export interface TokenRequest {
  /** The token that is to be replaced: its refresh token may still be good. */
  readonly previous?: Token;
  /** Aborts at the deadline, or when the token is cleared; never because a caller went away. */
  readonly signal: AbortSignal;
  readonly demand?: Demand;
  readonly reason?: RenewalReason;
}

/**
 * Makes tokens: a grant, a login, a command. It does not cache and does not lock; {@link TokenCache} makes any source
 * good at both.
 */
export interface TokenSource {
  requestToken(request: TokenRequest): Promise<Token>;
  /** How long one request may take, in milliseconds. Default 30 s; a login that waits for a person sets its own. */
  readonly deadlineMs?: number;
  /** Whose tokens these are: the key for a store, unless the option `storeKey` names one. */
  readonly storeKey?: string;
  /** What tokens of this source must be sent with, where they are bound to a key. */
  readonly proof?: ProofOfPossession;
}

/** Proves with each request that whoever sends a token holds the key that it is bound to (RFC 9449). */
export interface ProofOfPossession {
  /** The key's JWK thumbprint (RFC 7638). It is part of the store key: nobody else can use these tokens. */
  thumbprint(): Promise<string>;
  /** Puts a fresh proof on one wire attempt. */
  prove(request: AuthRequest, token: Token): Promise<void>;
  /** Sees every response. Was nothing wrong but the proof, and will another one be better? */
  isOutdated(response: AuthResponse): boolean;
}
