/**
 * Who may share a renewal with whom. Scope adds up; `claims`, `acrValues` and `maxAgeMs` are a step-up (RFC 9470).
 */

import type { Demand } from './token.ts';

/** Does what satisfies `wide` satisfy `narrow` as well? */
export function covers(wide: Demand | undefined, narrow: Demand | undefined): boolean {
  if (narrow === undefined || narrow === wide) return true;
  return (
    includesAll(wide?.scope, narrow.scope) &&
    claimsCover(wide?.claims, narrow.claims) &&
    (narrow.acrValues === undefined || narrow.acrValues === wide?.acrValues) &&
    (narrow.maxAgeMs === undefined || (wide?.maxAgeMs ?? Number.POSITIVE_INFINITY) <= narrow.maxAgeMs)
  );
}

/** Is every one of `values` among `others`? */
export function includesAll(others: readonly string[] | undefined, values: readonly string[] | undefined): boolean {
  return values === undefined || values.every((value) => others?.includes(value) === true);
}

/**
 * What satisfies both. Where they contradict each other (two `acrValues`, two values for one claim) the later one
 * counts: it answers the newer challenge.
 */
export function unionOfDemands(earlier: Demand | undefined, later: Demand | undefined): Demand | undefined {
  if (covers(earlier, later)) return earlier;
  if (earlier === undefined || covers(later, earlier)) return later;
  const scope = [...new Set([...(earlier.scope ?? []), ...(later?.scope ?? [])])];
  const claims = mergeClaims(earlier.claims, later?.claims);
  const acrValues = later?.acrValues ?? earlier.acrValues;
  const maxAgeMs = smaller(earlier.maxAgeMs, later?.maxAgeMs);
  return {
    ...(scope.length > 0 && { scope }),
    ...(claims !== undefined && { claims }),
    ...(acrValues !== undefined && { acrValues }),
    ...(maxAgeMs !== undefined && { maxAgeMs }),
  };
}

/** What stays demanded of all later tokens: scope. A step-up is over once it has been met. */
export function lastingDemand(demand: Demand | undefined): Demand | undefined {
  return demand?.scope === undefined ? undefined : { scope: demand.scope };
}

function smaller(a: number | undefined, b: number | undefined): number | undefined {
  return a === undefined || b === undefined ? (a ?? b) : Math.min(a, b);
}

type Claims = Readonly<Record<string, unknown>>;

function claimsCover(wide: string | undefined, narrow: string | undefined): boolean {
  if (narrow === undefined || narrow === wide) return true;
  if (wide === undefined) return false;
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
function mergeClaims(earlier: string | undefined, later: string | undefined): string | undefined {
  if (earlier === undefined || later === undefined || claimsCover(later, earlier)) return later ?? earlier;
  if (claimsCover(earlier, later)) return earlier;
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
