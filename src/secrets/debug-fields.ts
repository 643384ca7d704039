import { MASK } from '../secret.ts';
import { shorten } from './shorten.ts';

/** The fields of a debug line. */
export type AnyFields = Readonly<Record<string, unknown>>;

const MOST_ENTRIES = 200;
const LONGEST_TEXT = 2000;

/**
 * A masked and bounded copy of the fields: texts, numbers, and lists of them. Errors become text; other objects show their
 * kind only, because clients hang credentials on theirs.
 */
export function maskFields(fields: AnyFields, mask: (text: string) => string): AnyFields {
  function copy(value: unknown): unknown {
    const text = inWords(value);
    const masked = mask(text);
    return masked === text && STAYS.test(typeof (value ?? 0)) ? value : shorten(masked, LONGEST_TEXT);
  }
  /** Together the items may be a secret, as character codes are, which no single one of them shows. */
  function copyList(items: readonly unknown[]): unknown {
    const copies = items.map(copy);
    return mask(`${copies}`) === `${copies}` ? copies : MASK;
  }
  const entries = Object.entries(fields).slice(0, MOST_ENTRIES);
  return Object.fromEntries(
    entries.map(([key, value]) => {
      return [mask(key), Array.isArray(value) ? copyList(value.slice(0, MOST_ENTRIES)) : copy(value)];
    }),
  );
}

/** What needs no copy. */
const STAYS = /boolean|number/;

/** A value as text: of objects, but for errors, their kind only. */
export function inWords(value: unknown): string {
  return Object(value) !== value || value instanceof Error ? String(value) : Object.prototype.toString.call(value);
}
