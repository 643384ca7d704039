/**
 * Whose tokens a source makes, for a shared store. The parts are kept apart as a JSON list, so that no two different
 * lists give the same key; an absent part is not the same as an empty one.
 */
export function storeKey(...parts: readonly (string | object | undefined)[]): string {
  return JSON.stringify(parts.map((part) => part ?? null));
}
