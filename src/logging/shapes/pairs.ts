import { isSecretName } from '../../secrets/named-secret.ts';
import type { Span } from '../spans.ts';
import { cookieValues } from './cookies.ts';
import { authorizationValue } from './headers.ts';
import { endOfQuoted, lengthOf, quoteAt } from './quotes.ts';
import { type Credential, isWorthMasking } from './shape.ts';

const PAIR = /(?<!\\)(\\*)"(name|key|value)\1"\s*:\s*\1"/g;
const NEXT = /\\*"\s*,\s*\\*"(name|key|value)\\*"\s*:\s*/y;
const COOKIES = /"cookies"\s*:\s*\[/g;
const VALUE = /(?<!\\)\\*"value\\*"\s*:\s*(?=\\*")/g;
/** A list of cookies that is longer is taken to be one that nobody closed. */
const LONGEST_LIST = 65_536;

/** What HAR files hold: `{"name": "Authorization", "value": "…"}` in either order, and lists of cookies. */
export function* pairs(text: string): Generator<Credential> {
  PAIR.lastIndex = 0;
  for (let found = PAIR.exec(text); found; found = PAIR.exec(text)) {
    const quote = { mark: '"', backslashes: (found[1] as string).length };
    const first = { start: PAIR.lastIndex, end: endOfQuoted(text, PAIR.lastIndex, quote) };
    const isReversed = found[2] === 'value';
    const second = secondOf(text, first.end, isReversed);
    const credentials = second && (isReversed ? credentialOf(text, second, first) : credentialOf(text, first, second));
    for (const credential of credentials ?? []) {
      yield { ...credential, context: { start: found.index, end: second?.end ?? first.end } };
    }
    PAIR.lastIndex = first.end;
  }
  for (const list of cookieLists(text)) {
    for (const span of valuesIn(text, list)) yield { ...span, kind: 'cookie' };
  }
}

/** The lists of cookies, from bracket to bracket; the last may end with the text. */
export function* cookieLists(text: string): Generator<Span> {
  COOKIES.lastIndex = 0;
  while (COOKIES.test(text)) {
    const start = COOKIES.lastIndex;
    const end = endOfList(text, start);
    yield { start, end };
    COOKIES.lastIndex = end;
  }
}

function secondOf(text: string, from: number, isName: boolean): Span | undefined {
  NEXT.lastIndex = from;
  const key = NEXT.exec(text)?.[1];
  const quote = quoteAt(text, NEXT.lastIndex);
  if (key === undefined || (key !== 'value') !== isName || !quote) return undefined;
  const start = NEXT.lastIndex + lengthOf(quote);
  return { start, end: endOfQuoted(text, start, quote) };
}

function* credentialOf(text: string, name: Span, value: Span): Generator<Credential> {
  const header = text.slice(name.start, name.end).toLowerCase();
  if (/^(?:set-)?cookie$/.test(header)) yield* cookieValues(text, value.start, value.end);
  else if (/^(?:(?:proxy-)?authorization|x-api-key)$/.test(header)) {
    yield* authorizationValue(text, value, header.startsWith('x-'));
  } else if (isSecretName(header) && isWorthMasking(text.slice(value.start, value.end))) {
    yield { ...value, kind: 'parameter' };
  }
}

function* valuesIn(text: string, list: Span): Generator<Span> {
  VALUE.lastIndex = list.start;
  while (VALUE.test(text) && VALUE.lastIndex < list.end) {
    const quote = quoteAt(text, VALUE.lastIndex);
    if (!quote) continue;
    const start = VALUE.lastIndex + lengthOf(quote);
    const end = endOfQuoted(text, start, quote);
    if (isWorthMasking(text.slice(start, end))) yield { start, end };
    VALUE.lastIndex = end;
  }
}

/** Where the bracket is that closes the list, past all strings. */
function endOfList(text: string, from: number): number {
  const token = /["\]]/g;
  const limit = Math.min(text.length, from + LONGEST_LIST);
  token.lastIndex = from;
  for (let found = token.exec(text); found && found.index < limit; found = token.exec(text)) {
    if (found[0] === ']') return found.index;
    token.lastIndex = endOfQuoted(text, token.lastIndex, { mark: '"', backslashes: 0 }) + 1;
  }
  return limit;
}
