/**
 * The forms in which a secret turns up in text, written down a second time: what the tests search with shares no line
 * with what the filter masks with.
 */

import { MARK } from './leaks-mark.ts';

/** What is certain of some bytes in base64, wherever in a longer text they stand: one literal per offset. */
function base64Forms(bytes: Buffer): string[] {
  const standard = [0, 1, 2].map((offset) =>
    Buffer.concat([Buffer.alloc(offset), bytes])
      .toString('base64')
      .slice(Math.ceil((offset * 8) / 6), Math.floor(((offset + bytes.length) * 8) / 6)),
  );
  return [...standard, ...standard.map((form) => form.replaceAll('+', '-').replaceAll('/', '_'))];
}

/** As `Buffer` prints in hex and in JSON, typed arrays in `util.inspect`, and every hex dump. */
function byteForms(bytes: Buffer): string[] {
  const hex = bytes.toString('hex');
  const pairs = hex.match(/../g) ?? [];
  const lower = [hex, pairs.join(' '), pairs.join(':')];
  return [...lower, ...lower.map((form) => form.toUpperCase()), [...bytes].join(','), [...bytes].join(', ')];
}

function percentForms(text: string): string[] {
  const component = encodeURIComponent(text);
  const every = (Buffer.from(text).toString('hex').match(/../g) ?? []).map((pair) => `%${pair}`).join('');
  const forms = [component, encodeURI(text), new URLSearchParams({ '': text }).toString().slice(1), every];
  return [...forms, ...forms.map((form) => form.replace(/%../g, (hex) => hex.toLowerCase())), every.toUpperCase()];
}

function escapedForms(text: string): string[] {
  const json = JSON.stringify(text).slice(1, -1);
  const utf16 = [...text].map((char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`).join('');
  return [json, JSON.stringify(json).slice(1, -1), utf16, [...text].join('\0')];
}

/** What has one spelling for each byte. */
function spelledForms(bytes: Buffer): string[] {
  const spell = (spelling: (byte: number) => string) => [...bytes].map(spelling).join('');
  return [
    spell((byte) => `\\x${byte.toString(16).padStart(2, '0')}`),
    spell((byte) => `\\${byte.toString(8).padStart(3, '0')}`),
    spell((byte) => `&#${byte};`),
    spell((byte) => `&#x${byte.toString(16).toUpperCase()};`),
    spell((byte) => `&#x${byte.toString(16)};`),
  ];
}

/** Every form of a text that the tests search for. */
export function formsOf(text: string): string[] {
  const bytes = Buffer.from(text);
  const forms = [
    text,
    ...base64Forms(bytes),
    ...byteForms(bytes),
    ...percentForms(text),
    ...escapedForms(text),
    ...spelledForms(bytes),
  ];
  return [...new Set(forms)];
}

/**
 * What a search for all marked secrets at once looks for. Each form of a secret that begins with the mark begins with
 * one of these (a test makes sure of it), and half a secret does so, too.
 */
const markForms: readonly string[] = formsOf(MARK);

/** Encoded twice: what base64 makes of base64, and of the letters that percent-encoding leaves alone. */
const twice = base64Forms(Buffer.from(MARK)).flatMap((form) => base64Forms(Buffer.from(form)));
const searched: readonly string[] = [...new Set([...markForms, ...twice])];
/** Bytes as numbers, with what inspectors put between them (they pad), and JSON and loggers (they number). */
const numbers = new RegExp([...Buffer.from(MARK)].join(String.raw`\s*,\s*(?:\\*["']?\d+\\*["']?\s*:\s*)?`));

/** The surroundings of each marked secret, or of a piece of one, that stands in the text. */
export function findMarks(text: string): string[] {
  const around = (at: number, length: number) => text.slice(Math.max(0, at - 80), at + length + 60);
  const found = searched.flatMap((form) => {
    const at = text.indexOf(form);
    return at === -1 ? [] : [around(at, form.length)];
  });
  const list = numbers.exec(text);
  if (list) found.push(around(list.index, list[0].length));
  return [...new Set(found)];
}
