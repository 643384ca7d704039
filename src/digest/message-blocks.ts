/** The hash of a message, in big-endian words of 32 bits. */
export type WordHash = (message: Uint8Array) => Uint32Array;

/**
 * A message padded to whole blocks (RFC 1321 §3.1, FIPS 180-4 §5.1): a one bit, zeros, and the length in bits, which takes
 * an eighth of a block.
 */
export function messageBlocks(message: Uint8Array, blockBytes: number, littleEndian: boolean): DataView {
  const length = Math.ceil((message.length + 1 + blockBytes / 8) / blockBytes) * blockBytes;
  const padded = new Uint8Array(length);
  padded.set(message);
  padded[message.length] = 0x80;
  const view = new DataView(padded.buffer);
  view.setBigUint64(length - 8, BigInt(message.length) * 8n, littleEndian);
  return view;
}

/** 32 bits of a word of 64 after its rotation to the right; a word of 32 bits is its own other half. */
export function rotated(half: number, other: number, by: number): number {
  return by < 32 ? (half >>> by) | (other << (32 - by)) : rotated(other, half, by - 32);
}
