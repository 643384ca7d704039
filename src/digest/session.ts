import type { Challenge } from '../challenge/parse.ts';
import { ChallengeError } from '../errors.ts';
import { RecentMap } from '../recent-map.ts';
import { DigestAnswer, type DigestMessage } from './answer.ts';
import { chooseDigest, type DigestChallenge, type DigestQop, isSendable } from './challenge.ts';
import type { Random } from './cnonce.ts';
import { DigestKey, type DigestLogin } from './key.ts';
import { DigestNonce } from './nonce.ts';

export interface DigestOptions {
  /** May MD5 be used, which is broken, and all that many servers know? Default: `true`. */
  readonly allowMd5?: boolean;
  /** What to prove where a server lets us choose. Default: `'auth'`. */
  readonly qop?: DigestQop;
  /** Random bytes, for the client nonce. Default: `crypto.getRandomValues`. */
  readonly random?: Random;
}

/** Of how many nonces the count is remembered. */
const MAX_NONCES = 100;

/**
 * What is known of one protection space (RFC 7616 §3.3): its nonces, how often each was used, and the strongest algorithm
 * it has accepted. It does no I/O and knows no client: a proxy is a protection space as well.
 *
 * @example
 * const session = new DigestSession();
 * const nonce = session.learn(parseChallenges(response.headers.get('www-authenticate')));
 * const answer = nonce && session.answer({ method: 'GET', uri: '/reports?year=7' }, { username, password }, nonce);
 * request.headers.set('authorization', answer.header);
 */
export class DigestSession {
  readonly #options: DigestOptions;
  readonly #nonces = new RecentMap<string, DigestNonce>(MAX_NONCES);
  #current: DigestNonce | undefined;
  /** Next nonces that came with answers to others than the current one; the newest is the last. */
  #spare: DigestNonce[] = [];
  #key: DigestKey | undefined;
  /** A realm that has accepted an algorithm is not asked to make do with a weaker one. */
  #leastStrength = 0;

  constructor(options: DigestOptions = {}) {
    this.#options = options;
  }

  /**
   * The nonce for the next request; `undefined`: it must go without an answer, to learn one. A server that gives a next nonce
   * with each answer may accept each for one request only: calls at the same time then take one each.
   */
  get nonce(): DigestNonce | undefined {
    if (this.#current?.isFresh === false) this.#current = this.#spare.pop() ?? this.#current;
    return this.#current?.isUsedUp ? undefined : this.#current;
  }

  /** Must the body be read before an answer with that nonce is made? */
  wantsBody(nonce: DigestNonce | undefined = this.nonce): boolean {
    const qops = nonce?.challenge.qops ?? [];
    return qops.includes('auth-int') && (this.#options.qop === 'auth-int' || !qops.includes('auth'));
  }

  /**
   * Answers for one request, and counts the nonce up: ask once for everything that is sent. `undefined` where no nonce is
   * known.
   *
   * @throws {@link ChallengeError} where the server insists on `auth-int` and the body is not known.
   */
  answer(message: DigestMessage, login: DigestLogin, nonce = this.nonce): DigestAnswer | undefined {
    if (nonce === undefined || nonce.isUsedUp) return undefined;
    return new DigestAnswer(message, this.#keyFor(login, nonce.challenge), login, nonce, this.#qopFor(nonce, message));
  }

  /**
   * Takes the challenges of a refusal. Gives the nonce to repeat the refused request with; `undefined` where that is no
   * use, because nothing here can be answered or because it is the login that was refused.
   *
   * @param refused - What the request carried; `undefined` if nothing.
   */
  learn(challenges: readonly Challenge[], refused?: DigestAnswer): DigestNonce | undefined {
    const { allowMd5 } = this.#options;
    const challenge = chooseDigest(challenges, { allowMd5, leastStrength: this.#leastStrength });
    if (challenge === undefined) return undefined;
    const nonce = this.#remember(challenge, challenge.nonce);
    // What is older is no better.
    if (challenge.stale) this.#spare = [];
    // Of those that were refused together, the first one's nonce goes on; the others' are good for their repeat only.
    if (this.#current === undefined || this.#current === refused?.nonce) this.#current = nonce;
    return isOutdated(challenge, refused) ? nonce : undefined;
  }

  /**
   * Takes what an answer brings that was not refused.
   *
   * @param info - The parameters of `Authentication-Info` or `Proxy-Authentication-Info`.
   */
  accept(answer: DigestAnswer, info?: ReadonlyMap<string, string>): void {
    const { challenge } = answer.nonce;
    answer.key.isAccepted = true;
    answer.nonce.isAccepted = true;
    this.#leastStrength = Math.max(this.#leastStrength, challenge.algorithm.strength);
    const next = info?.get('nextnonce');
    if (next === undefined || next === '' || !isSendable(challenge.realm, next, challenge.opaque ?? '')) return;
    const nonce = this.#remember(challenge, next);
    nonce.isAccepted = true;
    if (this.#current === undefined || this.#current === answer.nonce) this.#current = nonce;
    else if (nonce.isFresh && this.#spare.length < MAX_NONCES) this.#spare.push(nonce);
  }

  /** One nonce is one count, however often it is given. */
  #remember(challenge: DigestChallenge, value: string): DigestNonce {
    const known = this.#nonces.get(value);
    if (known !== undefined && isLike(known.challenge, challenge)) return known;
    const nonce = new DigestNonce(challenge, value, this.#options.random, known);
    this.#nonces.set(value, nonce);
    return nonce;
  }

  #keyFor(login: DigestLogin, challenge: DigestChallenge): DigestKey {
    if (this.#key?.fits(login, challenge) !== true) this.#key = new DigestKey(login, challenge);
    return this.#key as DigestKey;
  }

  #qopFor(nonce: DigestNonce, { body }: DigestMessage): DigestQop | undefined {
    const { qops } = nonce.challenge;
    if (this.wantsBody(nonce) && body !== undefined) return 'auth-int';
    if (qops.includes('auth') || qops.length === 0) return qops[0];
    throw new ChallengeError(
      'the server requires a signature of the body (RFC 7616, qop=auth-int), and this body cannot be read in advance: ' +
        'give text or bytes instead of a stream.',
    );
  }
}

/** Was it something else than the login that was refused? */
function isOutdated(challenge: DigestChallenge, refused: DigestAnswer | undefined): boolean {
  if (refused === undefined || challenge.stale) return true;
  if (refused.nonce.challenge.realm !== challenge.realm) return true;
  // Some servers forget to say `stale`: what was good a moment ago is worth one more try with another nonce.
  return refused.key.isAccepted && refused.nonce.isAccepted && refused.nonce.value !== challenge.nonce;
}

function isLike(a: DigestChallenge, b: DigestChallenge): boolean {
  const same = a.realm === b.realm && a.opaque === b.opaque && a.algorithmName === b.algorithmName;
  return same && a.userhash === b.userhash && a.qops.join() === b.qops.join();
}
