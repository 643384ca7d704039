import type { Span } from '../spans.ts';
import { backslash } from './backslash.ts';
import { entities } from './entities.ts';
import { ansi, nul } from './left-out.ts';
import { decimalLists, hexLists, holdsList, holdsNumberedList, numberedLists } from './lists.ts';
import { percent } from './percent.ts';
import { tokens } from './tokens.ts';
import { type Decoder, decode, type Encoding, sourceMap } from './view.ts';
import { wrapped } from './wrapped.ts';

const encodings: readonly Encoding[] = [
  ['\\', [backslash]],
  ['%', [percent]],
  ['&', [entities]],
  ['\0', [nul]],
  ['\u001b[', [ansi]],
  ['', [tokens]],
  [holdsList, [hexLists, decimalLists]],
  [holdsNumberedList, [numberedLists]],
  ['\n', [wrapped]],
];
/** A text is decoded at most this often in a row: JSON in a JSON string in a query. */
const DEEPEST = 3;
const MOST_VIEWS = 64;
/** All views of a text together hold at most this many times its length, and a little. */
const MOST_TIMES = 8;
const ALLOWANCE = 16_384;

/** A text as it reads when something is decoded. */
interface View {
  readonly text: string;
  /** Where a span of this view stands in the text that was given. */
  readonly locate: (span: Span) => Span;
}

/** What is looked for in every view. */
export interface Finder {
  /** The length of the shortest form: what decodes to less need not be decoded. */
  readonly shortest: number;
  find(text: string, spans: Span[]): void;
}

const itself = (span: Span): Span => span;

/**
 * Finds in the text as it reads after decoding, each kind of encoding by itself and up to three in a row, and adds the
 * hits to `spans`. This is what finds a secret that is encoded in part, in mixed case or twice, which no list of forms
 * can. The spans are the given text's. False where that would have taken too long: then not all of them were found.
 */
export function findInViews(text: string, finder: Finder, spans: Span[]): boolean {
  const { shortest } = finder;
  let level = viewsOf(text, itself, shortest);
  if (level.length === 0) return true;
  const seen = [text];
  let budget = MOST_TIMES * text.length + ALLOWANCE;
  for (let depth = 1; level.length > 0; depth += 1) {
    const fresh: View[] = [];
    for (const view of level) {
      // No set: it would hash each text, which takes longer than to see that lengths differ.
      if (seen.includes(view.text)) continue;
      seen.push(view.text);
      budget -= view.text.length;
      if (budget < 0 || seen.length > MOST_VIEWS) return false;
      const found: Span[] = [];
      finder.find(view.text, found);
      for (const span of found) spans.push(view.locate(span));
      fresh.push(view);
    }
    level = depth < DEEPEST ? fresh.flatMap((view) => viewsOf(view.text, view.locate, shortest)) : [];
  }
  return true;
}

function viewsOf(source: string, locate: View['locate'], shortest: number): readonly View[] {
  let views: View[] | undefined;
  for (const [sign, decoders] of encodings) {
    if (!(typeof sign === 'string' ? source.includes(sign) : sign(source, shortest))) continue;
    for (const decoder of decoders) {
      const text = decode(source, decoder, shortest);
      if (text === source) continue;
      views ??= [];
      views.push({ text, locate: locator(source, decoder, locate, shortest) });
    }
  }
  return views ?? [];
}

/** Nearly all views hold no secret: where their text comes from is found out when it is asked for. */
function locator(source: string, decoder: Decoder, locate: View['locate'], shortest: number): View['locate'] {
  let map: View['locate'] | undefined;
  return (span) => {
    map ??= sourceMap(source, decoder, shortest);
    return locate(map(span));
  };
}
