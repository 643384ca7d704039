/** A quote as it stands in the text: `"`, or `\"` in JSON that stands in a JSON string. */
export interface Quote {
  readonly mark: string;
  readonly backslashes: number;
}

/** The rest of a line that is longer is taken to be another one. */
const LONGEST_LINE = 65_536;

/** The quote that begins at the place. */
export function quoteAt(text: string, place: number): Quote | undefined {
  let at = place;
  while (text[at] === '\\') at += 1;
  return quoteOf(text[at], at - place);
}

/** The quote that ends right before the place. */
export function quoteBefore(text: string, place: number): Quote | undefined {
  return quoteOf(text[place - 1], backslashesBefore(text, place - 1, 0));
}

/** Where the quote begins that ends right before the place; the place where there is none. */
export function startOfQuote(text: string, place: number): number {
  const quote = quoteBefore(text, place);
  return quote ? place - lengthOf(quote) : place;
}

/** How many characters the quote has. */
export function lengthOf(quote: Quote): number {
  return quote.backslashes + 1;
}

/** Where the quoted text that begins at `from` ends: at its quote, in the same line, or with the line. */
export function endOfQuoted(text: string, from: number, { mark, backslashes }: Quote): number {
  const line = endOfLine(text, from);
  // Each level of JSON doubles the backslashes, and puts one before the quote.
  const period = 2 * (backslashes + 1);
  for (let at = text.indexOf(mark, from); at !== -1 && at < line; at = text.indexOf(mark, at + 1)) {
    const before = backslashesBefore(text, at, from);
    if (before < backslashes || before % period === backslashes) return at - Math.min(before, backslashes);
  }
  return line;
}

/** Where the line ends that holds the place; the line end itself stays outside. */
export function endOfLine(text: string, place: number): number {
  // Not to the end of a text without lines, for each of thousands of names in it.
  const window = text.slice(place, place + LONGEST_LINE);
  const found = window.indexOf('\n');
  if (found === -1) return place + window.length;
  const end = place + found;
  return text[end - 1] === '\r' && end > place ? end - 1 : end;
}

function quoteOf(mark: string | undefined, backslashes: number): Quote | undefined {
  return mark === '"' || mark === "'" || mark === '`' ? { mark, backslashes } : undefined;
}

function backslashesBefore(text: string, place: number, from: number): number {
  let at = place;
  while (at > from && text[at - 1] === '\\') at -= 1;
  return place - at;
}
