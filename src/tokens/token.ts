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
  /**
   * Given to a source that says {@link TokenSource.presents}, which awaits it right before it sends a refresh token: the
   * cache notes that the token is in use, and one that is used up never goes out again.
   *
   * @throws {@link LoginRequiredError} when the refresh token is used up, {@link StoreError} when its use could not be noted.
   */
  readonly present?: (refreshToken: string) => Promise<void>;
}

/**
 * Makes tokens: a grant, a login, a command. It does not cache and does not lock; {@link TokenCache} makes any source
 * good at both.
 */
export interface TokenSource {
  requestToken(request: TokenRequest): Promise<Token>;
  /**
   * The token of the request that is about to be sent. Where it is there, it is asked for every request and nothing is
   * kept: the token may be another user's each time.
   *
   * @param refused - What a server has just refused. Returning it means: there is nothing better.
   */
  readonly perRequest?: (refused: Token | undefined) => Token | Promise<Token>;
  /** How long one request may take, in milliseconds. Default 30 s; a login that waits for a person sets its own. */
  readonly deadlineMs?: number;
  /** Whose tokens these are: the key for a store, unless the option `storeKey` names one. {@link identity} wins. */
  readonly storeKey?: string;
  /**
   * Whose tokens these are, where a secret is part of the answer. Absent, and without `storeKey`: the source cannot know,
   * and a shared store needs the option `storeKey`.
   */
  readonly identity?: SourceIdentity;
  /**
   * Does the source await {@link TokenRequest.present} before it sends a refresh token? Default: no, and the cache takes
   * `previous.refreshToken` for sent with each request.
   */
  readonly presents?: boolean;
  /** Does a person take part when there is no refresh token? Then a failure is not tried again by itself. Default: no. */
  readonly interactive?: boolean;
  /**
   * In which asynchronous context the source is asked. `'neutral'` (default): in none, because its answer serves all
   * callers; a source that reads an `AsyncLocalStorage` of a request finds it empty, and traces show token requests as roots
   * of their own. `'caller'`: in that of the caller who happened to need the token first.
   */
  readonly context?: 'neutral' | 'caller';
  /** What tokens of this source must be sent with, where they are bound to a key. */
  readonly proof?: ProofOfPossession;
}

/** Everything that decides whose token a source makes and what it is good for: the key for a store is made of it. */
export interface SourceIdentity {
  /**
   * All parameters that go to the server and are no secrets: grant, server, client id, scope, audience, user name, extra
   * parameters. One text; JSON lists keep the parts apart.
   */
  readonly parameters: string;
  /**
   * What proves who somebody is: the password, the assertion or its key, the subject token, the secret of a client that acts
   * for itself. Not the authentication of a client that acts for a user: rotating that loses no login. It is part of the key
   * as an HMAC. Asked again for each renewal, so another password is another entry.
   */
  readonly proofs?: () => readonly string[] | Promise<readonly string[]>;
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
