/**
 * The `claims` parameter of OpenID Connect, whose values are JSON: what covers what, and what satisfies both.
 */

import { claimsRules } from './demand.ts';

type Claims = Readonly<Record<string, unknown>>;

/** From here on, demands compare and join their `claims` by what they say, not as text. */
export function understandClaims(): void {
  Object.assign(claimsRules, { cover, merge });
}

function cover(wide: string, narrow: string): boolean {
  const [all, some] = [parseClaims(wide), parseClaims(narrow)];
  return all !== undefined && some !== undefined && contains(all, some);
}

function contains(all: Claims, some: Claims): boolean {
  return Object.entries(some).every(([name, value]) => {
    if (!Object.hasOwn(all, name)) return false;
    const other = all[name];
    if (isObject(value) && isObject(other)) return contains(other, value);
    return JSON.stringify(value) === JSON.stringify(other);
  });
}

/** OpenID Connect Core §5.5: an object per token, in it an object per claim. */
function merge(earlier: string, later: string): string {
  if (cover(later, earlier)) return later;
  if (cover(earlier, later)) return earlier;
  const [first, second] = [parseClaims(earlier), parseClaims(later)];
  if (first === undefined || second === undefined) return later;
  const merged: Record<string, unknown> = { ...first, ...second };
  for (const [name, value] of Object.entries(second)) {
    const other = Object.hasOwn(first, name) ? first[name] : undefined;
    if (isObject(value) && isObject(other)) merged[name] = { ...other, ...value };
  }
  return JSON.stringify(merged);
}

function parseClaims(text: string): Claims | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function isObject(value: unknown): value is Claims {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
