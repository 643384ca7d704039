/**
 * Whose tokens a grant makes, for the key of a shared store: all that the server is told, and what proves who asks.
 */

import type { SourceIdentity } from '../tokens/token.ts';
import { scopeUnion } from './scope.ts';
import { storeKey } from './store-key.ts';
import type { TokenRequestOptions } from './token-endpoint.ts';

/** Secret values that prove who somebody is, asked for when the key is made. */
export type Proofs = () => readonly string[] | Promise<readonly string[]>;

/** Proofs of several kinds; `undefined` where one of them cannot be known. */
export function joinProofs(...all: readonly (Proofs | undefined)[]): Proofs | undefined {
  const known = all.filter((proofs) => proofs !== undefined);
  if (known.length < all.length) return undefined;
  return async () => (await Promise.all(known.map(async (proofs) => proofs()))).flat();
}

/**
 * The identity of a grant.
 *
 * @param server - The issuer, or the token endpoint.
 * @param own - What is the grant's own: a user, a subject, more parameters.
 * @param proofs - What proves who asks.
 */
export function grantIdentity(
  name: string,
  server: string,
  options: TokenRequestOptions,
  own: unknown,
  proofs: Proofs,
): SourceIdentity {
  const { clientId, audience, resource, tokenKey, parameters, refreshParameters, headers } = options;
  const extra = [parameters, refreshParameters, headers].flatMap(sorted);
  const names = extra.map(([parameter]) => parameter);
  const said = [scopeUnion(options.scope).sort(), list(audience), list(resource), tokenKey, names, own];
  // Nobody knows which of them are secret.
  const values = extra.map(([, value]) => value);
  return {
    parameters: storeKey(name, server, clientId, JSON.stringify(said)),
    proofs: values.length === 0 ? proofs : async () => [...values, ...(await proofs())],
  };
}

function list(value: string | readonly string[] = []): readonly string[] {
  return [value].flat();
}

/** The order says nothing. */
function sorted(parameters: Readonly<Record<string, string>> = {}): [name: string, value: string][] {
  return Object.entries(parameters).sort(([a], [b]) => (a < b ? -1 : 1));
}
