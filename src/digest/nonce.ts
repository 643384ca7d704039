import type { DigestChallenge } from './challenge.ts';
import { freshCnonce, type Random } from './cnonce.ts';

/** `nc` has eight digits. */
const MAX_COUNT = 0xffff_ffff;

/** A nonce of a server, and how often it has been used. */
export class DigestNonce {
  /** The challenge that brought it, or that its predecessor came with. */
  readonly challenge: DigestChallenge;
  readonly value: string;
  /** A server has accepted an answer with it, or has given it with one that it had accepted. */
  isAccepted = false;
  /** How each answer of one user with it begins and ends. */
  frames: { readonly username: string; readonly text: readonly [head: string, tail: string] } | undefined;
  readonly #random: Random | undefined;
  readonly #counter: { used: number };
  #sessionCnonce: string | undefined;

  /** @param former - The same nonce in another challenge: it is counted on. */
  constructor(challenge: DigestChallenge, value: string, random?: Random, former?: DigestNonce) {
    this.challenge = challenge;
    this.value = value;
    this.#random = random;
    this.#counter = former === undefined ? { used: 0 } : former.#counter;
  }

  /** Nothing has been answered with it yet. */
  get isFresh(): boolean {
    return this.#counter.used === 0;
  }

  /** It has been counted to the end. */
  get isUsedUp(): boolean {
    return this.#counter.used >= MAX_COUNT;
  }

  /** The next `nc`: each is given once, in order. */
  nextCount(): string {
    this.#counter.used += 1;
    return this.#counter.used.toString(16).padStart(8, '0');
  }

  /**
   * A fresh client nonce for each request. A `-sess` key is made of the first one (RFC 7616 §3.4.2), but many servers make
   * it of each request's: with one for all both are content.
   */
  cnonce(): string {
    if (!this.challenge.algorithm.session) return freshCnonce(this.#random);
    this.#sessionCnonce ??= freshCnonce(this.#random);
    return this.#sessionCnonce;
  }
}
