/** What stands for a value that threw when it was read. */
export const UNREADABLE = '[unreadable]';

/** What `read` gives: a getter or a proxy may throw, and a log line must not. */
export function attempt(read: () => unknown): unknown {
  try {
    return read();
  } catch {
    return UNREADABLE;
  }
}

/** Names for the keys of one object: two that differ only in their secrets become the same text, so they are numbered. */
export function keyNames(): (key: unknown) => unknown {
  const uses = new Map<string, number>();
  return (key) => {
    if (typeof key !== 'string') return key;
    let name = key;
    let n = uses.get(key) ?? 0;
    while (uses.has(name)) {
      n += 1;
      name = `${key}~${n}`;
    }
    uses.set(key, Math.max(1, n));
    uses.set(name, 1);
    return name;
  };
}

/** Also one of another realm, as test runners have them. */
export function isError(value: object): value is Error {
  return value instanceof Error || tagOf(value) === 'Error';
}

/** `Headers` for `[object Headers]`: the kind of an object, whichever copy of a library made it. */
export function tagOf(value: object): string {
  const tagged = attempt(() => Object.prototype.toString.call(value));
  return tagged === UNREADABLE ? 'Object' : String(tagged).slice(8, -1);
}
