import { SECRET_NAME } from '../../secrets/named-secret.ts';
import { type NamedValue, namedValue } from './named-value.ts';
import { startOfQuote } from './quotes.ts';
import { type Credential, isWorthMasking } from './shape.ts';

/** In queries these are secrets, too, when they are long; elsewhere they are all kinds of things. */
const QUERY_ONLY = /[?&](?:code|key|auth)=([\w.~%+/=-]{16,})/gi;
const ENCODED_END = /%(?:25)?(?:26|23|20|22)/i;
const BARE_END = /[\s&"'`<>#;\\]/;
const ELEMENT = /(?:[ \t][^<>\n]{0,100})?>([^<>\n]+)<\//y;
const WORDS = /^[a-z]+$/i;

/** Values by their names: in URLs, forms, JSON, printed objects, settings and XML elements. */
export function* parameters(text: string): Generator<Credential> {
  SECRET_NAME.lastIndex = 0;
  for (let found = SECRET_NAME.exec(text); found; found = SECRET_NAME.exec(text)) {
    const at = SECRET_NAME.lastIndex;
    const span = element(text, at) ?? member(text, found.index, at);
    if (!span) continue;
    SECRET_NAME.lastIndex = span.end;
    if (isWorthMasking(text.slice(span.start, span.end)))
      yield {
        ...span,
        kind: 'parameter',
        context: { start: startOfQuote(text, startOfName(text, found.index)), end: span.end },
      };
  }
  for (const { index, 0: all, 1: value = '' } of text.matchAll(QUERY_ONLY)) {
    const end = index + all.length;
    yield { start: end - value.length, end, kind: 'parameter', context: { start: index, end } };
  }
}

function element(text: string, at: number) {
  ELEMENT.lastIndex = at;
  const value = ELEMENT.exec(text)?.[1];
  const end = ELEMENT.lastIndex - '</'.length;
  return value === undefined ? undefined : { start: end - value.length, end };
}

function member(text: string, start: number, end: number) {
  const value = namedValue(text, startOfName(text, start), end);
  if (!value || value.separator === ',') return undefined;
  return value.isQuoted ? { start: value.start, end: value.end } : bare(text, value);
}

function startOfName(text: string, place: number): number {
  let at = place;
  while (at > place - 64 && /[\w.-]/.test(text.charAt(at - 1))) at -= 1;
  return at;
}

/** One word; none that begins an object, nor prose such as `token: expired`. */
function bare(text: string, { start, end: limit, separator }: NamedValue) {
  const rest = text.slice(start, Math.min(limit, start + 65_536));
  const encoded = separator.startsWith('%') ? rest.search(ENCODED_END) : -1;
  const stop = rest.search(BARE_END);
  const ends = [encoded, stop, rest.length].filter((end) => end !== -1);
  const value = rest.slice(0, Math.min(...ends)).replace(/[,.)}\]]{1,8}$/, '');
  if (value === '' || /^[[{(=]/.test(value) || (separator === ':' && WORDS.test(value))) return undefined;
  return { start, end: start + value.length };
}
