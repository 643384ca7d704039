import type { Span } from '../spans.ts';
import { endOfLine } from './quotes.ts';
import type { Credential } from './shape.ts';

const BEGIN = /-----BEGIN [A-Z\d ]{0,40}PRIVATE KEY(?: BLOCK)?-----/g;
const END = /-----END [A-Z\d ]{0,40}PRIVATE KEY(?: BLOCK)?-----/g;
/** Farther away an end belongs to something else. */
const LONGEST = 65_536;
/** The rest of the first line, with line ends as escapes. */
const FIRST_LINE = /(?:[\w+/=-]|\\[rn])*/y;
/** A line of a key that was cut off: base64, or a header such as `Proc-Type: 4,ENCRYPTED`. */
const BODY_LINE = /^[ \t]*(?:[A-Za-z\d+/=]*|[A-Z][\w-]*: [\w,-]*)$/;

interface KeyBody extends Span {
  /** No end has come yet. */
  readonly isOpen: boolean;
}

/** The bodies of PEM private keys, from the end of the first frame to the beginning of the last, RFC 7468 §2. */
export function* keyBodies(text: string): Generator<KeyBody> {
  BEGIN.lastIndex = 0;
  let next = -1;
  while (BEGIN.test(text)) {
    const start = BEGIN.lastIndex;
    // An end is looked for once, even where many keys have none.
    if (next < start) next = endFrom(text, start);
    const isClosed = next - start <= LONGEST;
    const end = isClosed ? next : endOfCutKey(text, start);
    yield { start, end, isOpen: !isClosed && text.length - start <= LONGEST };
    BEGIN.lastIndex = end;
  }
}

/** The lines of private keys; each stays a line. */
export function* privateKeys(text: string): Generator<Credential> {
  for (const body of keyBodies(text)) {
    let isContinued = false;
    for (const { index, 0: line } of text.slice(body.start, body.end).matchAll(/[^\r\n]+/g)) {
      if (/^(?:[\s*]|\\[rn])*$/.test(line)) continue;
      const start = body.start + index;
      yield { start, end: start + line.length, kind: 'privateKey', isContinued };
      isContinued = true;
    }
  }
}

function endFrom(text: string, start: number): number {
  END.lastIndex = start;
  return END.exec(text)?.index ?? Number.POSITIVE_INFINITY;
}

function endOfCutKey(text: string, start: number): number {
  FIRST_LINE.lastIndex = start;
  FIRST_LINE.test(text);
  let end = FIRST_LINE.lastIndex;
  while (end === endOfLine(text, end) && end < text.length && end - start < LONGEST) {
    const line = text.indexOf('\n', end) + 1;
    const lineEnd = endOfLine(text, line);
    if (!BODY_LINE.test(text.slice(line, lineEnd))) break;
    end = lineEnd;
  }
  return end;
}
