/** Puts everything back as it was. */
export type Undo = () => void;

/** A method of any object. */
type Method = (...args: unknown[]) => unknown;

/**
 * Puts another method in place of an object's own or inherited one. Where there is none, nothing happens.
 *
 * @param masked - The arguments to call the former method with.
 */
export function override(target: object, name: string, masked: (args: unknown[]) => unknown[]): Undo {
  const method: unknown = Reflect.get(target, name);
  if (typeof method !== 'function') return () => {};
  const own = Object.getOwnPropertyDescriptor(target, name);
  function value(this: unknown, ...args: unknown[]): unknown {
    return Reflect.apply(method as Method, this ?? target, masked(args));
  }
  Reflect.defineProperty(target, name, {
    value,
    enumerable: own?.enumerable === true,
    configurable: true,
    writable: true,
  });
  return () => {
    if (own) Reflect.defineProperty(target, name, own);
    else Reflect.deleteProperty(target, name);
  };
}

/** One for all. */
export function undoAll(undo: readonly Undo[]): Undo {
  return () => {
    for (const each of undo) each();
  };
}
