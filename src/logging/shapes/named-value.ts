import type { Span } from '../spans.ts';
import { endOfLine, endOfQuoted, lengthOf, quoteAt, quoteBefore } from './quotes.ts';

/** What stands behind a name. */
export interface NamedValue extends Span {
  readonly separator: string;
  readonly isQuoted: boolean;
  /** In a JSON array or in a list of Go's: more values may follow. */
  readonly isListed: boolean;
}

const SEPARATOR =
  /[ \t]*(=>|:=|(?:%22)?%3[AD](?:%22)?|%253D|&(?:quot|#34);[ \t]*[:=][ \t]*&(?:quot|#34);|[:=,])[ \t]*/iy;
const LIST = /\[\s*/y;

/**
 * The value of the name that stands from `start` to `end`: `name: value`, `name=value`, `"name": "value"`,
 * `\"name\":\"value\"`, `"name", "value"`, `'name: value'`, `name: ["value"]`.
 */
export function namedValue(text: string, start: number, end: number): NamedValue | undefined {
  const before = quoteBefore(text, start);
  const after = quoteAt(text, end);
  SEPARATOR.lastIndex = after ? end + lengthOf(after) : end;
  const separator = SEPARATOR.exec(text)?.[1];
  if (separator === undefined) return undefined;
  LIST.lastIndex = SEPARATOR.lastIndex;
  const isListed = LIST.test(text);
  const from = isListed ? LIST.lastIndex : SEPARATOR.lastIndex;
  const quote = quoteAt(text, from);
  // In a list, only strings are names and values.
  if (separator === ',' && !(after && quote)) return undefined;
  const limit = before && !after ? endOfQuoted(text, end, before) : endOfLine(text, from);
  if (from >= limit) return undefined;
  if (!quote) return { separator, start: from, end: limit, isQuoted: false, isListed };
  const inner = from + lengthOf(quote);
  const last = endOfQuoted(text, inner, quote);
  // In `"msg": "no token: ", "user": …` the quote ends a string and begins none.
  if (!after && /^\s*(?:[,}\]:]|$)/.test(text.slice(inner, last))) return undefined;
  return { separator, start: inner, end: last, isQuoted: true, isListed };
}
