import { mask, maskKnown } from './registry.ts';

const MAX_BYTES = 1000;

/** A server's text as an error may hold it: masked first, then without control characters, at most 1,000 bytes. */
export function printable(text: string): string {
  return cut(escapeControls(cut(mask(text))));
}

/** The same for names and paths, which may look like anything, and have to be shown as they are. */
export function printableName(text: string): string {
  return cut(escapeControls(cut(maskKnown(text))));
}

/** Control characters, line ends included, as `\u{…}`. */
export function escapeControls(text: string): string {
  return text.replace(UNPRINTABLE, escapeCharacter);
}

/** Controls, line separators, and the characters that turn or hide text. */
const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Surrogate}]/gu;

function escapeCharacter(character: string): string {
  return `\\u{${character.codePointAt(0)?.toString(16)}}`;
}

function cut(text: string): string {
  const encoder = new TextEncoder();
  if (encoder.encodeInto(text, new Uint8Array(MAX_BYTES)).read === text.length) return text;
  const { read } = encoder.encodeInto(text, new Uint8Array(MAX_BYTES - encoder.encode(ELLIPSIS).length));
  return text.slice(0, read) + ELLIPSIS;
}

const ELLIPSIS = '…';
