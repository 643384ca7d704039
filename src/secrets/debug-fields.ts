import { MASK } from '../secret.ts';

/** The fields of a debug line. */
export type AnyFields = Readonly<Record<string, unknown>>;

/** The two ways to mask a text. */
interface Masks {
  mask(text: string): string;
  maskOwn(text: string): string;
}

const DEEPEST = 4;
const MOST_ENTRIES = 200;
const LONGEST_TEXT = 2000;

/** A copy of the fields that holds plain data only, bounded in depth, entries and length. Other objects show their kind. */
export function maskFieldsOf(fields: AnyFields, { mask, maskOwn }: Masks): AnyFields {
  let left = MOST_ENTRIES;

  function copy(value: unknown, depth: number): unknown {
    if (value === undefined || value === null || typeof value === 'boolean') return value;
    if (typeof value === 'number') return maskOwn(`${value}`) === `${value}` ? value : MASK;
    if (typeof value !== 'object') return typeof value === 'function' ? '[Function]' : short(maskOwn(String(value)));
    if (value instanceof Error) return short(mask(`${value.name}: ${value.message}`));
    if (depth === DEEPEST) return '[…]';
    if (Array.isArray(value)) return copyList(value, depth);
    const prototype: unknown = Object.getPrototypeOf(value);
    if (prototype !== null && prototype !== Object.prototype) return maskOwn(Object.prototype.toString.call(value));
    return copyEntries(value, depth);
  }
  /** Many numbers may be the bytes of a secret. */
  function copyList(list: readonly unknown[], depth: number): unknown {
    const items = list.slice(0, Math.max(0, left));
    left -= items.length;
    const areBytes = items.length > 3 && items.every((item) => typeof item === 'number');
    return areBytes ? MASK : items.map((item) => copy(item, depth + 1));
  }
  function copyEntries(value: object, depth: number): AnyFields {
    const entries = Object.entries(value).slice(0, Math.max(0, left));
    left -= entries.length;
    return Object.fromEntries(entries.map(([key, item]) => [maskOwn(key), copy(item, depth + 1)] as const));
  }
  return copyEntries(fields, 0);
}

function short(text: string): string {
  return text.length > LONGEST_TEXT ? `${text.slice(0, LONGEST_TEXT)}…` : text;
}
