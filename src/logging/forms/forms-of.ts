import { basesOf } from './bases.ts';
import { base64Forms, binaryForm, type Form, hexForms, quotedForms } from './encodings.ts';

/** A value shorter than this has no encodings, and is a hit only as a whole token: it would shred every line. */
export const SHORTEST_FORM = 4;

/** Everything that is masked for `value`: the text of each form, and its tail or an empty text. */
export function formsOf(value: string): Map<string, string> {
  const forms = new Map<string, string>();
  for (const base of basesOf(value)) {
    forms.set(base, '');
    if (base.length < SHORTEST_FORM) continue;
    for (const [text, tail = ''] of encodedForms(base)) {
      if (text.length >= SHORTEST_FORM && !forms.has(text)) forms.set(text, tail);
    }
  }
  return forms;
}

function encodedForms(base: string): Form[] {
  const utf8 = new TextEncoder().encode(base);
  const others = otherBytes(base);
  const encoded = [utf8, ...others].flatMap((bytes) => [...base64Forms(bytes), ...hexForms(bytes)]);
  return [...encoded, ...quotedForms(base), ...(others.length > 0 ? [utf8, ...others].map(binaryForm) : [])];
}

/** Beyond ASCII: the bytes of programs that know Latin-1 only, and of UTF-16, whose zeros tell nothing any more. */
function otherBytes(text: string): Uint8Array[] {
  const units = Uint16Array.from({ length: text.length }, (_, i) => text.charCodeAt(i));
  if (units.every((unit) => unit > 0 && unit < 0x80)) return [];
  return [...(units.every((unit) => unit <= 0xff) ? [Uint8Array.from(units)] : []), utf16Bytes(units)];
}

function utf16Bytes(units: Uint16Array): Uint8Array {
  return Uint8Array.from({ length: 2 * units.length }, (_, i) => ((units[i >> 1] ?? 0) >> (8 * (i & 1))) & 0xff);
}
