import { messageBlocks, rotated, type WordHash } from './message-blocks.ts';

/** By how many bits the three terms of a function of FIPS 180-4 §4.1 are rotated. */
type Turns = readonly [number, number, number];

/** Σ0, Σ1, σ0 and σ1; the third term of the σ is shifted. */
type Functions = readonly [Turns, Turns, Turns, Turns];

const SHA_256: Functions = [
  [2, 13, 22],
  [6, 11, 25],
  [7, 18, 3],
  [17, 19, 10],
];
const SHA_512: Functions = [
  [28, 34, 39],
  [14, 18, 41],
  [1, 8, 7],
  [19, 61, 6],
];
const TWO_32 = 2 ** 32;

/** SHA-256 (FIPS 180-4 §6.2). */
export function sha256(): WordHash {
  return sha2(1, rootsOfPrimes(8, 2, 1), SHA_256);
}

/** SHA-512/256 (FIPS 180-4 §6.7). */
export function sha512Of256(): WordHash {
  const start = rootsOfPrimes(8, 2, 2).map((word) => word ^ 0xa5a5a5a5);
  // FIPS 180-4 §5.3.6: what it starts from is a hash as well.
  const hash = sha2(2, sha2(2, start, SHA_512)(new TextEncoder().encode('SHA-512/256')), SHA_512);
  return (message) => hash(message).subarray(0, 8);
}

/**
 * SHA-2 with words of one or two halves of 32 bits each, the higher one first.
 *
 * @param start - The first state.
 */
function sha2(halves: 1 | 2, start: Uint32Array, [sum0, sum1, sigma0, sigma1]: Functions): WordHash {
  const blockBytes = halves * 64;
  const rounds = 48 + halves * 16;
  const constants = rootsOfPrimes(rounds, 3, halves);
  const schedule = new Uint32Array(rounds * halves);
  // All values of a and e, the newest first: b, c and d are former values of a, and f, g and h of e.
  const allA = new Uint32Array((rounds + 4) * halves);
  const allE = new Uint32Array((rounds + 4) * halves);
  /** The rotations and the XOR of one function, for one half of a word. */
  const mix = (words: Uint32Array, index: number, half: number, [x, y, z]: Turns, isShift?: boolean) => {
    const own = words[index * halves + half] ?? 0;
    const other = words[index * halves + halves - 1 - half] ?? 0;
    return (rotated(own, other, x) ^ rotated(own, other, y) ^ rotated(own, isShift && half === 0 ? 0 : other, z)) >>> 0;
  };
  return (message) => {
    const view = messageBlocks(message, blockBytes, false);
    const state = start.slice();
    for (let block = 0; block < view.byteLength; block += blockBytes) {
      allA.set(state.subarray(0, 4 * halves), rounds * halves);
      allE.set(state.subarray(4 * halves), rounds * halves);
      for (let i = 0; i < rounds; i += 1) {
        const next = rounds - 1 - i;
        let [carryW, carryA, carryE] = [0, 0, 0];
        for (let half = halves - 1; half >= 0; half -= 1) {
          const at = i * halves + half;
          const word =
            i < 16
              ? view.getUint32(block + at * 4)
              : carryW +
                (schedule[at - 16 * halves] ?? 0) +
                (schedule[at - 7 * halves] ?? 0) +
                mix(schedule, i - 15, half, sigma0, true) +
                mix(schedule, i - 2, half, sigma1, true);
          schedule[at] = word;
          carryW = Math.floor(word / TWO_32);
          const to = next * halves + half;
          const a = allA[to + halves] ?? 0;
          const b = allA[to + 2 * halves] ?? 0;
          const c = allA[to + 3 * halves] ?? 0;
          const d = allA[to + 4 * halves] ?? 0;
          const e = allE[to + halves] ?? 0;
          const f = allE[to + 2 * halves] ?? 0;
          const g = allE[to + 3 * halves] ?? 0;
          const h = allE[to + 4 * halves] ?? 0;
          const sum =
            h +
            mix(allE, next + 1, half, sum1) +
            (((e & f) ^ (~e & g)) >>> 0) +
            (constants[at] ?? 0) +
            (schedule[at] ?? 0);
          const newE = carryE + sum + d;
          const newA = carryA + sum + mix(allA, next + 1, half, sum0) + (((a & b) ^ (a & c) ^ (b & c)) >>> 0);
          allE[to] = newE;
          allA[to] = newA;
          carryE = Math.floor(newE / TWO_32);
          carryA = Math.floor(newA / TWO_32);
        }
      }
      let carry = 0;
      for (let i = state.length - 1; i >= 0; i -= 1) {
        const sum = carry + (state[i] ?? 0) + ((i < 4 * halves ? allA[i] : allE[i - 4 * halves]) ?? 0);
        state[i] = sum;
        carry = i % halves === 0 ? 0 : Math.floor(sum / TWO_32);
      }
    }
    return state;
  };
}

/** The fractional parts of the square or cube roots of the first primes, 32 or 64 bits of each. */
function rootsOfPrimes(count: number, degree: 2 | 3, halves: 1 | 2): Uint32Array {
  const primes: number[] = [];
  for (let n = 2; primes.length < count; n += 1) if (primes.every((prime) => n % prime !== 0)) primes.push(n);
  const words = primes.flatMap((prime) => {
    const radicand = BigInt(prime) << BigInt(64 * degree);
    let root = 0n;
    // No root has more than three bits before its fraction.
    for (let bit = 1n << 66n; bit > 0n; bit >>= 1n) if ((root + bit) ** BigInt(degree) <= radicand) root += bit;
    return [root >> 32n, root].slice(0, halves);
  });
  return Uint32Array.from(words, (word) => Number(BigInt.asUintN(32, word)));
}
