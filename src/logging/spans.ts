/** A stretch of text: from `start` up to, not including, `end`. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** Sorts spans and joins those that overlap or touch, so that one mask stands for them all. */
export function mergeSpans(spans: readonly Span[]): Span[] {
  const merged: Span[] = [];
  for (const span of spans.toSorted((a, b) => a.start - b.start)) {
    const last = merged.at(-1);
    if (last === undefined || span.start > last.end) merged.push(span);
    else if (span.end > last.end) merged[merged.length - 1] = { start: last.start, end: span.end };
  }
  return merged;
}

/** The index of the first item that the test holds for; it holds for all that come after. */
export function firstIndex<T>(items: readonly T[], test: (item: T) => boolean): number {
  let [low, high] = [0, items.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (test(items[middle] as T)) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** Every place where `literal` stands, overlapping ones too. */
export function occurrences(text: string, literal: string): Span[] {
  const spans: Span[] = [];
  if (literal === '') return spans;
  for (let start = text.indexOf(literal); start !== -1; start = text.indexOf(literal, start + 1)) {
    spans.push({ start, end: start + literal.length });
  }
  return spans;
}

/**
 * Drops the spans that lie within an `island`, and grows those that cut one so that they swallow it. Both lists are
 * sorted and free of overlaps.
 */
export function sparingIslands(spans: readonly Span[], islands: readonly Span[]): Span[] {
  const kept: Span[] = [];
  let next = 0;
  for (const span of spans) {
    while (next < islands.length && (islands[next] as Span).end <= span.start) next += 1;
    const touched: Span[] = [];
    for (let i = next; i < islands.length && (islands[i] as Span).start < span.end; i += 1) {
      touched.push(islands[i] as Span);
    }
    const [first] = touched;
    if (first && first.start <= span.start && span.end <= first.end) continue;
    kept.push(span, ...touched);
  }
  return mergeSpans(kept);
}

/** The text with `mask` in place of every span. Spans are sorted and free of overlaps. */
export function replaceSpans(text: string, spans: readonly Span[], mask: string): string {
  let result = '';
  let from = 0;
  for (const span of spans) {
    result += text.slice(from, span.start) + mask;
    from = span.end;
  }
  return result + text.slice(from);
}
