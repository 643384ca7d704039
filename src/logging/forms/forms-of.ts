import { basesOf } from './bases.ts';
import { base64Forms, type Form, hexForms, quotedForms } from './encodings.ts';

/** A value shorter than this has no encodings, and is a hit only as a whole token: it would shred every line. */
export const SHORTEST_FORM = 4;

/** Everything that is masked for `value`, by its text. */
export function formsOf(value: string): Map<string, Form> {
  const forms = new Map<string, Form>();
  for (const base of basesOf(value)) {
    forms.set(base, { text: base });
    if (base.length < SHORTEST_FORM) continue;
    for (const form of encodedForms(base)) {
      if (form.text.length >= SHORTEST_FORM && !forms.has(form.text)) forms.set(form.text, form);
    }
  }
  return forms;
}

function encodedForms(base: string): Form[] {
  const encodings = [new TextEncoder().encode(base), ...otherBytes(base)];
  return [...encodings.flatMap((bytes) => [...base64Forms(bytes), ...hexForms(bytes)]), ...quotedForms(base)];
}

/** Beyond ASCII: the bytes of programs that know Latin-1 only, and those of UTF-16 that has no zeros to find it by. */
function otherBytes(text: string): Uint8Array[] {
  const units = Uint16Array.from({ length: text.length }, (_, i) => text.charCodeAt(i));
  if (units.every((unit) => unit < 0x80)) return [];
  return [units.every((unit) => unit <= 0xff) ? Uint8Array.from(units) : utf16Bytes(units)];
}

function utf16Bytes(units: Uint16Array): Uint8Array {
  return Uint8Array.from({ length: 2 * units.length }, (_, i) => ((units[i >> 1] ?? 0) >> (8 * (i & 1))) & 0xff);
}
