import { mask, maskKnown } from './registry.ts';
import { shorten } from './shorten.ts';

const LONGEST = 1000;
/** No secret that begins within what is shown ends behind this. */
const FAR = 65_536;

/** A server's text as an error may hold it: masked first, then without control characters, at most 1,000 characters. */
export function printable(text: string): string {
  return bounded(text, mask);
}

/** The same for names and paths, which may look like anything, and have to be shown as they are. */
export function printableName(text: string): string {
  return bounded(text, maskKnown);
}

/** Shortened before, because escaping a long text takes long, and after, because it gets longer. */
function bounded(text: string, masked: (text: string) => string): string {
  return shorten(escapeControls(shorten(masked(text.slice(0, FAR)), LONGEST)), LONGEST);
}

/** Control characters, line ends included, as `\u{…}`. */
export function escapeControls(text: string): string {
  // Controls, line separators, and the characters that turn or hide text.
  return text.replace(
    /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Surrogate}]/gu,
    (character) => `\\u{${character.codePointAt(0)?.toString(16)}}`,
  );
}
