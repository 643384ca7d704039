import { withoutSource } from '../secrets/without-source.ts';
import { attempt, tagOf } from './objects/reading.ts';

/** A graph of more objects than this, such as a socket's, is not searched to its end: it counts as unsafe. */
const MOST_OBJECTS = 2000;
/** What errors hold out of the sight of `Object.keys`. */
const HIDDEN = ['message', 'stack', 'cause', 'errors'];
const INSPECT = Symbol.for('nodejs.util.inspect.custom');
/** What holds its contents where no property shows them. */
const COLLECTIONS = /^(?:Map|Set|Headers|URLSearchParams|FormData)$/;

/** Can no known secret be read in this value, however it is printed? What cannot be searched counts as unsafe. */
export function isHarmless(value: unknown, mask: (text: string) => string): boolean {
  return attempt(() => holdsSecret(value, mask)) === false;
}

function holdsSecret(root: unknown, mask: (text: string) => string): boolean {
  const seen = new Set<object>();
  const found = [root];
  // It grows while it is walked along.
  for (const value of found) {
    if (typeof value !== 'object' || value === null) {
      if (isSecretText(value, mask)) return true;
    } else if (!seen.has(value)) {
      if (seen.size >= MOST_OBJECTS) return true;
      seen.add(value);
      found.push(...partsOf(value));
    }
  }
  return false;
}

function isSecretText(value: unknown, mask: (text: string) => string): boolean {
  if (value === undefined || typeof value === 'boolean' || typeof value === 'function') return false;
  const text = String(value);
  return mask(text) !== text || withoutSource(text) !== text;
}

function partsOf(value: object): unknown[] {
  if (ArrayBuffer.isView(value)) return [new TextDecoder('latin1').decode(value)];
  if (value instanceof URL) return [value.href];
  const keys = [...Object.keys(value), ...Object.getOwnPropertySymbols(value)];
  const fields = [...HIDDEN, ...keys].map((key) => attempt(() => Reflect.get(value, key)));
  const entries = COLLECTIONS.test(tagOf(value)) ? [...(value as Iterable<unknown>)] : [];
  return [...keys, ...fields, ...entries, ...printed(value)];
}

/** What an object says of itself: got's options show in no other way. */
function printed(value: object): unknown[] {
  const { toJSON, [INSPECT]: inspect } = value as Record<string | symbol, unknown>;
  return [
    typeof toJSON === 'function' && attempt(() => Reflect.apply(toJSON, value, [])),
    typeof inspect === 'function' && attempt(() => Reflect.apply(inspect, value, [0, {}, String])),
  ];
}
