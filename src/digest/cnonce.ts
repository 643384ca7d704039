/** Random bytes. */
export type Random = (bytes: number) => Uint8Array;

/** 144 bits: 24 characters of base64, without padding. */
const BYTES = 18;
const CHARACTERS = 24;
const POOLED = 128;

let pool = '';
let taken = 0;

/**
 * A client nonce of 144 random bits. Asking the operating system for so few would take as long as all the hashes of a
 * request: it is asked for many at a time.
 */
export function freshCnonce(random: Random | undefined): string {
  if (random !== undefined) return base64(random(BYTES));
  if (taken >= pool.length) {
    pool = base64(crypto.getRandomValues(new Uint8Array(BYTES * POOLED)));
    taken = 0;
  }
  taken += CHARACTERS;
  return pool.slice(taken - CHARACTERS, taken);
}

function base64(bytes: Uint8Array): string {
  // Spreading typed arrays takes ten times as long.
  return btoa(String.fromCharCode.apply(undefined, bytes as Iterable<number> as number[]));
}
