import type { DigestChallenge } from './challenge.ts';

/** Random bytes. */
export type Random = (bytes: number) => Uint8Array;

/** 144 bits, which is base64 without padding. */
const CNONCE_BYTES = 18;
/** `nc` has eight digits. */
const MAX_COUNT = 0xffff_ffff;

export const cryptoRandom: Random = (bytes) => crypto.getRandomValues(new Uint8Array(bytes));

/** A nonce of a server, and how often it has been used. */
export class DigestNonce {
  /** The challenge that brought it, or that its predecessor came with. */
  readonly challenge: DigestChallenge;
  readonly value: string;
  readonly #random: Random;
  readonly #counter: { used: number };
  #sessionCnonce: string | undefined;

  /** @param former - The same nonce in another challenge: it is counted on. */
  constructor(challenge: DigestChallenge, value: string, random: Random, former?: DigestNonce) {
    this.challenge = challenge;
    this.value = value;
    this.#random = random;
    this.#counter = former === undefined ? { used: 0 } : former.#counter;
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
    if (!this.challenge.algorithm.session) return base64(this.#random(CNONCE_BYTES));
    this.#sessionCnonce ??= base64(this.#random(CNONCE_BYTES));
    return this.#sessionCnonce;
  }
}

function base64(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes));
}
