import type { Copier } from './mask-object.ts';
import { attempt, freeKey, UNREADABLE } from './reading.ts';

const INSPECT = Symbol.for('nodejs.util.inspect.custom');
/** What an error holds out of the sight of `Object.keys`. */
const ERROR_FIELDS = ['name', 'message', 'stack', 'cause', 'errors'];

/**
 * A copy of an object of any class: the same prototype, and what was enumerable. Getters of its own become what they
 * gave. `toJSON` and custom inspection are still the original's, because they may need its private fields; what they
 * give is masked.
 */
export function copyInstance(value: object, copier: Copier): object {
  const copied = copier.remember(value, Object.create(Object.getPrototypeOf(value)));
  copyFields(value, copied, copier);
  keepPrinters(value, copied, copier);
  // Its class may want private fields that the copy does not have, for no more than to say its name.
  const isNameable = attempt(() => String(copied[Symbol.toStringTag]) + copied.constructor?.name) !== UNREADABLE;
  return isNameable ? copied : Object.setPrototypeOf(copied, Object.prototype);
}

/** A copy of an error, with its message, stack, cause and errors, and everything that was hung on it. */
export function copyError(value: Error, copier: Copier): object {
  const copied = copier.remember(value, new Error());
  Object.setPrototypeOf(copied, Object.getPrototypeOf(value));
  for (const name of ERROR_FIELDS) {
    if (!Object.hasOwn(value, name)) continue;
    define(copied, name, copier.copy(attempt(() => Reflect.get(value, name))), false);
  }
  if (!Object.hasOwn(value, 'stack')) define(copied, 'stack', copier.copy(attempt(() => value.stack)), false);
  copyFields(value, copied, copier);
  keepPrinters(value, copied, copier);
  return copied;
}

function copyFields(value: object, copied: object, copier: Copier): void {
  const keys = Reflect.ownKeys(value).filter((key) => Object.getOwnPropertyDescriptor(value, key)?.enumerable);
  const taken = new Set<string>();
  for (const key of copier.take(keys)) {
    const masked = copier.copy(key);
    const free = typeof masked === 'string' ? freeKey(masked, taken) : (masked as symbol);
    if (typeof free === 'string') taken.add(free);
    define(copied, free, copier.copy(attempt(() => Reflect.get(value, key))), true);
  }
}

function keepPrinters(value: object, copied: object, copier: Copier): void {
  for (const name of ['toJSON', INSPECT]) {
    const print = attempt(() => Reflect.get(value, name));
    if (typeof print !== 'function') continue;
    define(copied, name, (...args: unknown[]) => copier.fresh(attempt(() => Reflect.apply(print, value, args))), false);
  }
}

function define(target: object, key: string | symbol, value: unknown, enumerable: boolean): void {
  Object.defineProperty(target, key, { value, enumerable, configurable: true, writable: true });
}
