/**
 * What a token is, and who makes one.
 */

import type { AuthRequest, AuthResponse } from '../lifecycle/contract.ts';
import type { AuthLogger } from '../secrets/debug-sink.ts';

/** A token, whichever grant or login returned it. */
export interface Token {
  /** The access token. */
  readonly accessToken: string;
  /** The scheme of the `Authorization` header, such as `Bearer` or `DPoP`. */
  readonly tokenType: string;
  /**
   * When the token expires, in milliseconds since the epoch. Absent: unknown, the token is used until it is refused.
   */
  readonly expiresAt?: number;
  /** When the token was obtained, in milliseconds since the epoch. The cache sets it. */
  readonly obtainedAt?: number;
  /** The refresh token; absent where there is none. */
  readonly refreshToken?: string;
  /** The ID token; absent where there is none. */
  readonly idToken?: string;
  /** The granted scope; absent where the server did not say. */
  readonly scope?: readonly string[];
}

/** A token with what people have at hand in place of exact types. */
export interface LooseToken extends Omit<Token, 'tokenType' | 'expiresAt'> {
  /** Default: `Bearer`. */
  readonly tokenType?: string;
  /**
   * A `Date`, ISO 8601 text with an offset, or a number: seconds since the epoch below 1e11, milliseconds above. Absent or
   * `undefined`: the token is used until it is refused.
   */
  readonly expiresAt?: Date | string | number | undefined;
}

/** What a caller needs of a token. A renewal is shared with those only whose demand it covers. */
export interface Demand {
  /** The scope that the token must have. */
  readonly scope?: readonly string[];
  /** The `claims` of a challenge, passed to the token request unchanged. */
  readonly claims?: string;
  /** The accepted authentication context classes, separated by spaces (RFC 9470 §3). */
  readonly acrValues?: string;
  /** How long ago the user may have authenticated, in milliseconds (RFC 9470 §3). */
  readonly maxAgeMs?: number;
}

/**
 * Why a token is requested: there is none (`'absent'`), it has expired (`'expired'`) or will soon (`'ahead'`), a server
 * answered it with a 401 (`'refused'`), or a caller needs more than it grants (`'demand'`).
 */
export type RenewalReason = 'absent' | 'expired' | 'refused' | 'ahead' | 'demand';

/** How a source that sends HTTP requests may repeat one that failed temporarily. */
export interface RetryLimits {
  /** How many requests it makes at most: the option `tries` of the authenticator. */
  readonly tries: number;
  /** No request is made after that, in milliseconds from now. */
  readonly deadlineMs: number;
  /** Random numbers from 0 to below 1, for the jitter. */
  readonly chance: () => number;
  /** Told of each repetition. */
  readonly log: AuthLogger;
}

/** What {@link TokenSource.requestToken} is called with. */
export interface TokenRequest {
  /**
   * The token to replace. Absent for the first token. Its refresh token is there where it may be sent, and the source is
   * known to send them: see {@link withRefreshTokens}.
   */
  readonly previous?: Token;
  /** Aborts at the deadline, or when the token is cleared; never because a caller went away. */
  readonly signal: AbortSignal;
  /** What the caller needs. Absent: any token. */
  readonly demand?: Demand;
  /** Why the token is requested. */
  readonly reason?: RenewalReason;
  /**
   * Given to a source that says {@link TokenSource.presents}, which awaits it right before it sends a refresh token: the
   * cache notes that the token is in use, and one that is used up never goes out again.
   *
   * @throws {@link LoginRequiredError} when the refresh token is used up, {@link StoreError} when its use could not be noted.
   */
  readonly present?: (refreshToken: string) => Promise<void>;
  /** Given to a source without refresh tokens. The grants of authwire heed it; a function of your own may ignore it. */
  readonly retry?: RetryLimits;
}

/**
 * Returns tokens: a grant, a login, a command. It neither caches nor locks; {@link TokenCache} does both for any
 * source.
 */
export interface TokenSource {
  /**
   * Requests a token.
   *
   * @throws When there is none. A {@link LoginRequiredError} says that only a user can help.
   */
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
   * For a source in {@link withRefreshTokens}: does it await {@link TokenRequest.present} before it sends a refresh token?
   * Default: no, and the cache takes `previous.refreshToken` for sent with each request.
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

/** Proves with each request that the sender of a token holds the key that it is bound to (RFC 9449). */
export interface ProofOfPossession {
  /** The key's JWK thumbprint (RFC 7638). It is part of the store key: nobody else can use these tokens. */
  thumbprint(): Promise<string>;
  /** Puts a fresh proof on one wire attempt. */
  prove(request: AuthRequest, token: Token): Promise<void>;
  /** Sees every response. Was nothing wrong but the proof, and will another one be better? */
  isOutdated(response: AuthResponse): boolean;
  /**
   * Refuses options of the authenticator that say how the token is sent, where the proof's standard does.
   *
   * @throws {@link ConfigurationError} naming the option.
   */
  checkOptions?(options: { readonly header?: string; readonly format?: string }): void;
  /**
   * Refuses a token that is not bound to the key.
   *
   * @param owner - Names the authenticator, for the error.
   * @throws {@link CredentialError}
   */
  checkToken?(token: Token, owner: string): void;
}
