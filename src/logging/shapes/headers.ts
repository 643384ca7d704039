import { MASK } from '../../secret.ts';
import type { Span } from '../spans.ts';
import { cookieValues } from './cookies.ts';
import { type NamedValue, namedValue } from './named-value.ts';
import { endOfQuoted, lengthOf, quoteAt, startOfQuote } from './quotes.ts';
import { type Credential, isWorthMasking } from './shape.ts';

const HEADER = /(?<![\w-])(?:(?:proxy-)?authorization|x-api-key|(set-)?cookie)(?![\w-])/gi;
/** Schemes whose credential is one word. */
const ONE_WORD = /^(?:basic|bearer|dpop|token|jwt|apikey|api-key|negotiate|ntlm|gnap)[ \t]+/i;
const SCHEME = /^[a-z][\w-]*[ \t]+/i;
const DIGEST_RESPONSE = /\bresponse[ \t]*=[ \t]*\\*["']?([\w+/=*-]+)/i;
/** What can only be a header's value, and not the next name in a list. */
const LIKE_A_HEADER = /^(?:basic|bearer|dpop|digest|token|negotiate)\s|^[^\s=]+=/i;
/** A scheme with parameters, RFC 9110 §11.4, also within a JSON string. */
const PARAMETERS =
  /^[a-z][\w-]*[ \t]+[\w-]+[ \t]*=[ \t]*(?:\\*"[^"\n]*"|[^\s",\\]+)(?:[ \t]*,[ \t]*[\w-]+[ \t]*=[ \t]*(?:\\*"[^"\n]*"|[^\s",\\]+))*/i;
const LINE_START = /(?:^|\n)[<>*\s]{0,8}$/;
/** In the middle of a line, a value that is longer goes to this length only. */
const LONGEST_INLINE = 8192;
/** A word as long as this is a credential, and no scheme. */
const LONGEST_SCHEME = 16;

/** The values of the headers that carry credentials: in plain text, in curl's output, in JSON and in printed objects. */
export function* headers(text: string): Generator<Credential> {
  /** How far cookies have been found. */
  let cookiesEnd = 0;
  HEADER.lastIndex = 0;
  for (let found = HEADER.exec(text); found; found = HEADER.exec(text)) {
    const value = namedValue(text, found.index, HEADER.lastIndex);
    if (!value || (value.separator === ',' && !LIKE_A_HEADER.test(text.slice(value.start, value.end)))) continue;
    const listEnd = endOfParameters(text, value);
    const isWhole = value.isQuoted || isAlone(text, found.index, value) || listEnd !== undefined;
    const end = value.isQuoted ? value.end : (listEnd ?? (isWhole ? value.end : endOfString(text, value)));
    for (const item of items(text, { ...value, end })) {
      const isCookie = /cookie/i.test(found[0]);
      if (isCookie && item.end <= cookiesEnd) continue;
      // From the cookie on that was cut there.
      const from = Math.max(item.start, text.lastIndexOf(';', cookiesEnd) + 1);
      if (isCookie) cookiesEnd = item.end;
      const credentials = isCookie
        ? cookieValues(text, from, item.end)
        : worthMasking(text, headerCredential(text, item, isWhole, /^x-/i.test(found[0])));
      const context = { start: startOfQuote(text, found.index), end: item.end };
      for (const credential of credentials) yield { ...credential, context };
    }
    // What is left of the line may hold another header.
    HEADER.lastIndex = isWhole ? end : value.start;
  }
}

/** Where a list such as that of Digest ends, whose quotes are not the end of the string that the line may stand in. */
function endOfParameters(text: string, { start, end }: Span): number | undefined {
  const list = PARAMETERS.exec(text.slice(start, Math.min(end, start + LONGEST_INLINE)));
  return list ? start + list[0].length : undefined;
}

/** Is the header a line, or a quoted text, of its own? */
function isAlone(text: string, name: number, { start, end }: Span): boolean {
  if (LINE_START.test(text.slice(Math.max(0, name - 9), name))) return true;
  // A very long line is cut somewhere: a quote there is nobody's end.
  return end - start <= LONGEST_INLINE && quoteAt(text, end) !== undefined;
}

/** The credential in the value of an Authorization header that stands alone, such as that of a HAR file. */
export function authorizationValue(text: string, value: Span, isBare: boolean): Iterable<Credential> {
  return worthMasking(text, headerCredential(text, value, true, isBare));
}

function* worthMasking(text: string, spans: readonly Span[]): Generator<Credential> {
  for (const { start, end } of spans) {
    if (isWorthMasking(text.slice(start, end))) yield { start, end, kind: 'header' };
  }
}

function headerCredential(text: string, { start, end }: Span, isWhole: boolean, isBare = false): Span[] {
  const value = text.slice(start, end).trimEnd();
  const word = isBare ? null : (ONE_WORD.exec(value) ?? SCHEME.exec(value));
  const from = start + (word?.[0].length ?? 0);
  const until = start + value.length;
  if (/^digest\b/i.test(value)) return digestResponse(value, start) ?? [{ start: from, end: until }];
  if (isWhole) return [{ start: from, end: until }];
  // Masked before: what follows is none of it.
  if (text.startsWith(MASK, from)) return [];
  if (word && !ONE_WORD.test(value) && word[0].length <= LONGEST_SCHEME) return [{ start: from, end: until }];
  const begin = word && ONE_WORD.test(value) ? from : start;
  return [{ start: begin, end: endOfWord(text, begin, until) }];
}

/** Of Digest, RFC 7616 §3.4, only the response: the rest helps to find mistakes. */
function digestResponse(value: string, start: number): Span[] | undefined {
  const found = DIGEST_RESPONSE.exec(value);
  if (!found) return undefined;
  const end = start + found.index + found[0].length;
  return [{ start: end - (found[1] as string).length, end }];
}

function endOfWord(text: string, from: number, limit: number): number {
  const stop = /[\s"'`,;<>\\)}\]]/.exec(text.slice(from, limit));
  return stop ? from + stop.index : limit;
}

/** Where the string ends that the line may stand in. */
function endOfString(text: string, { start, end }: Span): number {
  const limit = Math.min(end, start + LONGEST_INLINE);
  const stop = /["'`\\]/.exec(text.slice(start, limit));
  return stop ? start + stop.index : limit;
}

/** The value, and those that follow it in its list. */
function* items(text: string, value: NamedValue): Generator<Span> {
  yield value;
  if (!value.isQuoted || !value.isListed) return;
  const next = /\\*["'`]\s*,\s*/y;
  for (let { end } = value; ; ) {
    next.lastIndex = end;
    if (!next.test(text)) return;
    const quote = quoteAt(text, next.lastIndex);
    if (!quote) return;
    const start = next.lastIndex + lengthOf(quote);
    end = endOfQuoted(text, start, quote);
    yield { start, end };
  }
}
