import { messageBlocks, rotated, type WordHash } from './message-blocks.ts';

const BLOCK_BYTES = 64;

/** MD5 (RFC 1321). */
export function md5(): WordHash {
  const shifts = [7, 12, 17, 22, 5, 9, 14, 20, 4, 11, 16, 23, 6, 10, 15, 21];
  const sines = Array.from({ length: 64 }, (_, i) => Math.floor(Math.abs(Math.sin(i + 1)) * 2 ** 32));
  return (message) => {
    const view = messageBlocks(message, BLOCK_BYTES, true);
    const state = Uint32Array.of(0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476);
    for (let block = 0; block < view.byteLength; block += BLOCK_BYTES) {
      let [a = 0, b = 0, c = 0, d = 0] = state;
      for (const [i, sine] of sines.entries()) {
        const round = i >> 4;
        const mixed = [(b & c) | (~b & d), (b & d) | (c & ~d), b ^ c ^ d, c ^ (b | ~d)][round] ?? 0;
        const word = ([i, 5 * i + 1, 3 * i + 5, 7 * i][round] ?? 0) % 16;
        const sum = a + mixed + sine + view.getUint32(block + word * 4, true);
        const left = shifts[round * 4 + (i % 4)] ?? 0;
        [a, b, c, d] = [d, b + rotated(sum, sum, 32 - left), b, c];
      }
      for (const [i, word] of [a, b, c, d].entries()) state[i] = (state[i] ?? 0) + word;
    }
    const bytes = new DataView(new ArrayBuffer(16));
    return state.map((word, i) => {
      bytes.setUint32(i * 4, word, true);
      return bytes.getUint32(i * 4);
    });
  };
}
