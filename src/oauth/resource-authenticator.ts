import type { AuthContext, AuthResponse, Refusal, Verdict } from '../lifecycle/contract.ts';
import { chain, isYes } from '../lifecycle/promises.ts';
import { either, func, type Kind, pickOptions, readOptions, type Shape, texts } from '../options.ts';
import { understandClaims } from '../tokens/claims.ts';
import { Clock } from '../tokens/clock.ts';
import { fromFunction, type TokenFunction } from '../tokens/sources.ts';
import type { Demand, Token, TokenSource } from '../tokens/token.ts';
import { TokenAuthenticator, type TokenAuthenticatorOptions } from '../tokens/token-authenticator.ts';
import { tokenShape } from '../tokens/token-shape.ts';
import { ChallengeBrake } from './challenge-brake.ts';
import { MOST_DEMANDED, OriginTokens } from './origin-tokens.ts';
import { scopeList, scopeUnion } from './scope.ts';
import { type StepUpHandler, StepUps } from './step-ups.ts';
import { type TokenChallenge, tokenChallenge } from './token-challenge.ts';

/** Options of {@link ResourceAuthenticator}. */
export interface ResourceAuthenticatorOptions extends TokenAuthenticatorOptions {
  /**
   * Which scopes a server may ask for with `insufficient_scope`: names, or a function that is asked about each challenge.
   * A token that has them beside all that the former one had is then asked for once. A server that wants any other scope
   * gets nothing. Default: none, the caller gets the 403.
   */
  readonly scopeStepUp?: string | readonly string[] | ScopeStepUp;
  /**
   * Called when an API wants the user to authenticate again or more strongly (RFC 9470). Return `true` to request a
   * token that fulfils the challenge, or a demand of your own. Default: the caller gets the {@link
   * StepUpRequiredError}, as with any other return value, and when it fails or takes longer than ten minutes. It is called
   * once for all who wait, in a neutral async context.
   */
  readonly onStepUp?: StepUpHandler;
}

/** What a server asks for with `insufficient_scope`. */
export interface ScopeChallenge {
  /** The scopes that the server has named, without those that the token has. */
  readonly scope: readonly string[];
  /** The server that has named them. */
  readonly origin: string;
}

/** May this server ask for these scopes? Anything but `true`, and an error, means no. */
export type ScopeStepUp = (challenge: ScopeChallenge) => boolean;

const NAMES_OR_FUNCTION: Kind = {
  ...either(texts, func),
  wanted: 'the names of the scopes that servers may ask for, or a function that decides about each challenge',
};

export const resourceShape: Shape<ResourceAuthenticatorOptions> = {
  ...tokenShape,
  scopeStepUp: NAMES_OR_FUNCTION,
  onStepUp: func,
};

/** What to do about a refusal. */
type Remedy = 'renew' | 'widen' | 'step-up' | 'none';

const REMEDIES: Readonly<Record<string, Remedy>> = {
  // RFC 6750 §3.1
  invalid_token: 'renew',
  insufficient_scope: 'widen',
  invalid_request: 'none',
  // RFC 9449 §7.1: the token is good
  invalid_dpop_proof: 'none',
  use_dpop_nonce: 'none',
  // RFC 9470 §3
  insufficient_user_authentication: 'step-up',
  // Continuous access evaluation
  insufficient_claims: 'renew',
};

/**
 * Presents tokens to resource servers, and heeds why they refuse one: a worn-out token is renewed, one that grants too
 * little is not, because its like would be refused as well. AuthOAuth2 is built on this.
 */
export class ResourceAuthenticator extends TokenAuthenticator {
  readonly #keepsTokens: boolean;
  readonly #mayWiden: ScopeStepUp;
  readonly #brake: ChallengeBrake;
  readonly #stepUps: StepUps;
  readonly #origins: OriginTokens;
  #kept = 0;

  /** @throws {@link ConfigurationError} for what is no source, and naming the option that is wrong. */
  constructor(source: TokenSource | TokenFunction, given: ResourceAuthenticatorOptions = {}) {
    const read = new.target === ResourceAuthenticator ? readOptions : pickOptions;
    const options = read<ResourceAuthenticatorOptions>(new.target.name, given, resourceShape);
    super(typeof source === 'function' ? fromFunction(source) : source, options);
    this.#keepsTokens = typeof source === 'function' || source.perRequest === undefined;
    this.#mayWiden = scopeRule(options.scopeStepUp);
    const clock = new Clock(options);
    understandClaims();
    this.#brake = new ChallengeBrake(clock);
    this.#origins = new OriginTokens(clock);
    this.#stepUps = new StepUps(this.tokens, options.onStepUp);
  }

  static override getName(): string {
    return 'ResourceAuthenticator';
  }

  override authenticate(context: AuthContext<Token>): Token | Promise<Token> {
    if (context.refused !== undefined) return this.#remedy(context, context.refused);
    if (this.#origins.isEmpty) return super.authenticate(context);
    const { origin } = context.request;
    return (
      this.#origins.whileOthersWait(origin) ??
      chain(super.authenticate(context), (token) => this.#origins.tokenFor(origin, token))
    );
  }

  /** A 403 is a refusal as well, if it says so. */
  override checkResult(response: AuthResponse, token: Token): Verdict | Promise<Verdict> {
    const verdict = super.checkResult(response, token);
    if (response.status !== 403 || verdict !== true) return verdict;
    return this.#remedyFor(response, token, 'none') === 'none';
  }

  protected override demandOf(response: AuthResponse): Demand | undefined {
    const { claims } = tokenChallenge(response);
    return claims === undefined ? undefined : { claims };
  }

  #remedy(context: AuthContext<Token>, { credential, response }: Refusal<Token>): Token | Promise<Token> {
    const challenge = tokenChallenge(response);
    const remedy = this.#remedyFor(response, credential, 'renew');
    if (!this.#mayMeet(remedy, challenge, credential, response)) return credential;
    const { origin } = response.request;
    switch (remedy) {
      case 'renew':
        if (challenge.claims === undefined || !this.#keepsTokens) {
          this.#origins.refuse(credential);
          return super.authenticate(context);
        }
        return this.#demand(origin, credential, () => super.authenticate(context));
      case 'widen':
        return this.#demand(origin, credential, () => this.#widen(credential, challenge.scope));
      case 'step-up':
        return this.#demand(origin, credential, () => this.#stepUps.meet(credential, challenge, origin));
      case 'none':
        return credential;
    }
  }

  /** The former token may serve other origins for longer than the cache keeps it masked. */
  #demand(origin: string, refused: Token, ask: () => Token | Promise<Token>): Token | Promise<Token> {
    const former = this.tokens.peek() ?? refused;
    this.updateSecret(`former.${this.#kept % MOST_DEMANDED}`, former.accessToken);
    this.#kept += 1;
    return this.#origins.demand(origin, former, ask);
  }

  /** A token that is refused as such is the token cache's affair, which has brakes of its own. */
  #mayMeet(remedy: Remedy, challenge: TokenChallenge, refused: Token, { request }: AuthResponse): boolean {
    if (remedy === 'none' || (remedy === 'renew' && challenge.claims === undefined)) return true;
    const { scope, claims, acrValues, maxAgeMs } = challenge;
    const wanted = JSON.stringify([remedy, scope, claims, acrValues, maxAgeMs]);
    return this.#brake.allows(refused, wanted, request.origin + request.url.pathname);
  }

  #remedyFor(response: AuthResponse, refused: Token, otherwise: Remedy): Remedy {
    const { error, scope, claims } = tokenChallenge(response);
    if (error === undefined) return otherwise;
    const remedy = Object.hasOwn(REMEDIES, error) ? REMEDIES[error] : undefined;
    // Where each request has a token of its own, its user must get what the server wants.
    if (!this.#keepsTokens && (remedy === 'widen' || remedy === 'step-up')) return 'none';
    if (remedy === 'widen') {
      const { origin } = response.request;
      const more = scope?.filter((name) => refused.scope?.includes(name) !== true);
      return more !== undefined && this.#mayWiden({ scope: more, origin }) ? remedy : 'none';
    }
    return remedy ?? (claims === undefined ? otherwise : 'renew');
  }

  /** The former token stays good for all who need no more. What was asked for already is not asked for again. */
  #widen(refused: Token, scope: readonly string[] | undefined): Token | Promise<Token> {
    const demand = { scope: scopeUnion(refused.scope, scope) };
    return chain(this.tokens.get(demand), (token) => (token.accessToken === refused.accessToken ? refused : token));
  }
}

function scopeRule(option: ResourceAuthenticatorOptions['scopeStepUp']): ScopeStepUp {
  if (typeof option !== 'function') {
    const allowed = scopeList(option);
    return ({ scope }) => scope.every((name) => allowed.includes(name));
  }
  return (challenge) => {
    try {
      return isYes(option(challenge));
    } catch {
      return false;
    }
  };
}
