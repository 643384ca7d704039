/**
 * Reads `WWW-Authenticate` and its like: RFC 9110 §11 in one pass, forgiving where no meaning is lost. It never throws
 * and never waits: what cannot be read is left out.
 */

import {
  BARE_VALUE,
  COMMA,
  EQUALS,
  EQUALS_SIGNS,
  INSIDE_ELEMENT,
  QUOTE,
  SEPARATOR,
  TOKEN,
  TOKEN68,
} from './characters.ts';
import { MAX_LENGTH, Scanner } from './scanner.ts';

/** One way in which a server wants to be convinced (RFC 9110 §11.3). */
export interface Challenge {
  /** In lower case. */
  readonly scheme: string;
  /** By their names in lower case. Of two with one name the first counts. */
  readonly params: ReadonlyMap<string, string>;
  /** What a challenge has instead of parameters, such as the base64 of Negotiate. */
  readonly token68?: string;
}

/** What a field or several of one name say; `null` and `undefined` say nothing. */
export type FieldText = string | readonly string[] | null | undefined;

/**
 * The challenges of a `WWW-Authenticate` or `Proxy-Authenticate` field, in their order. Several lines are one list
 * (RFC 9110 §5.3). Never throws; reads 64 kB and 1,000 elements at most.
 *
 * @example
 * const [challenge] = parseChallenges(response.headers.get('www-authenticate') ?? '');
 * if (challenge?.scheme === 'bearer') console.log(challenge.params.get('error'));
 */
export function parseChallenges(value: FieldText): Challenge[] {
  return readChallenges(joinLines(value)).challenges;
}

/** The parameters of an `Authentication-Info` field (RFC 9110 §11.6.3), which has no scheme. Never throws. */
export function parseAuthParams(value: FieldText): Map<string, string> {
  const scanner = new Scanner(joinLines(value));
  const info = { scheme: '', params: new Map<string, string>() };
  readElements(scanner, info, () => undefined);
  return info.params;
}

/** Reads joined lines; tells how many steps it took. */
export function readChallenges(text: string): { readonly challenges: Challenge[]; readonly steps: number } {
  const challenges: Challenge[] = [];
  const scanner = new Scanner(text);
  readElements(scanner, undefined, (challenge) => challenges.push(challenge));
  return { challenges, steps: scanner.steps };
}

const SEPARATION = ', ';

function joinLines(value: FieldText): string {
  if (typeof value === 'string') return value;
  const lines: string[] = [];
  let length = 0;
  for (const line of Array.isArray(value) ? value : []) {
    const text = typeof line === 'string' ? line : '';
    lines.push(text);
    length += text.length + SEPARATION.length;
    // What comes after is not read.
    if (length > MAX_LENGTH + SEPARATION.length) break;
  }
  return lines.join(SEPARATION);
}

interface OpenChallenge extends Challenge {
  readonly params: Map<string, string>;
  token68?: string;
}

/**
 * Every element of the list is a parameter of the challenge before it, or begins a new one. A missing comma before a
 * parameter is forgiven; a challenge needs one.
 */
function readElements(scanner: Scanner, first: OpenChallenge | undefined, add: (challenge: Challenge) => void): void {
  let current = first;
  while (scanner.takeTurn()) {
    const isFirst = scanner.at === 0;
    const separated = scanner.take(SEPARATOR).includes(',') || isFirst;
    const name = scanner.take(TOKEN).toLowerCase();
    const blank = scanner.takeWhitespace();
    if (name !== '' && scanner.takeOne(EQUALS)) readValue(scanner, name, current?.params);
    else if (name !== '' && separated && beginsChallenge(scanner, blank)) {
      current = { scheme: name, params: new Map() };
      readToken68(scanner, current);
      add(current);
    } else skipElement(scanner);
  }
}

/** A name without a value is a scheme if a blank, a comma or the end follows. */
function beginsChallenge(scanner: Scanner, blank: boolean): boolean {
  return blank || scanner.next === COMMA || (scanner.ended && !scanner.mayBeHalf);
}

function readValue(scanner: Scanner, name: string, params: Map<string, string> | undefined): void {
  scanner.takeWhitespace();
  const quoted = scanner.next === QUOTE;
  const value = quoted ? scanner.takeQuoted() : scanner.take(BARE_VALUE);
  const isThere = value !== undefined && (quoted || (value !== '' && !scanner.mayBeHalf));
  if (isThere && params?.has(name) === false) params.set(name, value);
}

/** The text right behind a scheme, if it fills the element: else it is left for the parameters. */
function readToken68(scanner: Scanner, challenge: OpenChallenge): void {
  const start = scanner.at;
  const text = scanner.take(TOKEN68);
  const token68 = text === '' ? '' : text + scanner.take(EQUALS_SIGNS);
  scanner.takeWhitespace();
  const filled = scanner.next === COMMA || (scanner.ended && !scanner.mayBeHalf);
  if (token68 !== '' && filled) challenge.token68 = token68;
  else scanner.at = start;
}

/** Leaves out what cannot be read, up to the next comma. Whatever stands between quotes is data. */
function skipElement(scanner: Scanner): void {
  while (scanner.next !== COMMA && scanner.takeTurn()) {
    if (scanner.next === QUOTE) scanner.passQuoted();
    else scanner.pass(INSIDE_ELEMENT);
  }
}
