import { askSecret, givenSecret } from '../ask-secret.ts';
import { parseAuthParams, parseChallenges } from '../challenge/parse.ts';
import { type DigestQop, digestProblem } from '../digest/challenge.ts';
import type { DigestKey, DigestLogin } from '../digest/key.ts';
import type { DigestOptions } from '../digest/session.ts';
import { DigestSpaces } from '../digest/spaces.ts';
import { authenticatorShape } from '../lifecycle/authenticator-shape.ts';
import {
  type AuthContext,
  Authenticator,
  type AuthenticatorOptions,
  type AuthRequest,
  type AuthResponse,
  type Verdict,
} from '../lifecycle/contract.ts';
import { chain } from '../lifecycle/promises.ts';
import { requestTarget } from '../lifecycle/request-target.ts';
import { flag, func, oneOf, pickOptions, readOptions, type Shape, secretOption } from '../options.ts';
import { RecentMap } from '../recent-map.ts';
import type { SecretOption } from '../secret.ts';
import { assertSecretText } from '../secret-text.ts';
import { DigestCall } from './digest/call.ts';
import { assertHarmless, assertProven } from './digest/proof.ts';

/** Options of {@link AuthDigest}. */
export interface AuthDigestOptions extends AuthenticatorOptions {
  /** The user name; a function is called for each request. */
  readonly username: SecretOption;
  /** The password; a function is called for each request. */
  readonly password: SecretOption;
  /**
   * Must the server prove with every answer that it knows the password as well (`rspauth`, RFC 7616 §3.5)? Few servers do
   * so, and none for what it gives to everybody. Default: `false`.
   */
  readonly strict?: boolean;
  /** May MD5 be used? It is broken, and all that many servers know. Default: `true`. */
  readonly allowMd5?: boolean;
  /**
   * What to prove where a server lets us choose: `'auth'`, the password, or `'auth-int'`, the body of the request as well.
   * Default: `'auth'`.
   */
  readonly qop?: DigestQop;
  /** Random bytes, for the client nonce. Default: `crypto.getRandomValues`. */
  readonly random?: (bytes: number) => Uint8Array;
}

/** The most servers whose nonces are remembered. */
const MAX_SERVERS = 100;
/** How many of the hashes that stand for the password are masked. */
const MASKED_KEYS = 16;

const SHAPE: Shape<AuthDigestOptions> = {
  ...authenticatorShape,
  username: secretOption,
  password: secretOption,
  strict: flag,
  allowMd5: flag,
  qop: oneOf('auth', 'auth-int'),
  random: func,
};

/**
 * User name and password, proven without being sent (RFC 7616): MD5, SHA-256 and SHA-512-256, each with `-sess`; `auth`,
 * `auth-int`, and servers that know RFC 2069 only. The first request to a server goes without an answer and learns the
 * nonce; from then on a request takes one round trip.
 *
 * @example
 * const api = fetchAuth(new AuthDigest({ username: 'ada', password }), { baseUrl: 'https://api.example.com' });
 * @throws {@link CredentialError} for a control character in either, before any request is sent. {@link ChallengeError}
 * where a server insists on `auth-int` and the body is a stream, and where `strict` finds no proof or a wrong one.
 */
export class AuthDigest extends Authenticator<DigestCall> {
  /** An answer is good for one method and one URI. */
  override readonly signsEachRequest = true;
  readonly #username: SecretOption;
  readonly #password: SecretOption;
  readonly #strict: boolean;
  readonly #options: DigestOptions;
  readonly #servers = new RecentMap<string, DigestSpaces>(MAX_SERVERS);
  #keysMasked = 0;
  #last: DigestLogin | undefined;
  /** Both parts, where they are given as text and can't change. */
  readonly #fixed: DigestLogin | undefined;

  constructor(given: AuthDigestOptions) {
    const options = (new.target === AuthDigest ? readOptions : pickOptions)<AuthDigestOptions>(
      'AuthDigest',
      given,
      SHAPE,
    );
    super(options);
    const { username, password, strict = false, allowMd5 = true, qop = 'auth', random } = options;
    this.#username = username;
    this.#password = password;
    this.#strict = strict;
    this.#options = { allowMd5, qop, ...(random !== undefined && { random }) };
    const user = givenSecret(username, 'the user name', assertSecretText);
    const secret = givenSecret(password, 'the password', assertSecretText);
    if (user !== undefined && secret !== undefined) this.#fixed = this.#login(user, secret);
  }

  static override getName(): string {
    return 'AuthDigest';
  }

  override authenticate({ refused }: AuthContext<DigestCall>): DigestCall | Promise<DigestCall> {
    const present = (login: DigestLogin) => refused?.credential.after(login) ?? new DigestCall(login);
    if (this.#fixed !== undefined) return present(this.#fixed);
    return chain(askSecret(this.#username, 'the user name', assertSecretText), (username) =>
      chain(askSecret(this.#password, 'the password', assertSecretText), (password) =>
        present(this.#login(username, password)),
      ),
    );
  }

  override modifyRequest(request: AuthRequest, call: DigestCall): void | Promise<void> {
    const uri = targetOf(request);
    call.place = request.origin + uri;
    call.proof = undefined;
    const remedy = call.remedy?.place === call.place ? call.remedy : undefined;
    const session = remedy?.session ?? this.#servers.get(request.origin)?.sessionFor(uri);
    if (session === undefined) return undefined;
    const nonce = remedy?.nonce ?? session.nonce;
    const sign = (body?: Uint8Array) => {
      const answer = session.answer({ method: request.method, uri, body }, call.reveal(), nonce);
      if (answer === undefined) return;
      this.#mask(answer.key);
      call.proof = { session, answer };
      request.headers.set('authorization', answer.header);
    };
    return session.wantsBody(nonce) && request.readBody !== undefined ? request.readBody().then(sign) : sign();
  }

  override checkResult(response: AuthResponse, call: DigestCall): Verdict | Promise<Verdict> {
    if (response.status === 401) return this.#learn(response, call);
    if (call.proof === undefined) {
      if (this.#strict) assertHarmless(response);
      return true;
    }
    const { session, answer } = call.proof;
    const info = parseAuthParams(response.headers.get('authentication-info'));
    const accept = () => {
      // A server that fails may not have looked at it.
      if (response.status < 500) session.accept(answer, info);
      return true;
    };
    return this.#strict ? chain(assertProven(response, answer, info), accept) : accept();
  }

  override describeCredential({ proof }: DigestCall): Readonly<Record<string, unknown>> {
    return { answered: proof !== undefined, algorithm: proof?.answer.nonce.challenge.algorithmName };
  }

  /** `'again'` for what one more signature can put right; the second time that takes a renewal (see {@link DigestCall.after}). */
  #learn({ headers, url, request }: AuthResponse, call: DigestCall): Verdict {
    const { origin, pathname, search } = new URL(url || request.url);
    const challenges = parseChallenges(headers.get('www-authenticate'));
    const remedy = this.#server(origin).learn(challenges, pathname + search, call.proof?.answer);
    if (remedy === undefined) {
      if (this.log.enabled) {
        this.log.debug('challenge not answered', { origin, reason: digestProblem(challenges, this.#options) });
      }
      return false;
    }
    call.isWorthRenewal = call.remedy !== undefined;
    // Who chooses by challenge has sent the first attempt without us.
    const target = url ? pathname + search : requestTarget(request);
    call.remedy = { ...remedy, place: call.place || origin + target };
    return call.isWorthRenewal ? false : 'again';
  }

  #server(origin: string): DigestSpaces {
    const spaces = this.#servers.get(origin) ?? new DigestSpaces(origin, this.#options);
    this.#servers.set(origin, spaces);
    return spaces;
  }

  #login(username: string, password: string): DigestLogin {
    if (this.#last?.username === username && this.#last.password === password) return this.#last;
    if (password !== '') this.updateSecret('password', password);
    this.#last = { username, password };
    return this.#last;
  }

  /** Each is one of a few that are in use at a time: as many as there are realms, and one more after a change. */
  #mask(key: DigestKey): void {
    if (key.isMasked) return;
    key.isMasked = true;
    this.updateSecret(`ha1.${this.#keysMasked % MASKED_KEYS}`, key.reveal());
    this.#keysMasked += 1;
  }
}

/** The request target, without an empty query: the fetch of Node 20 and 22 sends `/a` for `/a?`, that of Node 24 sends `/a?`. */
function targetOf(request: AuthRequest): string {
  const target = requestTarget(request);
  if (!target.endsWith('?')) return target;
  const url = new URL(request.url);
  if (url.search !== '') return target;
  url.search = '';
  request.url = url;
  return requestTarget(request);
}
