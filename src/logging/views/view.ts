import { firstIndex, type Span } from '../spans.ts';

/**
 * Told by a decoder, from left to right, what stands in place of the characters from `start` to `end`. Neighbours may
 * share a character, as the bytes of base64 do.
 */
export type Put = (start: number, end: number, decoded: string) => void;

/**
 * Undoes one way of writing text, wherever it occurs. What it does not report stays as it is, and so may what decodes to
 * less than `shortest` characters, where telling that there is something to decode takes a while.
 */
export type Decoder = (text: string, put: Put, shortest: number) => void;

/** What every text holds that there is something to decode in, or a quick look for it; and the decoders. */
export type Encoding = readonly [
  sign: string | ((text: string, shortest: number) => boolean),
  decoders: readonly Decoder[],
];

/** The text with everything undone that the decoder knows; the same string where there was nothing. */
export function decode(text: string, decoder: Decoder, shortest: number): string {
  let decoded = '';
  let from = 0;
  const put: Put = (start, end, piece) => {
    decoded += text.slice(from, start) + piece;
    from = end;
  };
  decoder(text, put, shortest);
  return from === 0 ? text : decoded + text.slice(from);
}

/**
 * Says where in the text a span of the decoded text comes from. It decodes once more to find out: nearly all texts hold
 * no secret, and keeping book is slow. A span that cuts something encoded is given all of it, so that no half escape
 * is left behind.
 */
export function sourceMap(text: string, decoder: Decoder, shortest: number): (span: Span) => Span {
  const pieces: { readonly at: number; readonly length: number; readonly start: number; readonly end: number }[] = [];
  let [length, from] = [0, 0];
  const put: Put = (start, end, piece) => {
    length += Math.max(0, start - from);
    pieces.push({ at: length, length: piece.length, start, end });
    length += piece.length;
    from = end;
  };
  decoder(text, put, shortest);

  function sourceOf(place: number): Span {
    const piece = pieces[firstIndex(pieces, ({ at }) => at > place) - 1];
    if (piece === undefined) return { start: place, end: place + 1 };
    if (place < piece.at + piece.length) return piece;
    const start = piece.end + place - piece.at - piece.length;
    return { start, end: start + 1 };
  }
  return ({ start, end }) => ({ start: sourceOf(start).start, end: sourceOf(end - 1).end });
}
