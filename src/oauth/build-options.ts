/**
 * What `build` of the authenticators that keep a token has in common.
 */

import { ConfigurationError } from '../errors.ts';
import type { CredentialFields } from '../fields/credential-fields.ts';
import type { FieldValue } from '../fields/credential-schema.ts';
import { parseCredentialFields } from '../fields/parse.ts';
import { amount, flag } from '../fields/values.ts';
import type { AuthenticatorOptions } from '../lifecycle/contract.ts';
import type { BuildOptions } from '../lifecycle/registry.ts';
import type { EndpointCallOptions } from './call-endpoint.ts';
import type { ResourceAuthenticatorOptions } from './resource-authenticator.ts';
import type { TokenResponseOptions } from './token-response.ts';

/** What `build` takes for authenticators that keep a token: their options, without what fields say. */
export interface TokenBuildOptions
  extends BuildOptions,
    Omit<ResourceAuthenticatorOptions, keyof AuthenticatorOptions | 'header' | 'format' | 'random'> {
  /** Allows http to other machines: whoever is on the way reads the secrets. Default: `false`. */
  readonly allowInsecureRequests?: boolean;
}

/** What `opts` may say of the token cache. */
export const CACHE_OPTS = { skewMs: amount, refreshAheadMs: amount, deadlineMs: amount };

/** What `opts` may say to authenticators that heed why a server refuses a token. */
export const RESOURCE_OPTS = { ...CACHE_OPTS, scopeStepUp: flag };

/** The options of a token authenticator without those that only `build` takes. What the code says wins. */
export function tokenOptions<Opts extends object>(
  { fetch, transport, allowInsecureRequests, ...options }: TokenBuildOptions,
  own: Opts,
): Opts & ResourceAuthenticatorOptions {
  return { ...own, ...options };
}

/**
 * The token in `apikey`, and how it is sent.
 *
 * @param what - Names the token in errors.
 * @throws {@link ConfigurationError} without one, and for every other field that is wrong.
 */
export function givenToken(fields: CredentialFields, options: TokenBuildOptions, what: string) {
  const read = { needs: { apikey: what }, uses: ['authHeader', 'tokenFormat'], opts: RESOURCE_OPTS } as const;
  const { apikey: token, authHeader: header, tokenFormat: format, opts } = parseCredentialFields(fields, read);
  return { token, own: tokenOptions(options, { ...opts, header, format }) };
}

/** The fields that say how long a token lives and when a failed login may be tried again. */
export const LIFETIME_FIELDS = [
  'timeToNextRequest',
  'tokenAuthRefresh',
  'tokenRefreshTTL',
  'tokenExpiresInSelector',
] as const;

type LifetimeFields = { readonly [Name in (typeof LIFETIME_FIELDS)[number]]: FieldValue<Name> };

/** How long to wait after a failed login. Zero is for ever: a wrong password is not tried twice. */
export function backOffOptions({
  timeToNextRequest: seconds,
}: Pick<LifetimeFields, 'timeToNextRequest'>): Pick<ResourceAuthenticatorOptions, 'timeToNextRequestMs'> {
  return { timeToNextRequestMs: seconds === 0 ? Number.POSITIVE_INFINITY : seconds * 1000 };
}

/** A static life where no field says how long, in seconds. */
const DEFAULT_TTL = 3600;

/**
 * Where the answer holds the token and its lifetime, and who says how long it lives.
 *
 * @throws {@link ConfigurationError} for a static life of no seconds.
 */
export function responseOptions(fields: LifetimeFields, tokenKey: string): TokenResponseOptions {
  const isStatic = fields.tokenAuthRefresh === 'tokenAuthRefreshStatic';
  const ttl = fields.tokenRefreshTTL ?? (isStatic ? DEFAULT_TTL : 0);
  if (isStatic && ttl === 0) {
    throw new ConfigurationError("field 'tokenRefreshTTL' must be above 0 for tokenAuthRefreshStatic.", {
      option: 'tokenRefreshTTL',
    });
  }
  return {
    tokenKey,
    expiresInKey: fields.tokenExpiresInSelector,
    expiry: isStatic ? 'static' : 'dynamic',
    ...(ttl > 0 && { ttlMs: ttl * 1000 }),
  };
}

/** What a token request takes from `build`'s options. */
export function endpointOptions({
  transport,
  fetch = transport?.fetch,
  now,
  allowInsecureRequests = false,
}: TokenBuildOptions): EndpointCallOptions & {
  readonly allowInsecureRequests: boolean;
} {
  return { allowInsecureRequests, ...(fetch !== undefined && { fetch }), ...(now !== undefined && { now }) };
}
