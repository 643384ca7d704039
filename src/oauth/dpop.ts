/**
 * Demonstrating Proof of Possession (RFC 9449): a token that is bound to a key, and a proof of that key with every
 * request, so that a stolen token is worth nothing.
 */

import { calculateJwkThumbprint } from 'jose';
import { parseChallenges } from '../challenge/parse.ts';
import { ConfigurationError, CredentialError, TokenEndpointError } from '../errors.ts';
import type { AuthRequest, AuthResponse } from '../lifecycle/contract.ts';
import { func, type Kind, object, readOptions, type Shape, text } from '../options.ts';
import { secureRandom } from '../tokens/secure-random.ts';
import type { ProofOfPossession, Token } from '../tokens/token.ts';
import { type DpopKey, type DpopKeyOptions, dpopKey } from './dpop-key.ts';
import { DpopNonces } from './dpop-nonces.ts';
import { freshJwtId, sha256, signJwt } from './sign-jwt.ts';
import { readBody, type TokenResponse } from './token-response.ts';

/** Options of {@link Dpop}. */
export interface DpopOptions extends DpopKeyOptions {
  /** The wall clock, in milliseconds since the epoch. Default: the grant's for token requests, otherwise `Date.now`. */
  readonly now?: () => number;
  /**
   * How far the clocks of the servers are ahead of this one, in milliseconds; negative where they are late. It is added to
   * the `iat` of all proofs. Default: 0.
   */
  readonly clockSkewMs?: number;
  /** Random bytes, for `jti`. Default: `crypto.getRandomValues`. */
  readonly random?: (bytes: number) => Uint8Array;
}

const skew: Kind = { wanted: 'a number of milliseconds', test: (value) => Number.isFinite(value) };
const SHAPE: Shape<DpopOptions> = { algorithm: text, key: object, now: func, clockSkewMs: skew, random: func };

/** Makes the proof of one token request, for its `DPoP` header. */
export type ProveTokenRequest = (endpoint: URL) => Promise<string>;

/** A token request is sent this often at most: without a nonce, with it, and once more where it changes meanwhile. */
const MAX_SENDS = 3;
const NONCE_WANTED = 'use_dpop_nonce';

/**
 * A key, and the proofs that are made with it. Grants that share one make tokens of one key.
 *
 * @example
 * const dpop = new Dpop({ key: await loadKey() });
 * const source = clientCredentials({ issuer, clientId, clientSecret, dpop });
 * @throws {@link ConfigurationError} naming `dpop` for a key or an algorithm that cannot be used.
 */
export class Dpop implements ProofOfPossession {
  readonly #key: () => Promise<DpopKey>;
  readonly #now: (() => number) | undefined;
  readonly #clockSkewMs: number;
  readonly #random: (bytes: number) => Uint8Array;
  /** A resource server's nonces are none of an authorization server's (RFC 9449 §9), even at one origin. */
  readonly #nonces = new DpopNonces();
  readonly #serverNonces = new DpopNonces();
  readonly #used = new WeakMap<AuthRequest, string | undefined>();
  #hashed: { readonly accessToken: string; readonly ath: Promise<string> } | undefined;

  constructor(given: DpopOptions = {}) {
    const options = readOptions('Dpop', given, SHAPE);
    this.#key = dpopKey(options);
    this.#now = options.now;
    this.#clockSkewMs = options.clockSkewMs ?? 0;
    this.#random = options.random ?? secureRandom;
  }

  /** The JWK thumbprint of the key (RFC 7638), which is also `dpop_jkt` (RFC 9449 §10). */
  async thumbprint(): Promise<string> {
    return calculateJwkThumbprint((await this.#key()).publicJwk);
  }

  /** Bound tokens have one scheme in one header (RFC 9449 §7.1). */
  checkOptions({ header = 'authorization', format }: { readonly header?: string; readonly format?: string }): void {
    const option = header.toLowerCase() === 'authorization' ? 'format' : 'header';
    if (option === 'format' && format === undefined) return;
    throw new ConfigurationError(`option '${option}' contradicts DPoP, which says how the token is sent.`, { option });
  }

  /** Anybody could use what came as a bearer token (RFC 9449 §5). */
  checkToken({ tokenType }: Token, owner: string): void {
    if (tokenType.toLowerCase() === 'dpop') return;
    throw new CredentialError(
      `${owner} got a token that is not bound to its DPoP key, and discarded it: its tokenType must be DPoP.`,
    );
  }

  /** Puts a fresh proof for a resource server on one wire attempt (RFC 9449 §7.1). */
  async prove(request: AuthRequest, token: Token): Promise<void> {
    const [key, ath] = await Promise.all([this.#key(), this.#hash(token.accessToken)]);
    const nonce = this.#nonces.get(request.origin);
    this.#used.set(request, nonce);
    request.headers.set('dpop', await this.#proof(key, { method: request.method, url: request.url, ath, nonce }));
  }

  /** Takes the nonce of every response. Does the server want it in the proof, and did the proof lack it? */
  isOutdated({ request, status, headers }: AuthResponse): boolean {
    this.#nonces.learn(request.origin, headers);
    if (status !== 401) return false;
    const challenges = parseChallenges(headers.get('www-authenticate'));
    const isWanted = challenges.some(({ scheme, params }) => scheme === 'dpop' && params.get('error') === NONCE_WANTED);
    return isWanted && this.#used.get(request) !== this.#nonces.get(request.origin);
  }

  /**
   * Makes a token request with a proof, and again with the nonce that the server wants (RFC 9449 §8).
   *
   * @param send - Sends the request with the proof that its argument makes.
   * @param now - The clock of the grant, for keys that have none of their own.
   */
  async request(
    send: (prove: ProveTokenRequest) => Promise<TokenResponse>,
    now?: () => number,
  ): Promise<TokenResponse> {
    const key = await this.#key();
    for (let sends = 1; ; sends += 1) {
      const sent: { origin?: string; nonce?: string | undefined } = {};
      const response = await send((url) => {
        sent.origin = url.origin;
        sent.nonce = this.#serverNonces.get(url.origin);
        return this.#proof(key, { method: 'POST', url, nonce: sent.nonce }, now);
      });
      const { origin = '' } = sent;
      this.#serverNonces.learn(origin, response.headers);
      const mayHelp = sends < MAX_SENDS && this.#serverNonces.get(origin) !== sent.nonce;
      if (!mayHelp || !wantsNonce(response)) return response;
    }
  }

  #proof(key: DpopKey, { method: htm, url, nonce, ath }: Proof, clock = Date.now): Promise<string> {
    const jti = freshJwtId(this.#random);
    const now = (this.#now ?? clock)() + this.#clockSkewMs;
    return signJwt({
      key: key.pair.privateKey,
      algorithm: key.algorithm,
      header: { typ: 'dpop+jwt', jwk: key.publicJwk },
      claims: { htm, htu: url.origin + url.pathname, jti, ath, nonce, iat: Math.floor(now / 1000) },
    });
  }

  /** A token is hashed once, however often it is sent. */
  #hash(accessToken: string): Promise<string> {
    if (this.#hashed?.accessToken !== accessToken) this.#hashed = { accessToken, ath: sha256(accessToken) };
    return this.#hashed.ath;
  }
}

interface Proof {
  readonly method: string;
  readonly url: URL;
  /** The hash of the token that is presented. */
  readonly ath?: string;
  readonly nonce: string | undefined;
}

function wantsNonce(response: TokenResponse): boolean {
  if (response.status < 400 || response.headers.get('dpop-nonce') === null) return false;
  try {
    readBody(response);
    return false;
  } catch (error) {
    return error instanceof TokenEndpointError && error.error === NONCE_WANTED;
  }
}
