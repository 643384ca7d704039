import { ConfigurationError, CredentialError } from '../errors.ts';
import { assertHeaderName, CONTROLS, unsendable } from '../header-value.ts';
import {
  type AuthContext,
  Authenticator,
  type AuthenticatorOptions,
  type AuthRequest,
  type AuthResponse,
  type Verdict,
} from '../lifecycle/contract.ts';
import { chain } from '../lifecycle/promises.ts';
import { joinOptions, pickOptions, readOptions } from '../options.ts';
import { releaseSecrets } from '../secrets/registry.ts';
import type { Demand, ProofOfPossession, Token, TokenSource } from './token.ts';
import { TokenCache } from './token-cache.ts';
import type { TokenCacheOptions } from './token-cache-options.ts';
import { cacheShape, tokenShape } from './token-shape.ts';

/** Options of {@link TokenAuthenticator}. */
export interface TokenAuthenticatorOptions extends AuthenticatorOptions, Omit<TokenCacheOptions, 'check' | 'log'> {
  /** The header that carries the token. Default: `authorization`. */
  readonly header?: string;
  /** What it says; `{}` stands for the token. Default: the token's type and the token, such as `Bearer {}`. */
  readonly format?: string;
}

type RequestTokens = Pick<TokenCache, 'get' | 'renew' | 'peek' | 'accepted' | 'refusedAgain' | 'describe'>;

/** Printable ASCII, because HTTP strips blanks at the ends and RFC 6749 knows nothing else. */
const SENDABLE = /^[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?$/;

/** The schemes that tokens are presented with, as tokens and challenges name them. */
const TOKEN_SCHEME = /\b(?:bearer|dpop)\b/i;
/** RFC 6750 §3.1: the next token would be refused as well. */
const NOT_AT_FAULT = /\berror\s*=\s*"?(?:insufficient_scope|invalid_request)\b/i;

/**
 * Puts a cache's token on requests. What renews, logs in or exchanges is the source's affair: AuthBearer and all that
 * log in are built on this.
 */
export class TokenAuthenticator extends Authenticator<Token> {
  readonly #cache: TokenCache;
  readonly #header: string;
  readonly #format: readonly string[] | undefined;
  readonly #isCustom: boolean;
  readonly #proof: ProofOfPossession | undefined;
  /** Where the tokens of requests come from. */
  readonly #tokens: RequestTokens;
  #built: Token | undefined;
  #value = '';

  /** @throws {@link ConfigurationError} naming `header`, `format` or another option that is impossible. */
  constructor(source: TokenSource, given: TokenAuthenticatorOptions = {}) {
    const read = new.target === TokenAuthenticator ? readOptions : pickOptions;
    const options = read<TokenAuthenticatorOptions>(new.target.name, given, tokenShape);
    super(options);
    this.#header = options.header ?? 'authorization';
    assertHeaderName(this.#header, 'header');
    this.#format = options.format === undefined ? undefined : checkFormat(options.format);
    this.#isCustom = this.#format !== undefined || this.#header.toLowerCase() !== 'authorization';
    this.#proof = source.proof;
    this.#proof?.checkOptions?.(options);
    const own = { log: this.log, check: (token: Token) => this.checkToken(token) };
    this.#cache = new TokenCache(source, joinOptions(pickOptions(new.target.name, options, cacheShape), own));
    this.#tokens = source.perRequest === undefined ? this.#cache : this.#eachTime(source.perRequest);
  }

  static override getName(): string {
    return 'TokenAuthenticator';
  }

  /** For what goes beyond a request: `set` after a login of your own, `clear` at logout. */
  get tokens(): TokenCache {
    return this.#cache;
  }

  /**
   * Ends the authenticator: waits for a renewal under way, so that a rotated refresh token is not lost, then lets go of what
   * it holds, its secrets in the credential filter included (after five minutes). The store keeps its token: this is no
   * logout. Never rejects.
   *
   * @example
   * await using auth = new AuthOAuth2(source);
   */
  async close(): Promise<void> {
    await this.#cache.close();
    releaseSecrets(this);
  }

  /** The same as {@link TokenAuthenticator.close}. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  override checkIfAuthenticated(): boolean {
    return this.#tokens.peek() !== undefined;
  }

  override authenticate(context: AuthContext<Token>): Token | Promise<Token> {
    const { refused } = context;
    if (refused === undefined) return this.#tokens.get();
    const { credential, response } = refused;
    if (this.#isBeyondTokens(response, credential)) return credential;
    return this.#tokens.renew(credential, this.demandOf(response), response.request);
  }

  override modifyRequest(request: AuthRequest, token: Token): void | Promise<void> {
    if (token !== this.#built) {
      this.#value = this.headerValue(token);
      this.#built = token;
    }
    request.headers.set(this.#header, this.#value);
    return this.#proof?.prove(request, token);
  }

  /** Also takes what a server says of the next proof, where tokens are bound to a key. */
  override checkResult(response: AuthResponse, _token: Token): Verdict | Promise<Verdict> {
    return this.#proof?.isOutdated(response) === true ? 'again' : response.status !== 401;
  }

  override onAccepted(token: Token, { request }: AuthResponse): void {
    this.#tokens.accepted(token, request);
  }

  /** What demands more than a token was not refused for the token. The verdict counts, whatever the status is. */
  override onRefusedAgain(token: Token, response: AuthResponse): void {
    if (this.#isBeyondTokens(response, token) || this.demandOf(response) !== undefined) return;
    this.#tokens.refusedAgain(response.request);
  }

  override describeCredential(token: Token): Readonly<Record<string, unknown>> {
    return this.#tokens.describe(token);
  }

  /** A cache's tokens are checked as they come in; these come in with each request. */
  #eachTime(perRequest: NonNullable<TokenSource['perRequest']>): RequestTokens {
    let checked: Token | undefined;
    const renew = (refused?: Token) =>
      chain(perRequest(refused), (token) => {
        if (token !== checked) this.checkToken(token);
        checked = token;
        return token;
      });
    const nothing = () => undefined;
    return { get: () => renew(), renew, peek: nothing, accepted: nothing, refusedAgain: nothing, describe: () => ({}) };
  }

  /** With a header or format of one's own nobody knows what a challenge means for the token. */
  #isBeyondTokens({ headers }: AuthResponse, { tokenType }: Token): boolean {
    const challenge = headers.get('www-authenticate');
    if (challenge === null || this.#isCustom || !TOKEN_SCHEME.test(tokenType)) return false;
    return !TOKEN_SCHEME.test(challenge) || NOT_AT_FAULT.test(challenge);
  }

  /** What a refusal demands of the next token, such as a scope or a step-up. Here: nothing. */
  protected demandOf(_response: AuthResponse): Demand | undefined {
    return undefined;
  }

  /** What the header says for a token. Asked once per token, not per request. */
  protected headerValue(token: Token): string {
    return this.#format?.join(token.accessToken) ?? `${schemeOf(token.tokenType)} ${token.accessToken}`;
  }

  /**
   * Sees each token the moment it is learned, wherever it comes from, and before anybody else does: its secrets are
   * masked from here on.
   *
   * @throws {@link CredentialError} when the token cannot be sent.
   */
  protected checkToken(token: Token): void {
    this.updateSecret('accessToken', token.accessToken);
    if (token.refreshToken !== undefined) this.updateSecret('refreshToken', token.refreshToken);
    if (token.idToken !== undefined) this.updateSecret('idToken', token.idToken);
    this.#proof?.checkToken?.(token, this.getName());
    const scheme = (this.#format?.[0] ?? schemeOf(token.tokenType)).trim();
    if (scheme !== '' && token.accessToken.toLowerCase().startsWith(`${scheme.toLowerCase()} `)) {
      throw new CredentialError(
        `${this.getName()} puts '${scheme}' before the token, which begins with it already: leave it out, or set option ` +
          "'format' to '{}'.",
      );
    }
    if (SENDABLE.test(token.accessToken)) return;
    throw unsendable(`the token of ${this.getName()}`, `${CONTROLS}, a character beyond ASCII, or a blank at an end`);
  }
}

function schemeOf(tokenType: string): string {
  const lower = tokenType.toLowerCase();
  if (lower === 'bearer') return 'Bearer';
  return lower === 'dpop' ? 'DPoP' : tokenType;
}

/** The text around each `{}`; joining puts the token in literally, whatever it holds. */
function checkFormat(format: string): readonly string[] {
  const parts = format.split('{}');
  if (parts.length > 1 && parts.every((part) => /^[\x20-\x7e]*$/.test(part))) return parts;
  throw new ConfigurationError("option 'format' must hold {} for the token, as in 'Bearer {}', and ASCII around it.", {
    option: 'format',
  });
}
