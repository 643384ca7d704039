import { isSecret, MASK } from '../../secret.ts';
import { copyError, copyExtras, copyInstance } from './copy-instance.ts';
import { copyPlatformObject } from './copy-platform-object.ts';
import { maskBytes, maskItems } from './mask-bytes.ts';
import { attempt, isError, keyNames, tagOf, UNREADABLE } from './reading.ts';

const DEEPEST = 16;
const MOST_ENTRIES = 50_000;
/** What stands where a limit was reached. */
const MORE = '[…]';

/** Takes secrets out of text. */
export type MaskText = (text: string) => string;

/** Copies values of one graph. */
export interface Copier {
  readonly mask: MaskText;
  /** The copy of a value that is found in the object at hand. */
  copy(value: unknown): unknown;
  /** The copy of a value that is not known before somebody prints: a graph of its own. */
  fresh(value: unknown): unknown;
  /** As many of the entries as the graph may still hold. */
  take<T>(entries: Iterable<T>): T[];
  /** Makes the copy known before it is filled, because the object may contain itself. */
  remember<T extends object>(original: object, copy: T): T;
}

/**
 * A copy of the value in which every text is masked: keys, messages, stacks, causes, headers, URLs, bytes. The value
 * itself is left alone. Objects keep their class where their contents allow it; an object that occurs twice does so in
 * the copy, and cycles stay cycles. At most 16 levels and 50,000 entries are copied; whatever throws when it is read is
 * said to be unreadable.
 */
export function maskValue(value: unknown, mask: MaskText): unknown {
  const copies = new Map<object, unknown>();
  let entries = MOST_ENTRIES;
  let depth = 0;

  function copyObject(original: object): unknown {
    if (copies.has(original)) return copies.get(original);
    if (depth >= DEEPEST || entries <= 0) return MORE;
    depth += 1;
    try {
      const copied = dispatch(original, copier);
      copies.set(original, copied);
      return copied;
    } catch {
      return UNREADABLE;
    } finally {
      depth -= 1;
    }
  }
  const copier: Copier = {
    mask,
    copy: (each) => (typeof each === 'object' && each !== null ? copyObject(each) : maskPrimitive(each, mask)),
    fresh: (each) => maskValue(each, mask),
    take(list) {
      const taken = [];
      for (const entry of list) {
        entries -= 1;
        if (entries < 0) break;
        taken.push(entry);
      }
      return taken;
    },
    remember(original, copied) {
      copies.set(original, copied);
      return copied;
    },
  };
  return copier.copy(value);
}

function dispatch(value: object, copier: Copier): unknown {
  if (isSecret(value)) return MASK;
  if (Array.isArray(value)) return copyArray(value, copier);
  if (isError(value)) return copyError(value, copier);
  if (ArrayBuffer.isView(value) || /ArrayBuffer$/.test(tagOf(value))) return maskBytes(value, copier.mask);
  if (value instanceof Map) return copyMap(value, copier);
  if (value instanceof Set) return copySet(value, copier);
  return copyPlatformObject(value, copier) ?? copyInstance(value, copier);
}

function maskPrimitive(value: unknown, mask: MaskText): unknown {
  switch (typeof value) {
    case 'string':
      return mask(value);
    case 'number':
    case 'bigint':
    case 'symbol': {
      const text = typeof value === 'symbol' ? (value.description ?? '') : `${value}`;
      const masked = mask(text);
      return masked === text ? value : typeof value === 'symbol' ? Symbol(masked) : masked;
    }
    case 'function':
      return mask(`[Function: ${String(attempt(() => value.name)) || '(anonymous)'}]`);
    default:
      return value;
  }
}

function copyArray(value: readonly unknown[], copier: Copier): unknown[] {
  const masked = maskItems(value, copier.mask);
  if (masked !== undefined) return masked;
  const copied = copier.remember(value, [] as unknown[]);
  for (const item of copier.take(value)) copied.push(copier.copy(item));
  if (copied.length < value.length) copied.push(MORE);
  copyExtras(value, copied, copier);
  return copied;
}

function copyMap(value: ReadonlyMap<unknown, unknown>, copier: Copier): Map<unknown, unknown> {
  const copied = copier.remember(value, new Map());
  const named = keyNames();
  for (const [key, item] of copier.take(value)) copied.set(named(copier.copy(key)), copier.copy(item));
  return copied;
}

function copySet(value: ReadonlySet<unknown>, copier: Copier): Set<unknown> {
  const copied = copier.remember(value, new Set());
  const named = keyNames();
  for (const item of copier.take(value)) copied.add(named(copier.copy(item)));
  return copied;
}
