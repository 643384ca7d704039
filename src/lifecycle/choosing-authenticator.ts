import { CallCredentials } from './call-credentials.ts';
import {
  type AuthContext,
  Authenticator,
  type AuthenticatorOptions,
  type AuthRequest,
  type AuthResponse,
  judge,
  type Refusal,
  type Verdict,
} from './contract.ts';
import { type OriginRule, type Origins, originOf, originRule, originsOfRules } from './origins.ts';
import { chain } from './promises.ts';

/** Where a request goes. */
export type Target = Pick<AuthRequest, 'origin' | 'url'>;

/**
 * Chooses an authenticator for each request: it signs the request, judges the response and renews a refused
 * credential. A request for which none is chosen is sent without a credential. Their own `origins` stay in force. AuthByOrigin and AuthByChallenge are built on this.
 */
export abstract class ChoosingAuthenticator extends Authenticator<CallCredentials> {
  /** The next hop may be somebody else's. */
  override readonly signsEachRequest = true;
  readonly #rules: ReadonlyMap<Authenticator, OriginRule | undefined>;

  /** @throws {@link ConfigurationError} where one of them has `origins` that are wrong. */
  constructor(authenticators: Iterable<Authenticator>, options: AuthenticatorOptions) {
    super(options);
    this.#rules = new Map(Array.from(authenticators, (one) => [one, originRule(one.origins)] as const));
  }

  /** Who signs a request that goes there? */
  protected abstract chosenFor(target: Target): Authenticator | undefined;

  /** May the authenticator's credential travel there? */
  protected mayTravel(authenticator: Authenticator, target: Target): boolean {
    return this.#rules.get(authenticator)?.(target) ?? true;
  }

  override checkIfAuthenticated(): boolean {
    return [...this.#rules.keys()].every((authenticator) => authenticator.checkIfAuthenticated());
  }

  override authenticate(context: AuthContext<CallCredentials>): CallCredentials | Promise<CallCredentials> {
    if (context.refused !== undefined) return this.renew(context.request, context.refused);
    const credentials = new CallCredentials();
    return chain(this.#signerOf(context.request), (chosen) =>
      chosen === undefined ? credentials : chain(find(chosen, context.request, credentials), () => credentials),
    );
  }

  override modifyRequest(request: AuthRequest, credentials: CallCredentials): void | Promise<void> {
    return chain(this.#signerOf(request), (chosen) => {
      credentials.signer = chosen;
      credentials.origin = request.origin;
      if (chosen === undefined) return undefined;
      return chain(find(chosen, request, credentials), (credential) => chosen.modifyRequest(request, credential));
    });
  }

  /** A response from where a client went by itself says nothing about the authenticator that signed. */
  override checkResult(response: AuthResponse, credentials: CallCredentials): Verdict | Promise<Verdict> {
    const { signer, origin } = credentials;
    if (response.url && originOf(response.url) !== origin) return true;
    if (signer === undefined) return this.judgeUnsigned(response, credentials);
    const credential = credentials.of(signer);
    return chain(judge(signer, response, credential), (verdict) => {
      if (verdict === true && response.status < 500) signer.onAccepted?.(credential, response);
      return verdict;
    });
  }

  override onRefusedAgain(credentials: CallCredentials, response: AuthResponse): void {
    const { signer } = credentials;
    signer?.onRefusedAgain?.(credentials.of(signer), response);
  }

  override describeCredential(credentials: CallCredentials): Readonly<Record<string, unknown>> {
    const { signer } = credentials;
    return { chosen: signer?.getName() ?? 'none', ...signer?.describeCredential?.(credentials.of(signer)) };
  }

  /** Judges the answer to a request that nobody has signed. Here: it stands. */
  protected judgeUnsigned(_response: AuthResponse, _credentials: CallCredentials): Verdict | Promise<Verdict> {
    return true;
  }

  /** Lets the authenticator that signed find something better; the same object where there is nothing. */
  protected renew(
    request: AuthRequest,
    { credential: credentials, response }: Refusal<CallCredentials>,
  ): CallCredentials | Promise<CallCredentials> {
    const { signer } = credentials;
    if (signer === undefined) return credentials;
    const former = credentials.of(signer);
    return chain(signer.authenticate({ request, refused: { credential: former, response } }), (credential) =>
      Object.is(credential, former) ? credentials : credentials.with(signer, credential),
    );
  }

  #signerOf(request: AuthRequest): Authenticator | undefined | Promise<Authenticator | undefined> {
    const chosen = this.chosenFor(request);
    if (chosen === undefined || this.mayTravel(chosen, request)) return chosen;
    return chain(chosen.learnOrigins?.(), () => (this.mayTravel(chosen, request) ? chosen : undefined));
  }
}

/** All origins of several, as a list where all are lists. `undefined`: one of them is bound to none. */
export function unionOfOrigins(all: readonly (Origins | undefined)[]): Origins | undefined {
  if (all.every(Array.isArray)) return all.flat();
  const rules = all.map(originRule).filter((rule) => rule !== undefined);
  return rules.length === all.length ? originsOfRules(rules) : undefined;
}

/** The credential for this call, asked for once. */
function find(authenticator: Authenticator, request: AuthRequest, credentials: CallCredentials): unknown {
  if (credentials.has(authenticator)) return credentials.of(authenticator);
  return chain(authenticator.authenticate({ request }), (credential) => {
    credentials.set(authenticator, credential);
    return credential;
  });
}
