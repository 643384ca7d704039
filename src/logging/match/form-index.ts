import { SHORTEST_FORM } from '../forms/forms-of.ts';
import { occurrences, type Span } from '../spans.ts';
import { SkipTable } from './skip-table.ts';
import { TruncatedForms } from './truncated-forms.ts';

/**
 * Finds forms in text. What is filed here is kept in private fields, out of every inspector's reach, and counted, so
 * that two secrets may have a form in common.
 */
export class FormIndex {
  readonly #counts = new Map<string, { count: number; readonly tail: string }>();
  readonly #short = new Set<string>();
  /** By length: the shortest literal sets the pace of its table, so the long ones have their own. */
  readonly #tables = [16, 8, SHORTEST_FORM].map((least) => ({ least, table: new SkipTable(least) }));
  readonly #truncated = new TruncatedForms();

  readonly #multiLine = new Set<string>();
  /** The length of the longest form that there ever was. */
  longest = 0;
  /** The length of the shortest form that there ever was of four characters or more. */
  shortest = Number.POSITIVE_INFINITY;

  get isEmpty(): boolean {
    return this.#counts.size === 0;
  }

  add(text: string, tail: string): void {
    const known = this.#counts.get(text);
    if (known !== undefined) known.count += 1;
    else {
      this.#counts.set(text, { count: 1, tail });
      if (text.length < SHORTEST_FORM) this.#short.add(text);
      else this.#tableOf(text).add(text);
      this.#truncated.add(text);
      this.longest = Math.max(this.longest, text.length);
      if (text.length >= SHORTEST_FORM) this.shortest = Math.min(this.shortest, text.length);
      if (text.includes('\n')) this.#multiLine.add(text);
    }
  }

  remove(text: string): void {
    const known = this.#counts.get(text);
    if (known === undefined) return;
    known.count -= 1;
    if (known.count > 0) return;
    this.#counts.delete(text);
    if (!this.#short.delete(text)) this.#tableOf(text).remove(text);
    this.#truncated.remove(text);
    this.#multiLine.delete(text);
  }

  /** Adds every hit of a form of four characters or more, whole or cut short, in no particular order. */
  find(text: string, spans: Span[]): void {
    const before = spans.length;
    for (const { table } of this.#tables) table.find(text, spans);
    for (let i = before; i < spans.length; i += 1) spans[i] = this.#withTail(text, spans[i] as Span);
    this.#truncated.find(text, spans);
  }

  /** Adds every hit of a value that is too short to be masked within a word. */
  findShort(text: string, spans: Span[]): void {
    for (const value of this.#short) {
      for (const span of occurrences(text, value)) if (isWholeToken(text, span)) spans.push(span);
    }
  }

  /** The place, or the beginning of a form of several lines that is cut there or that the text has not all of yet. */
  outsideOfLines(text: string, place: number): number {
    let best = place;
    for (const form of this.#multiLine) {
      const firstLine = form.slice(0, form.indexOf('\n') + 1);
      let at = text.lastIndexOf(firstLine);
      while (at !== -1 && at + form.length > place) {
        if (text.startsWith(form.slice(0, text.length - at), at)) best = Math.min(best, at);
        at = at === 0 ? -1 : text.lastIndexOf(firstLine, at - 1);
      }
    }
    return best;
  }

  #tableOf(text: string): SkipTable {
    const { table } = this.#tables.find(({ least }) => text.length >= least) as { table: SkipTable };
    return table;
  }

  /** With the last character of the base64 text, and its padding. */
  #withTail(text: string, span: Span): Span {
    const tail = this.#counts.get(text.slice(span.start, span.end))?.tail ?? '';
    if (tail === '' || !text.startsWith(tail, span.end)) return span;
    let end = span.end + 1;
    while (end < span.end + 3 && text.charAt(end) === '=') end += 1;
    return { start: span.start, end };
  }
}

function isWholeToken(text: string, { start, end }: Span): boolean {
  const before = text.slice(Math.max(0, start - 2), start);
  const after = text.slice(end, end + 2);
  return !/[\p{L}\p{N}]$/u.test(before) && !/^[\p{L}\p{N}]/u.test(after);
}
