import { isSecret, MASK } from '../secret.ts';
import { attempt, isError, keyNames, UNREADABLE } from './objects/reading.ts';
import type { TextFilter } from './text-filter.ts';

/** The fields of a debug line. */
type Fields = Readonly<Record<string, unknown>>;

const DEEPEST = 5;
const MOST_ENTRIES = 200;
const LONGEST_TEXT = 2000;

/** What one masking run carries along. */
interface Run {
  readonly filter: Pick<TextFilter, 'mask'>;
  /** The objects around the current one. */
  readonly path: unknown[];
  /** How many more entries the line may hold, at all depths together. */
  entries: number;
}

/**
 * A copy of the fields with every text masked: keys, nested values, errors. The copy is bounded, survives cycles and
 * throwing getters, and holds nothing but plain data.
 */
export function maskFields(fields: Fields, filter: Pick<TextFilter, 'mask'>): Fields {
  const masked = maskValue(fields, { filter, path: [], entries: MOST_ENTRIES });
  return typeof masked === 'object' && masked !== null ? (masked as Fields) : { fields: masked };
}

function maskValue(value: unknown, run: Run): unknown {
  try {
    return typeof value === 'object' && value !== null ? maskObject(value, run) : maskPrimitive(value, run.filter);
  } catch {
    return UNREADABLE;
  }
}

function maskPrimitive(value: unknown, filter: Pick<TextFilter, 'mask'>): unknown {
  switch (typeof value) {
    case 'string':
    case 'bigint':
    case 'symbol':
      return maskText(String(value), filter);
    case 'number': {
      const masked = filter.mask(`${value}`);
      return masked === `${value}` ? value : masked;
    }
    case 'function':
      return '[Function]';
    default:
      return value;
  }
}

/** Masked first, cut then: half a secret would not be recognised. */
function maskText(text: string, filter: Pick<TextFilter, 'mask'>): string {
  const masked = filter.mask(text);
  return masked.length > LONGEST_TEXT ? `${masked.slice(0, LONGEST_TEXT)}…` : masked;
}

function maskObject(value: object, run: Run): unknown {
  if (isSecret(value)) return MASK;
  if (run.path.includes(value)) return '[Circular]';
  if (run.path.length >= DEEPEST) return '[…]';
  run.path.push(value);
  try {
    if (Array.isArray(value)) return maskList(takeEntries(value, run), run);
    if (isError(value)) return maskEntries(errorEntries(value), run);
    if (isPlain(value)) return maskEntries(plainEntries(value), run);
    return opaque(value, run);
  } finally {
    run.path.pop();
  }
}

/** Numbers may be the characters of a secret, which no single one of them shows. */
function maskList(items: readonly unknown[], run: Run): unknown[] {
  const numbers = items.every((item) => typeof item === 'number') ? items.join(', ') : '';
  const masked = run.filter.mask(numbers);
  return masked === numbers ? items.map((item) => maskValue(item, run)) : [masked];
}

function maskEntries(entries: readonly (readonly [string, () => unknown])[], run: Run): Fields {
  const result = new Map<string, unknown>();
  const named = keyNames();
  for (const [key, read] of takeEntries(entries, run)) {
    const value = maskValue(attempt(read), run);
    if (value !== undefined) result.set(named(run.filter.mask(key)), value);
  }
  return Object.fromEntries(result);
}

function takeEntries<T>(entries: readonly T[], run: Run): readonly T[] {
  const taken = entries.slice(0, run.entries);
  run.entries -= taken.length;
  return taken;
}

function plainEntries(value: object): [string, () => unknown][] {
  return Object.keys(value).map((key) => [key, () => Reflect.get(value, key)]);
}

/** What explains an error. Not its other properties: clients hang requests, and with them credentials, on theirs. */
function errorEntries(error: Error): [string, () => unknown][] {
  const names = ['name', 'code', 'status', 'message', 'cause', 'errors'];
  return names.filter((name) => name in error).map((name) => [name, () => Reflect.get(error, name)]);
}

/** Dates and URLs say what they are, but for user information and query; bytes, maps, headers, requests and sockets only their kind. */
function opaque(value: object, run: Run): unknown {
  if (value instanceof Date) return maskText(String(value.toJSON()), run.filter);
  if (value instanceof URL) return maskText(`${value.protocol}//${value.host}${value.pathname}`, run.filter);
  return run.filter.mask(`[${value.constructor?.name || 'Object'}]`);
}

function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}
