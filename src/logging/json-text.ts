import { replaceSpans, type Span } from './spans.ts';

/** The text with the mask in place of the spans. What was JSON before, the whole text or a line of it, is JSON after. */
export function replaceInJson(text: string, spans: readonly Span[], mask: string, isLine = false): string {
  const simple = replaceSpans(text, spans, mask);
  if (!/[{[]/.test(text) || isJson(simple)) return simple;
  if (isDocument(text)) return replaceValues(text, spans, mask) ?? simple;
  return !isLine && text.includes('\n') ? replaceLines(text, spans, mask) : simple;
}

/** Each line by itself; spans that run over a line end take the lines together. */
function replaceLines(text: string, spans: readonly Span[], mask: string): string {
  let result = '';
  let start = 0;
  let next = 0;
  while (start < text.length) {
    let end = lineEnd(text, start);
    const mine: Span[] = [];
    for (let span = spans[next]; span !== undefined && span.start < end; span = spans[next]) {
      mine.push({ start: span.start - start, end: span.end - start });
      if (span.end > end) end = lineEnd(text, span.end - 1);
      next += 1;
    }
    const line = text.slice(start, end);
    result += mine.length === 0 ? line : replaceInJson(line, mine, mask, true);
    start = end;
  }
  return result;
}

function lineEnd(text: string, from: number): number {
  const end = text.indexOf('\n', from);
  return end === -1 ? text.length : end + 1;
}

/** Masks whole strings, numbers and what is between them where a bare mask would leave no JSON. */
function replaceValues(text: string, spans: readonly Span[], mask: string): string | undefined {
  const quoted = JSON.stringify(mask);
  const tokens = tokensOf(text);
  let result = '';
  let [from, next] = [0, 0];
  for (const span of spans) {
    while ((tokens[next]?.end ?? Number.POSITIVE_INFINITY) <= Math.max(span.start, from)) next += 1;
    const first = tokens[next];
    if (first === undefined || first.start >= span.end) continue;
    let last = first;
    for (let i = next; (tokens[i]?.start ?? span.end) < span.end; i += 1) last = tokens[i] as Token;
    const isInside = first === last && first.isString && first.start < span.start && span.end < first.end;
    const { start, end } = isInside ? wholeEscapes(text, span, first) : around(span, first, last);
    result += text.slice(from, Math.max(from, start)) + (isInside ? quoted.slice(1, -1) : quoted);
    from = end;
  }
  result += text.slice(from);
  return isJson(result) ? result : undefined;
}

function around(span: Span, first: Span, last: Span): Span {
  return { start: Math.min(span.start, first.start), end: Math.max(span.end, last.end) };
}

interface Token extends Span {
  readonly isString: boolean;
}

/** Strings, and bare words such as numbers. Punctuation stands between them. */
function tokensOf(text: string): Token[] {
  return Array.from(text.matchAll(/"[^"\\]*(?:\\.[^"\\]*)*"|[^\s"{}[\],:]+/g), (found) => ({
    start: found.index,
    end: found.index + found[0].length,
    isString: found[0].startsWith('"'),
  }));
}

/** The span with all of the escapes that it cuts. */
function wholeEscapes(text: string, span: Span, token: Token): Span {
  let { start, end } = span;
  for (const found of text.slice(token.start, token.end).matchAll(/\\(?:u[\da-f]{4}|.)/gi)) {
    const at = token.start + found.index;
    const until = at + found[0].length;
    if (at < start && until > start) start = at;
    if (at < end && until > end) end = until;
  }
  return { start, end };
}

/** An object or an array. A number by itself is JSON, too, but a line with only a number is hardly JSON. */
function isDocument(text: string): boolean {
  return /^\s*[{[]/.test(text) && isJson(text);
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
