import type { Span } from '../spans.ts';
import { backslash } from './backslash.ts';
import { entities } from './entities.ts';
import { decimalLists, hexLists } from './lists.ts';
import { nul } from './nul.ts';
import { percent } from './percent.ts';
import { tokens } from './tokens.ts';
import { type Decoder, decode, sourceMap } from './view.ts';

const decoders: readonly Decoder[] = [backslash, percent, entities, nul, tokens, hexLists, decimalLists];
/** A text is decoded at most this often in a row: JSON in a JSON string in a query. */
const DEEPEST = 3;
const MOST_VIEWS = 16;
/** All views of a text together hold at most this many times its length, and a little. */
const MOST_TIMES = 8;
const ALLOWANCE = 4096;

/** A text as it reads when something is decoded. */
interface View {
  readonly text: string;
  /** Where a span of this view stands in the text that was given. */
  readonly locate: (span: Span) => Span;
}

/**
 * Finds in the text as it reads after decoding, each kind of encoding by itself and up to three in a row. This is what
 * finds a secret that is encoded in part, in mixed case or twice, which no list of forms can. The spans are the given
 * text's.
 */
export function findInViews(text: string, find: (text: string) => readonly Span[]): Span[] {
  const spans: Span[] = [];
  const seen = new Set([text]);
  let budget = MOST_TIMES * text.length + ALLOWANCE;
  let level: View[] = [{ text, locate: (span) => span }];
  for (let depth = 0; depth < DEEPEST && level.length > 0; depth += 1) {
    const next: View[] = [];
    for (const view of level) {
      for (const decoder of decoders) {
        const decoded = decode(view.text, decoder);
        if (decoded === view.text || seen.has(decoded)) continue;
        budget -= decoded.length;
        if (budget < 0 || seen.size > MOST_VIEWS) return spans;
        seen.add(decoded);
        const child = decodedView(view, decoder, decoded);
        for (const span of find(decoded)) spans.push(child.locate(span));
        next.push(child);
      }
    }
    level = next;
  }
  return spans;
}

function decodedView(parent: View, decoder: Decoder, text: string): View {
  let map: ((span: Span) => Span) | undefined;
  return {
    text,
    locate(span) {
      map ??= sourceMap(parent.text, decoder);
      return parent.locate(map(span));
    },
  };
}
