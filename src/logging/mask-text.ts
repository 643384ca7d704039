import { doubtfulSpans } from '../secrets/fall-back.ts';
import type { FormIndex } from './match/form-index.ts';
import { mergeSpans, occurrences, replaceSpans, type Span, sparingIslands } from './spans.ts';
import { findInViews } from './views/find-in-views.ts';

/** A mask may complete another secret (`a*****b`), so the result is masked again; hostile secrets get no more passes. */
const MOST_PASSES = 8;

/** Puts the mask in place of spans, which are in order and free of overlaps. */
export type Replace = (text: string, spans: readonly Span[], mask: string) => string;

/** The text with everything masked that is in the index, as it stands or encoded. */
export function maskText(text: string, index: FormIndex, mask: string, replace: Replace = replaceSpans): string {
  let result = text;
  for (let pass = 0; pass < MOST_PASSES && !index.isEmpty; pass += 1) {
    const spans = spansToMask(result, index, mask);
    if (spans.length === 0) return result;
    result = replace(result, spans, mask);
  }
  return result;
}

/** Where a mask is needed, in order. */
export function spansToMask(text: string, index: FormIndex, mask: string): Span[] {
  const spans: Span[] = [];
  index.find(text, spans);
  // A text that is made to be slow shows only what cannot be an encoded secret.
  if (!findInViews(text, index, spans)) spans.push(...doubtfulSpans(text));
  index.findShort(text, spans);
  if (spans.length === 0) return spans;
  // What is a mask already stays one, even when `*` is a secret.
  return sparingIslands(mergeSpans(spans), mergeSpans(occurrences(text, mask)));
}
