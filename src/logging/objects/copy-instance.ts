import { maskItems } from './mask-bytes.ts';
import type { Copier } from './mask-object.ts';
import { attempt, keyNames, tagOf, UNREADABLE } from './reading.ts';

const INSPECT = Symbol.for('nodejs.util.inspect.custom');
/** The methods that say what an object prints as. */
const PRINTERS = ['toJSON', 'toString', 'toLocaleString', 'valueOf', Symbol.toPrimitive, INSPECT];
/** What an error holds out of the sight of `Object.keys`. */
const ERROR_FIELDS = ['name', 'message', 'stack', 'cause', 'errors', 'error', 'suppressed'];

/**
 * A copy of an object of any class: the same prototype, and what was enumerable. Getters of its own become what they
 * gave. `toString`, `toJSON`, custom inspection and the like are still the original's, because they may need its private
 * fields; what they give is masked.
 */
export function copyInstance(value: object, copier: Copier): object {
  const copied = copier.remember(value, Object.create(Object.getPrototypeOf(value)));
  copyFields(value, copied, copier);
  coverInherited(value, copied, copier);
  keepPrinters(value, copied, copier);
  keepField(value, copied, Symbol.toStringTag, copier);
  // Its class may want private fields that the copy does not have, for no more than to say its name.
  const isNameable = attempt(() => `${copied.constructor?.name}`) !== UNREADABLE;
  return isNameable ? copied : Object.setPrototypeOf(copied, Object.prototype);
}

/** A copy of an error, with its message, stack, cause and errors, and everything that was hung on it. */
export function copyError(value: Error, copier: Copier): object {
  const copied = copier.remember(value, emptyError(value, copier));
  for (const name of ERROR_FIELDS) keepField(value, copied, name, copier);
  copyFields(value, copied, copier);
  keepPrinters(value, copied, copier);
  return copied;
}

/** A `DOMException`, such as those of aborted requests, keeps what it says where nobody else can put it. */
function emptyError(value: Error, { mask }: Copier): Error {
  if (tagOf(value) === 'DOMException') return new DOMException(mask(value.message), mask(value.name));
  return Object.setPrototypeOf(new Error(), Object.getPrototypeOf(value));
}

function copyFields(value: object, copied: object, copier: Copier): void {
  copyKeys(value, copied, takeItems(value, copied, enumerableKeys(value), copier), copier);
}

/** What somebody hung on an array: `raw`, `index`, the fields of a parser. */
export function copyExtras(value: readonly unknown[], copied: unknown[], copier: Copier): void {
  const extras = enumerableKeys(value, value.length).filter((key) => !isIndex(key));
  copyKeys(value, copied, extras, copier);
}

function enumerableKeys(value: object, from = 0): (string | symbol)[] {
  const keys = Reflect.ownKeys(value).slice(from);
  return keys.filter((key) => Object.getOwnPropertyDescriptor(value, key)?.enumerable);
}

function copyKeys(value: object, copied: object, keys: readonly (string | symbol)[], copier: Copier): void {
  const named = keyNames();
  for (const key of copier.take(keys)) {
    define(
      copied,
      named(copier.copy(key)) as string | symbol,
      copier.copy(attempt(() => Reflect.get(value, key))),
      true,
    );
  }
}

function isIndex(key: string | symbol): boolean {
  return typeof key === 'string' && /^\d+$/.test(key);
}

/** The copy inherits what the value does: where that holds a secret, loops over all keys must find the masked one. */
function coverInherited(value: object, copied: object, copier: Copier): void {
  const inherited: string[] = [];
  for (const key in value) if (!Object.hasOwn(value, key)) inherited.push(key);
  for (const key of copier.take(inherited)) {
    const field = attempt(() => Reflect.get(value, key));
    if (typeof field === 'function') continue;
    const masked = copier.copy(field);
    if (masked !== field) define(copied, key, masked, true);
  }
}

/** Bytes or text that somebody has spread into an object, `{ ...text }`, become one text. Gives back which keys are left. */
function takeItems(value: object, copied: object, keys: readonly (string | symbol)[], copier: Copier) {
  let count = 0;
  while (keys[count] === `${count}`) count += 1;
  const items = keys.slice(0, count).map((key) => attempt(() => Reflect.get(value, key)));
  const [masked] = maskItems(items, copier.mask) ?? [];
  if (masked === undefined) return keys;
  define(copied, '0', masked, true);
  return keys.slice(count);
}

/** Sees to it that the copy has the field, masked, even where its class gives another or needs private fields for it. */
function keepField(value: object, copied: object, name: string | symbol, copier: Copier): void {
  const masked = copier.copy(attempt(() => Reflect.get(value, name)));
  const isThere = masked !== UNREADABLE && attempt(() => Reflect.get(copied, name)) === masked;
  if (!isThere || Object.hasOwn(value, name)) define(copied, name, masked, false);
}

function keepPrinters(value: object, copied: object, copier: Copier): void {
  for (const name of PRINTERS) {
    const print = attempt(() => Reflect.get(value, name));
    if (typeof print !== 'function' || isGeneral(print, name)) continue;
    define(copied, name, (...args: unknown[]) => copier.fresh(attempt(() => Reflect.apply(print, value, args))), false);
  }
}

/** Those of all objects and errors print what the copy holds. */
function isGeneral(print: unknown, name: string | symbol): boolean {
  return print === Reflect.get(Object.prototype, name) || print === Reflect.get(Error.prototype, name);
}

function define(target: object, key: string | symbol, value: unknown, enumerable: boolean): void {
  Object.defineProperty(target, key, { value, enumerable, configurable: true, writable: true });
}
