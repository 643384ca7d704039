import { commandLines } from './shapes/command-lines.ts';
import { headers } from './shapes/headers.ts';
import { cookieLists, pairs } from './shapes/pairs.ts';
import { parameters } from './shapes/parameters.ts';
import { keyBodies, privateKeys } from './shapes/private-keys.ts';
import type { Credential, Kind, Shape } from './shapes/shape.ts';
import { tokens } from './shapes/tokens.ts';
import { userinfo } from './shapes/userinfo.ts';
import { mergeSpans, type Span } from './spans.ts';

export type { Kind };

/** Where two find the same, the first says what it is. */
const SHAPES: readonly Shape[] = [privateKeys, headers, pairs, parameters, tokens, userinfo, commandLines];

/** A line that begins a pair of HAR or a list, and doesn't end it. */
const UNFINISHED_LINE = /(?:"(?:name|key|value)"\s*:[^\n]*,|"(?:set-cookie|cookies)"\s*:\s*\[?)\s*$/i;
/** How far to the left an unfinished key or list is looked for. */
const FARTHEST = 65_536;

/** The text's credentials in order, without overlaps, known by their shapes alone. */
export function findCredentials(text: string): Credential[] {
  const found: Credential[] = [];
  for (const credential of allCredentials(text).toSorted((a, b) => a.start - b.start)) {
    const last = found.at(-1);
    if (last === undefined || credential.start >= last.end) found.push(credential);
    else if (credential.end > last.end) found[found.length - 1] = { ...last, end: credential.end };
  }
  return found;
}

/** Where the text must not be cut: credentials with what they are recognised by, keys of several lines, lists of cookies. */
export function findExtents(text: string): Span[] {
  const credentials = allCredentials(text).map(({ context, ...span }) => context ?? span);
  return mergeSpans([...credentials, ...keys(text), ...cookieLists(text)]);
}

/** The beginning of a line, or one to the left of it where no credential of several lines is cut. */
export function outsideOfCredentials(text: string, place: number): number {
  const from = Math.max(0, place - FARTHEST);
  const before = text.slice(from, place);
  const open = [...keys(before), ...cookieLists(before)].find(({ end }) => end >= before.length);
  let at = open ? from + open.start : place;
  if (open) at = startOfLine(text, at);
  while (at > from && UNFINISHED_LINE.test(text.slice(startOfLine(text, at - 1), at))) at = startOfLine(text, at - 1);
  return at;
}

function allCredentials(text: string): Credential[] {
  return SHAPES.flatMap((shape) => [...shape(text)]).filter(({ start, end }) => start < end);
}

/** Keys that wait for their ends go as far as the text does. */
function keys(text: string): Span[] {
  return [...keyBodies(text)].map(({ start, end, isOpen }) => ({ start, end: isOpen ? text.length : end }));
}

function startOfLine(text: string, place: number): number {
  return place === 0 ? 0 : text.lastIndexOf('\n', place - 1) + 1;
}
