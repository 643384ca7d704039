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

/** How two different `claims` relate to each other. */
export interface ClaimsRules {
  /** Does what satisfies `wide` satisfy `narrow` as well? */
  cover(wide: string, narrow: string): boolean;
  merge(earlier: string, later: string): string;
}

/** What handles step-ups brings the rules; without them `claims` are compared as text, and the later ones count. */
export const claimsRules: Partial<ClaimsRules> = Object.create(null);

function claimsCover(wide: string | undefined, narrow: string | undefined): boolean {
  if (narrow === undefined || narrow === wide) return true;
  return wide !== undefined && claimsRules.cover?.(wide, narrow) === true;
}

function mergeClaims(earlier: string | undefined, later: string | undefined): string | undefined {
  if (earlier === undefined || later === undefined) return later ?? earlier;
  return claimsRules.merge?.(earlier, later) ?? later;
}
