/** How many characters a gram holds. */
export const GRAM = 4;

/** The four characters at a place, as one number. */
export function gramAt(text: string, at: number): number {
  return (
    text.charCodeAt(at) ^
    (text.charCodeAt(at + 1) << 8) ^
    (text.charCodeAt(at + 2) << 16) ^
    (text.charCodeAt(at + 3) << 24)
  );
}

/** Where a gram is found in a table of 2 to the power of `bits`. */
export function slotOf(gram: number, bits: number): number {
  return Math.imul(gram, 0x9e3779b1) >>> (32 - bits);
}
