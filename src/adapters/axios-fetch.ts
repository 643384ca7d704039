/**
 * Redirects of axios's fetch adapter. fetch strips `Authorization` and `Cookie` when a redirect leaves the origin, and
 * no other credential; so where ours stands elsewhere, they are followed by hand, in the function that axios takes from
 * `env.fetch`. axios builds and keeps one adapter for every such function: there is one for each base, and what belongs
 * to a request travels in its `fetchOptions`.
 */

import { type FetchSigner, HopsByHand } from './axios-hops.ts';
import type { AxiosCallConfig } from './axios-types.ts';
import type { FetchLike } from './web-call.ts';

/** A text, because older axios doesn't copy symbols. A class instance as its value is copied by reference. */
const TRAVELLER = 'authwire';

class Traveller {
  /** The outer one comes first. */
  readonly signers: readonly FetchSigner[];
  readonly byHand: boolean;

  constructor(signers: readonly FetchSigner[]) {
    this.signers = signers;
    this.byHand = signers.some((signer) => signer.byHand);
  }
}

/**
 * What of the config makes the fetch adapter ask us. `redirect: 'manual'` goes to every adapter: one that cannot be made
 * to ask (axios below 1.12, a function of the user's) then shows the redirect instead of taking the credential along.
 */
export function fetchRedirects(config: AxiosCallConfig, signer: FetchSigner): Partial<AxiosCallConfig> {
  const { env, fetchOptions } = config;
  const others = fetchOptions?.[TRAVELLER];
  const signers = others instanceof Traveller ? [...others.signers, signer] : [signer];
  const redirect = signer.byHand ? { redirect: 'manual' } : undefined;
  return {
    env: { ...env, fetch: guard(env?.fetch as FetchLike | undefined) },
    fetchOptions: { ...fetchOptions, ...redirect, [TRAVELLER]: new Traveller(signers) },
  };
}

/** Will the fetch adapter follow redirects for this call? */
export function followsRedirects({ maxRedirects, fetchOptions }: AxiosCallConfig): boolean {
  const others = fetchOptions?.[TRAVELLER];
  if (others instanceof Traveller && others.byHand) return true;
  return maxRedirects !== 0 && (fetchOptions?.redirect ?? 'follow') === 'follow';
}

const guards = new WeakMap<FetchLike, FetchLike>();
const guarded = new WeakSet<FetchLike>();
const globalGuard = createGuard((input, init) => globalThis.fetch(input, init));

function guard(base: FetchLike | undefined): FetchLike {
  if (base === undefined) return globalGuard;
  if (guarded.has(base)) return base;
  const known = guards.get(base) ?? createGuard(base);
  guards.set(base, known);
  return known;
}

function createGuard(base: FetchLike): FetchLike {
  const fetch: FetchLike = (input, init) => {
    const { [TRAVELLER]: traveller, ...rest } = (init ?? {}) as RequestInit & { readonly [TRAVELLER]?: unknown };
    if (!(traveller instanceof Traveller)) return base(input, init);
    const { signers, byHand } = traveller;
    if (byHand) return new HopsByHand(base, input, rest, signers).follow(base(input, rest));
    return base(input, rest).then((response) => noteTarget(response, signers));
  };
  guarded.add(fetch);
  return fetch;
}

/** axios doesn't say where fetch has been led to. */
function noteTarget(response: Response, signers: readonly FetchSigner[]): Response {
  if (response.redirected) for (const { attempt } of signers) attempt.finalUrl = response.url;
  return response;
}
