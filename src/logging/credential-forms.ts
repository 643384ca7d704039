/**
 * The shapes in which a secret turns up in text: as it is, in base64 (Basic, cookies), percent-encoded (URLs, forms)
 * and escaped (JSON). Literals only; what no list of literals can cover belongs to the filter.
 */

/** A value shorter than this has no encodings, and is a hit only as a whole token: it would shred every line. */
export const SHORTEST_FORM = 4;

/** All literals under which `value` is masked. None for an empty or blank one: nothing would be hidden. */
export function formsOf(value: string): Set<string> {
  const forms = new Set<string>();
  const trimmed = value.trim();
  if (trimmed === '') return forms;
  for (const base of [value, trimmed]) {
    forms.add(base);
    if (base.length < SHORTEST_FORM) continue;
    for (const form of [...base64Forms(base), ...percentForms(base), jsonForm(base)]) forms.add(form);
  }
  return forms;
}

/**
 * Base64 and base64url: the whole value with and without padding, and what is certain of it when it stands somewhere
 * inside a longer encoded text, such as the password in the `user:password` of RFC 7617.
 */
function base64Forms(value: string): string[] {
  const binary = Array.from(new TextEncoder().encode(value), (byte) => String.fromCharCode(byte)).join('');
  const padded = btoa(binary);
  const forms = [padded, padded.replace(/=+$/, '')];
  for (const offset of [0, 1, 2]) {
    const certain = btoa('\0'.repeat(offset) + binary).slice(
      Math.ceil((8 * offset) / 6),
      Math.floor((8 * (offset + binary.length)) / 6),
    );
    if (certain.length >= SHORTEST_FORM) forms.push(certain);
  }
  return [...forms, ...forms.map((form) => form.replaceAll('+', '-').replaceAll('/', '_'))];
}

/** Percent-encoding as the several writers of URLs and forms do it; each with hex digits of either case. */
function percentForms(value: string): string[] {
  const text = value.replace(/\p{Surrogate}/gu, '\uFFFD');
  const component = encodeURIComponent(text);
  const strict = component.replace(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`);
  const field = new URLSearchParams({ '': text }).toString().slice(1);
  const forms = [encodeURI(text), component, strict, field, component.replaceAll('%20', '+')];
  return [...forms, ...forms.map((form) => form.replace(/%[0-9A-F]{2}/g, (hex) => hex.toLowerCase()))];
}

/** The value as it stands between the quotes of a JSON string. */
function jsonForm(value: string): string {
  return JSON.stringify(value).slice(1, -1);
}
