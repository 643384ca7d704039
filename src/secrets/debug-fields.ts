import { MASK } from '../secret.ts';
import { shorten } from './shorten.ts';

/** The fields of a debug line. */
export type AnyFields = Readonly<Record<string, unknown>>;

const DEEPEST = 5;
const MOST_ENTRIES = 200;
const LONGEST_TEXT = 2000;

/**
 * A masked copy of the fields that holds plain data only, bounded in depth, entries and length. Errors and dates become
 * text; other objects show their kind only, because clients hang credentials on theirs.
 */
export function maskFields(fields: AnyFields, mask: (text: string) => string): AnyFields {
  let left = MOST_ENTRIES;

  function copy(value: unknown, depth: number): unknown {
    if (depth < DEEPEST && Array.isArray(value)) return copyList(take(value), depth + 1);
    if (depth < DEEPEST && isPlain(value)) return copyEntries(value, depth + 1);
    const text = textOf(value);
    const masked = mask(text);
    return masked === text && STAYS.test(typeof (value ?? 0)) ? value : shorten(masked, LONGEST_TEXT);
  }
  /** Many numbers may be the characters of a secret, which no single one of them shows. */
  function copyList(items: readonly unknown[], depth: number): unknown {
    const numbers = items.every((item) => typeof item === 'number') ? items.join(', ') : '';
    return mask(numbers) === numbers ? items.map((item) => copy(item, depth)) : MASK;
  }
  function copyEntries(value: object, depth: number): AnyFields {
    return Object.fromEntries(take(Object.entries(value)).map(([key, item]) => [mask(key), copy(item, depth)]));
  }
  function take<T>(list: readonly T[]): readonly T[] {
    const taken = list.slice(0, left);
    left -= taken.length;
    return taken;
  }
  return copyEntries(fields, 1);
}

/** What needs no copy. */
const STAYS = /boolean|number/;

function textOf(value: unknown): string {
  const isOpaque =
    typeof value === 'function' || (value instanceof Object && !(value instanceof Error || value instanceof Date));
  return isOpaque ? Object.prototype.toString.call(value) : String(value);
}

function isPlain(value: unknown): value is object {
  return (
    typeof value === 'object' &&
    value !== null &&
    (Object.getPrototypeOf(value) ?? Object.prototype) === Object.prototype
  );
}
