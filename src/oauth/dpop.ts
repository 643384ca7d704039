/**
 * Demonstrating Proof of Possession (RFC 9449): a token that is bound to a key, and a proof of that key with every
 * request, so that a stolen token is worth nothing.
 */

import { base64url, calculateJwkThumbprint, SignJWT } from 'jose';
import { DPoP, type DPoPHandle, type DPoPRequestOptions, modifyAssertion } from 'oauth4webapi';
import { parseChallenges } from '../challenge/parse.ts';
import { TokenEndpointError } from '../errors.ts';
import type { AuthRequest, AuthResponse } from '../lifecycle/contract.ts';
import type { ProofOfPossession, Token } from '../tokens/token.ts';
import { secureRandom } from '../tokens/token-cache-options.ts';
import { type DpopKey, type DpopKeyOptions, dpopKey } from './dpop-key.ts';
import { DpopNonces } from './dpop-nonces.ts';
import { readBody, type TokenResponse } from './token-response.ts';

export interface DpopOptions extends DpopKeyOptions {
  /** The wall clock, in milliseconds since the epoch. Default: `Date.now`. */
  readonly now?: () => number;
  /** Random bytes, for `jti`. Default: `crypto.getRandomValues`. */
  readonly random?: (bytes: number) => Uint8Array;
}

/** `true`: bind tokens to a new key. Options: to a key of your own. A {@link Dpop}: to the key of another grant. */
export type DpopOption = boolean | DpopOptions | Dpop;

/** 128 bits are enough for `jti` (RFC 9449 §4.2: at least 96). */
const JTI_BYTES = 16;
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
  readonly #now: () => number;
  readonly #random: (bytes: number) => Uint8Array;
  /** A resource server's nonces are none of an authorization server's (RFC 9449 §9), even at one origin. */
  readonly #nonces = new DpopNonces();
  readonly #used = new WeakMap<AuthRequest, string | undefined>();
  #handle: Promise<DPoPHandle> | undefined;
  #hashed: { readonly accessToken: string; readonly ath: Promise<string> } | undefined;

  constructor(options: DpopOptions = {}) {
    this.#key = dpopKey(options);
    this.#now = options.now ?? Date.now;
    this.#random = options.random ?? secureRandom;
  }

  /** The JWK thumbprint of the key (RFC 7638), which is also `dpop_jkt` (RFC 9449 §10). */
  async thumbprint(): Promise<string> {
    return calculateJwkThumbprint((await this.#key()).publicJwk);
  }

  /** Puts a fresh proof for a resource server on one wire attempt (RFC 9449 §7.1). */
  async prove(request: AuthRequest, token: Token): Promise<void> {
    const [key, ath] = await Promise.all([this.#key(), this.#hash(token.accessToken)]);
    const nonce = this.#nonces.get(request.origin);
    this.#used.set(request, nonce);
    const { origin, pathname } = request.url;
    const jti = base64url.encode(this.#random(JTI_BYTES));
    const proof = await new SignJWT({ htm: request.method, htu: origin + pathname, jti, ath, nonce })
      .setProtectedHeader({ alg: key.algorithm, typ: 'dpop+jwt', jwk: key.publicJwk })
      .setIssuedAt(Math.floor(this.#now() / 1000))
      .sign(key.pair.privateKey);
    request.headers.set('dpop', proof);
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
   * Makes a token request with a proof, and makes it once more if the server wants a nonce (RFC 9449 §8).
   *
   * @param send - Hands the options on to a function of oauth4webapi, which makes the proof and keeps the nonces.
   */
  async request(send: (options: DPoPRequestOptions) => Promise<TokenResponse>): Promise<TokenResponse> {
    this.#handle ??= this.#key().then(toHandle);
    const options = { DPoP: await this.#handle };
    const response = await send(options);
    return wantsNonce(response) ? send(options) : response;
  }

  /** A token is hashed once, however often it is sent. */
  #hash(accessToken: string): Promise<string> {
    if (this.#hashed?.accessToken !== accessToken) this.#hashed = { accessToken, ath: sha256(accessToken) };
    return this.#hashed.ath;
  }
}

/**
 * The option as grants take it.
 *
 * @throws {@link ConfigurationError} naming `dpop`.
 */
export function dpopOf(option: DpopOption | undefined): Dpop | undefined {
  if (option === undefined || option === false) return undefined;
  return option instanceof Dpop ? option : new Dpop(option === true ? {} : option);
}

function toHandle({ pair, algorithm }: DpopKey): DPoPHandle {
  return DPoP({}, pair, {
    [modifyAssertion](header) {
      header.alg = algorithm;
    },
  });
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

async function sha256(text: string): Promise<string> {
  return base64url.encode(new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text))));
}
