import { cookieValues } from './cookies.ts';
import { endOfQuoted, lengthOf, quoteAt } from './quotes.ts';
import { type Credential, isWorthMasking, type Kind } from './shape.ts';

/** Options whose value is the next word, `--token abc`; with `=` they are parameters. */
const OPTION =
  /(?<![\w-])--(?:[a-z\d]{1,20}-){0,3}(?:token|secret|passw(?:or)?d|passphrase|api-?key|private-?key|access-?key|bearer)[ \t]+(?!-)/gi;
/** curl's and others': a user and a password, or the password of netrc behind its user. */
const USER = /(?<![\w-])(?:-u|--user|--proxy-user)[ \t=]+/g;
const COOKIE = /(?<![\w-])(?:-b|--cookie)[ \t=]+/g;
const NETRC = /(?<!\S)login[ \t]+\S{1,256}[ \t]+password[ \t]+/g;
const WORD_END = /[\s"'`]/;
const LONGEST = 8192;
/** `--user 1000:1000` is somebody's number. */
const NUMBERS = /^\d*:\d*$/;

/** What stands in the lines of shells and their like: `curl -u ali:secret`, `--token abc`. */
export function* commandLines(text: string): Generator<Credential> {
  yield* values(text, OPTION, 'parameter');
  yield* values(text, NETRC, 'parameter');
  for (const { start, end, context } of words(text, USER)) {
    const word = text.slice(start, end);
    const colon = word.indexOf(':');
    if (colon !== -1 && !NUMBERS.test(word) && isWorthMasking(word.slice(colon + 1))) {
      yield { start: start + colon + 1, end, kind: 'userinfo', context };
    }
  }
  for (const { start, end, context } of words(text, COOKIE)) {
    for (const cookie of cookieValues(text, start, end)) yield { ...cookie, context };
  }
}

function* values(text: string, before: RegExp, kind: Kind): Generator<Credential> {
  for (const word of words(text, before)) {
    if (isWorthMasking(text.slice(word.start, word.end))) yield { ...word, kind };
  }
}

/** The words, or quoted texts, that follow. */
function* words(text: string, before: RegExp) {
  for (const found of text.matchAll(before)) {
    const from = found.index + found[0].length;
    const quote = quoteAt(text, from);
    const start = quote ? from + lengthOf(quote) : from;
    const near = text.slice(start, start + LONGEST);
    const end = start + (quote ? endOfQuoted(near, 0, quote) : endOfWord(near));
    yield { start, end, context: { start: found.index, end } };
  }
}

function endOfWord(text: string): number {
  const end = text.search(WORD_END);
  return end === -1 ? text.length : end;
}
