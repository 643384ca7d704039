/**
 * Redirects of axios's fetch adapter. fetch strips `Authorization` and `Cookie` when a redirect leaves the origin, and
 * no other credential; so where ours stands elsewhere, they are followed by hand, in the function that axios takes from
 * `env.fetch`. axios builds and keeps one adapter for every such function: there is one for each base, and what belongs
 * to a request travels in its `fetchOptions`.
 */

import type { FetchLike } from '../web/parts.ts';
import { isRequest } from '../web/shape.ts';
import { noteFollowed } from './hop.ts';
import { type FetchSigner, plainHeaders, plainUrl } from './signers.ts';
import type { AxiosCallConfig } from './types.ts';

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
const globalGuard = createGuard((input, init) => globalThis.fetch(input, init));

function guard(base: FetchLike | undefined): FetchLike {
  if (base === undefined) return globalGuard;
  const known = guards.get(base) ?? createGuard(base);
  guards.set(base, known);
  return known;
}

function createGuard(base: FetchLike): FetchLike {
  return (input, init) => {
    const { [TRAVELLER]: traveller, ...rest } = (init ?? {}) as RequestInit & { readonly [TRAVELLER]?: unknown };
    if (!(traveller instanceof Traveller)) return base(input, init);
    const { signers, byHand } = traveller;
    const sent = plainRequest(input, signers);
    const follow = byHand && signers[0]?.attempt.side?.followByHand;
    if (follow) return follow(base, sent, rest, signers);
    return base(sent, rest).then((response) => noteTarget(response, signers));
  };
}

/** axios doesn't say where fetch has been led to. */
function noteTarget(response: Response, signers: readonly FetchSigner[]): Response {
  if (response.redirected) for (const { attempt } of signers) noteFollowed(attempt, response.url);
  return response;
}

/**
 * The error of a body that breaks off later has axios's Request in it, for everybody to print. We send a copy of it, and
 * leave the request that axios keeps without the signed headers.
 */
function plainRequest(input: RequestInfo | URL, signers: readonly FetchSigner[]): RequestInfo | URL {
  if (!isRequest(input) || !signers.some(({ attempt }) => attempt.isStreamed)) return input;
  const headers = plainHeaders(input.headers, signers, true);
  const sent = new (input.constructor as typeof Request)(input);
  Object.defineProperties(input, { url: { value: plainUrl(input, signers) }, headers: { value: headers } });
  return sent;
}
