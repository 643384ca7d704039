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

/** Two keys that differ only in their secrets become the same text: the later one is numbered. */
export function freeKey(key: string, taken: { has(key: string): boolean }): string {
  let free = key;
  for (let n = 2; taken.has(free); n += 1) free = `${key}~${n}`;
  return free;
}

/** Also one of another realm, as test runners have them. */
export function isError(value: object): value is Error {
  return value instanceof Error || tagOf(value) === 'Error';
}

/** `Headers` for `[object Headers]`: the kind of an object, whichever copy of a library made it. */
export function tagOf(value: object): string {
  return Object.prototype.toString.call(value).slice(8, -1);
}
