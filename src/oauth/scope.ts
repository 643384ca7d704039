/** A scope as a list of its names, in their order. */
export function scopeList(scope: string | readonly string[] | undefined): readonly string[] {
  return (typeof scope === 'string' ? scope.split(/\s+/) : (scope ?? [])).filter((name) => name !== '');
}

/** Both scopes without repetition: a demand adds to what is asked for anyway, it takes nothing away. */
export function scopeUnion(scope: string | readonly string[] | undefined, demand: readonly string[] = []): string[] {
  return [...new Set([...scopeList(scope), ...demand])];
}
