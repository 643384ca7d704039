/** The own properties of an object, or of a JSON object as text; blank is an empty one, anything else `undefined`. */
export function jsonObject(value: unknown): Map<string, unknown> | undefined {
  const object = isBlank(value) ? {} : typeof value === 'string' ? parse(value) : value;
  if (typeof object !== 'object' || object === null || Array.isArray(object)) return undefined;
  return new Map(Object.entries(object));
}

/** An object without a prototype: nothing is found there but what was given. */
export function bareObject(entries: Iterable<readonly [string, unknown]>): Record<string, unknown> {
  const object: Record<string, unknown> = Object.create(null);
  for (const [name, value] of entries) object[name] = value;
  return object;
}

function isBlank(value: unknown): boolean {
  return value === undefined || value === null || (typeof value === 'string' && value.trim() === '');
}

/** Its errors are dropped: they quote the text. */
function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
