import { parseChallenges } from '../challenge/parse.ts';
import { isWeaker, strongestChallenges } from '../challenge/select.ts';
import { ConfigurationError } from '../errors.ts';
import { authenticatorShape } from '../lifecycle/authenticator-shape.ts';
import type { CallCredentials } from '../lifecycle/call-credentials.ts';
import { ChoosingAuthenticator, type Target, unionOfOrigins } from '../lifecycle/choosing-authenticator.ts';
import {
  type Authenticator,
  type AuthenticatorOptions,
  type AuthRequest,
  type AuthResponse,
  isAuthenticator,
  type Refusal,
  type Verdict,
} from '../lifecycle/contract.ts';
import { originOf } from '../lifecycle/origins.ts';
import { chain, isPromise } from '../lifecycle/promises.ts';
import { flag, joinOptions, pickOptions, readOptions, type Shape } from '../options.ts';
import { RecentMap } from '../recent-map.ts';

/** An authenticator for each scheme that a server may ask for; names in any case. */
export type ChallengeSchemes = Readonly<Record<string, Authenticator>>;

/** Options of {@link AuthByChallenge}. */
export interface AuthByChallengeOptions extends AuthenticatorOptions {
  /**
   * May the credential of a weaker scheme go to a server that once asked for a stronger one? An attacker on the network
   * path would ask for exactly that. Default: `false`, the caller gets the 401.
   */
  readonly allowWeaker?: boolean;
}

const SHAPE: Shape<AuthByChallengeOptions> = { ...authenticatorShape, allowWeaker: flag };

/** What an origin has asked for, and got. */
interface Choice {
  readonly scheme: string;
  readonly authenticator: Authenticator;
  /** The schemes that it offered, as far as they are configured, in alphabetical order. */
  readonly offered: string;
}

/** The most origins whose choice is remembered. */
const MAX_ORIGINS = 1000;

/**
 * Lets the server choose (RFC 9110 §11.6.1). The first request to an origin goes out as it is; of the schemes that the
 * 401 offers the strongest one answers, and from then on signs every request to that origin at once. What it is refused
 * it renews itself; only a server that offers other schemes than before is answered by another one.
 *
 * Strongest first: DPoP, Negotiate, HOBA, Mutual, SCRAM, Digest, NTLM, Bearer, others, Basic.
 *
 * @example
 * const auth = new AuthByChallenge({
 *   digest: new AuthDigest({ username: 'ada', password }),
 *   basic: new AuthBasic({ username: 'ada', password }),
 * });
 * @throws {@link ConfigurationError} for what is no name of a scheme, or no authenticator.
 */
export class AuthByChallenge extends ChoosingAuthenticator {
  readonly #schemes: ReadonlyMap<string, Authenticator>;
  readonly #allowWeaker: boolean;
  readonly #choices = new RecentMap<string, Choice>(MAX_ORIGINS);

  constructor(schemes: ChallengeSchemes, given?: AuthByChallengeOptions) {
    const read = new.target === AuthByChallenge ? readOptions : pickOptions;
    const options = read<AuthByChallengeOptions>('AuthByChallenge', given, SHAPE);
    const all = toSchemes(schemes);
    const origins = options.origins ?? unionOfOrigins(Array.from(all.values(), (one) => one.origins));
    super(all.values(), joinOptions(options, origins === undefined ? {} : { origins }));
    this.#schemes = all;
    this.#allowWeaker = options.allowWeaker === true;
  }

  static override getName(): string {
    return 'AuthByChallenge';
  }

  protected override chosenFor({ origin }: Target): Authenticator | undefined {
    return this.#choices.get(origin)?.authenticator;
  }

  /** A signature that is there at once costs a repeat; one that must be waited for is the renewal. */
  protected override judgeUnsigned(response: AuthResponse, credentials: CallCredentials): Verdict | Promise<Verdict> {
    if (response.status !== 401) return true;
    const authenticator = this.#answerTo(response, undefined);
    if (authenticator === undefined) return true;
    const credential = begin(authenticator, response);
    if (isPromise(credential)) {
      credential.catch(() => undefined);
      credentials.pending = { authenticator, credential };
      return false;
    }
    return chain(credential, (value) => {
      credentials.set(authenticator, value);
      credentials.hasRepeated = true;
      return 'again';
    });
  }

  override checkResult(response: AuthResponse, credentials: CallCredentials): Verdict | Promise<Verdict> {
    const wasRepeated = credentials.hasRepeated;
    return chain(super.checkResult(response, credentials), (verdict) => {
      // There is no second repeat: a scheme that wants to sign again takes the renewal for it.
      if (verdict !== 'again' || !wasRepeated) return verdict;
      credentials.signsAgain = true;
      return false;
    });
  }

  protected override renew(
    request: AuthRequest,
    refused: Refusal<CallCredentials>,
  ): CallCredentials | Promise<CallCredentials> {
    const { credential: credentials, response } = refused;
    const { pending, signer } = credentials;
    if (pending !== undefined)
      return chain(pending.credential, (value) => credentials.with(pending.authenticator, value));
    if (credentials.signsAgain) return credentials.renewed();
    const next = this.#answerTo(response, signer);
    if (next === undefined) return credentials;
    if (next === signer) return super.renew(request, refused);
    return chain(begin(next, response), (value) => credentials.with(next, value));
  }

  /**
   * Who answers a 401? The strongest scheme that it offers, which is the same again where it offers the same as before. One
   * that offers no configured scheme is left to the authenticator that signed. `undefined`: none.
   */
  #answerTo(response: AuthResponse, signer: Authenticator | undefined): Authenticator | undefined {
    const target = cameFrom(response);
    const { origin } = target;
    const former = this.#choices.get(origin);
    const choice = this.#strongest(response, target);
    if (choice === undefined || choice.authenticator === signer) return signer;
    if (former !== undefined && isWeaker(choice.scheme, former.scheme) && !this.#allowWeaker) {
      this.log.debug('only weaker schemes offered', { origin, former: former.scheme, offered: choice.offered });
      return undefined;
    }
    this.#remember(origin, choice);
    return choice.authenticator;
  }

  #strongest(response: AuthResponse, target: Target): Choice | undefined {
    const challenges = parseChallenges(response.headers.get('www-authenticate'));
    const usable = [...this.#schemes].filter(([, one]) => this.mayTravel(one, target)).map(([scheme]) => scheme);
    const scheme = strongestChallenges(challenges, usable)[0]?.scheme;
    const authenticator = scheme === undefined ? undefined : this.#schemes.get(scheme);
    if (scheme === undefined || authenticator === undefined) return undefined;
    const offered = usable.filter((one) => challenges.some((challenge) => challenge.scheme === one));
    return { scheme, authenticator, offered: offered.sort().join(' ') };
  }

  #remember(origin: string, choice: Choice): void {
    this.log.debug('scheme chosen', { origin, scheme: choice.scheme, offered: choice.offered });
    this.#choices.set(origin, choice);
  }
}

/** Behind redirects that a client follows, the request is the first one. */
function cameFrom({ url, request }: AuthResponse): Target {
  return url ? { origin: originOf(url), url: new URL(url) } : request;
}

/** A first credential, once its authenticator has seen the challenge: a nonce is in there, or a scope. */
function begin(authenticator: Authenticator, response: AuthResponse): unknown {
  try {
    return chain(authenticator.authenticate({ request: response.request }), (credential) =>
      chain(authenticator.checkResult(response, credential), () => credential),
    );
  } catch (error) {
    // The engine explains what an `authenticate` rejects with.
    return Promise.reject(error);
  }
}

/** RFC 9110 §5.6.2 `token`. */
const TOKEN = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;

function toSchemes(schemes: ChallengeSchemes): Map<string, Authenticator> {
  const entries = Array.isArray(schemes) ? [] : Object.entries(schemes ?? {});
  const areRight = entries.every(([scheme, one]) => TOKEN.test(scheme) && isAuthenticator(one));
  const all = new Map(entries.map(([scheme, one]) => [scheme.toLowerCase(), one]));
  if (entries.length > 0 && areRight && all.size === entries.length) return all;
  throw new ConfigurationError(
    'AuthByChallenge takes an object with one authenticator for each scheme, such as { digest, basic }.',
    {
      option: 'schemes',
    },
  );
}
