import type { Span } from '../spans.ts';
import type { TextFilter } from '../text-filter.ts';
import { endsFullLine } from '../views/wrapped.ts';
import { safePlace } from './safe-place.ts';

/** Holds back at least and at most this much text that has no line end yet. */
const SHORTEST_TAIL = 4096;
const LONGEST_TAIL = 65_536;
/** A form may come with more characters than it has, as in a JSON string in a query. */
const SPREAD = 8;
/** A text that secrets cover without a gap is cut somewhere when it is this many tails long. */
const MOST_TAILS = 16;

/** What may stand before a header at the beginning of a line. */
const BEGINNING = /^[<>*\s]{0,8}$/;

/** So many places are looked at for one cut. */
const MOST_STEPS = 20;

/** Masks a text that comes in pieces. */
export interface TextMasker {
  /** Takes a piece, text or UTF-8, and gives what can go out, masked; often nothing. */
  push(piece: string | Uint8Array): string;
  /** Gives the rest. */
  end(): string;
}

/**
 * Gives out whole lines as soon as they are there. Of a text without line ends it keeps a tail that is longer than any
 * secret is likely to be, and cuts where no secret is.
 */
export function textMasker(filter: TextFilter): TextMasker {
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  let pending = '';

  function push(piece: string | Uint8Array): string {
    pending += typeof piece === 'string' ? piece : decoder.decode(piece, { stream: true });
    const tail = Math.min(LONGEST_TAIL, Math.max(SHORTEST_TAIL, SPREAD * filter.longestForm()));
    return give(placeToCut(pending, tail, filter));
  }
  function give(until: number): string {
    if (until === 0) return '';
    const ready = pending.slice(0, until);
    pending = pending.slice(until);
    return filter.mask(ready);
  }
  function end(): string {
    pending += decoder.decode();
    return give(pending.length);
  }
  return { push, end };
}

/** Where the text can be cut in two that are masked by themselves; 0 where nowhere yet. */
function placeToCut(text: string, tail: number, filter: TextFilter): number {
  const lastLine = lineBefore(text, text.length);
  const line = lineBefore(text, filter.outsideOfLines(text, lastLine));
  if (line > 0 && !goesOn(text, line)) return line;
  // The scan that looks for a place costs a tail's length: it must not run for each character that comes.
  if (text.length < 2 * tail) return 0;
  const spans = filter.findSpans(text);
  return (
    outside(text, spans, lineBefore(text, text.length - tail)) ||
    outside(text, spans, safePlace(text, text.length - tail)) ||
    (text.length < MOST_TAILS * tail ? 0 : text.length - tail)
  );
}

function lineBefore(text: string, place: number): number {
  return place === 0 ? 0 : text.lastIndexOf('\n', place - 1) + 1;
}

/** Does the line before the place say that there is more: a list of bytes, a long string in pieces, wrapped base64? */
function goesOn(text: string, place: number): boolean {
  const end = text.charAt(place - 2) === '\r' ? place - 2 : place - 1;
  return /[,+\\][^\S\n]*$/.test(text.slice(Math.max(0, place - 8), end)) || endsFullLine(text, end);
}

/**
 * The place, or the next one to the left that cuts no span, and where what comes after does not begin with one: it would
 * look as if it stood on a line of its own. Where secrets leave no such place, one between two of them.
 */
function outside(text: string, spans: readonly Span[], place: number): number {
  let at = place;
  const otherwise = spans.find(({ start, end }) => start < at && at < end)?.start ?? at;
  for (let step = 0; at > 0 && step < MOST_STEPS; step += 1) {
    const next = spans.find(({ end }) => end > at);
    if (next === undefined) return at;
    const isFree = next.start >= at;
    if (isFree && (text[at - 1] === '\n' || !BEGINNING.test(text.slice(at, next.start)))) return at;
    at = isFree ? at - 1 : next.start;
  }
  return otherwise;
}
