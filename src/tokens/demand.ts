/**
 * Who may share a renewal with whom. Scope adds up; `claims`, `acrValues` and `maxAgeMs` are a step-up (RFC 9470).
 */

import { defined } from './defined.ts';
import type { Demand } from './token.ts';

const NOTHING: Demand = {};

/** Does what satisfies `wide` satisfy `narrow` as well? */
export function covers(wide: Demand = NOTHING, narrow: Demand = NOTHING): boolean {
  return (
    includesAll(wide.scope, narrow.scope) &&
    claimsCover(wide.claims, narrow.claims) &&
    (narrow.acrValues ?? wide.acrValues) === wide.acrValues &&
    age(wide) <= age(narrow)
  );
}

/** Is every one of `values` among `others`? */
export function includesAll(others: readonly string[] = [], values: readonly string[] = []): boolean {
  return values.every((value) => others.includes(value));
}

/**
 * What satisfies both. Where they contradict each other (two `acrValues`, two values for one claim) the later one
 * counts: it answers the newer challenge.
 */
export function unionOfDemands(earlier: Demand | undefined, later: Demand | undefined): Demand | undefined {
  if (covers(earlier, later)) return earlier;
  if (covers(later, earlier)) return later;
  const both = { ...earlier, ...later };
  const scope = new Set([earlier, later].flatMap((demand) => demand?.scope ?? []));
  const maxAgeMs = Math.min(age(earlier), age(later));
  return defined<Demand>({
    ...both,
    scope: scope.size > 0 ? [...scope] : undefined,
    claims: mergeClaims(earlier?.claims, later?.claims),
    maxAgeMs: both.maxAgeMs === undefined ? undefined : maxAgeMs,
  });
}

/** What stays demanded of all later tokens: scope. A step-up is over once it has been met. */
export function lastingDemand(demand: Demand | undefined): Demand | undefined {
  return demand?.scope && { scope: demand.scope };
}

function age({ maxAgeMs = Number.POSITIVE_INFINITY }: Demand = NOTHING): number {
  return maxAgeMs;
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
