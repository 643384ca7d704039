import { findCredentials, findExtents, type Kind, outsideOfCredentials } from '../logging/credential-shapes.ts';
import { replaceInJson } from '../logging/json-text.ts';
import { mergeSpans, replaceSpans, type Span } from '../logging/spans.ts';
import type { TextFilter } from '../logging/text-filter.ts';
import { MASK } from '../secret.ts';

/** How many secrets were masked, by what they were recognised as. */
export type Counts = Map<Kind | 'known', number>;

/** JSON allows no bare mask where a number stood. */
const BARE_MASK = /((?<!\\)\\*")([ \t]*:[ \t]*)\*{5}(?=[ \t]*(?:[,}\]\r\n]|$))/g;
/** Long enough for the tail that a stream keeps to hold a JWT. */
const LONGEST_CREDENTIAL = 1024;

/**
 * A filter that masks what `known` knows, and then what looks like a credential. The number of lines stays; JSON stays
 * JSON. What it masks is counted in `counts`.
 */
export function maskFilter(known: TextFilter, counts: Counts): TextFilter {
  function mask(text: string): string {
    const withoutKnown = maskKnown(text, known);
    count(counts, 'known', masksIn(withoutKnown) - masksIn(text));
    const credentials = findCredentials(withoutKnown);
    for (const { kind, isContinued } of credentials) if (!isContinued) count(counts, kind, 1);
    const masked = replaceSpans(withoutKnown, credentials, MASK);
    return masked === text ? text : masked.replace(BARE_MASK, '$1$2$1*****$1');
  }
  return Object.freeze<TextFilter>({
    ...known,
    mask,
    findSpans: (text) => mergeSpans([...known.findSpans(text), ...findExtents(text)]),
    outsideOfLines: (text, place) => outsideOfCredentials(text, known.outsideOfLines(text, place)),
    longestForm: () => Math.max(LONGEST_CREDENTIAL, known.longestForm()),
  });
}

/** One mask for each line of a secret that has several. */
function maskKnown(text: string, known: TextFilter): string {
  const masked = known.maskBy(text, replaceInJson);
  if (masked === text || linesIn(masked) === linesIn(text)) return masked;
  const lines = known.findSpans(text).flatMap((span) => linesOf(text, span));
  return known.maskBy(replaceInJson(text, lines, MASK), replaceInJson);
}

function linesOf(text: string, { start, end }: Span): Span[] {
  return Array.from(text.slice(start, end).matchAll(/[^\r\n]+/g), ({ index, 0: line }) => ({
    start: start + index,
    end: start + index + line.length,
  }));
}

function linesIn(text: string): number {
  return text.split('\n').length;
}

function masksIn(text: string): number {
  return text.split(MASK).length - 1;
}

function count(counts: Counts, kind: Kind | 'known', more: number): void {
  if (more > 0) counts.set(kind, (counts.get(kind) ?? 0) + more);
}
