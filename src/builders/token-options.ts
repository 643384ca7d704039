/**
 * What the builders of authenticators that keep a token have in common.
 */

import { ConfigurationError } from '../errors.ts';
import type { CredentialFields } from '../fields/credential-fields.ts';
import type { FieldValue } from '../fields/credential-schema.ts';
import { parseCredentialFields } from '../fields/parse.ts';
import { amount, choice, responsePlace, text, textOrTexts } from '../fields/values.ts';
import type { AuthenticatorOptions } from '../lifecycle/contract.ts';
import type { EndpointCallOptions } from '../oauth/call-endpoint.ts';
import type { ResourceAuthenticatorOptions } from '../oauth/resource-authenticator.ts';
import type { TokenResponseOptions } from '../oauth/token-response.ts';
import type { TokenAuthenticatorOptions } from '../tokens/token-authenticator.ts';
import type { BuildOptions } from './registry.ts';

/** What `build` takes for authenticators that keep a token: their options, without what fields say. */
export interface TokenBuildOptions
  extends BuildOptions,
    Omit<ResourceAuthenticatorOptions, keyof AuthenticatorOptions | 'header' | 'format' | 'random'> {
  /** Allows http to other machines: anyone on the network path can read the secrets. Default: `false`. */
  readonly allowInsecureRequests?: boolean;
}

/** What `opts` may say of the token cache. */
export const CACHE_OPTS = { skewMs: amount, refreshAheadMs: amount, deadlineMs: amount };

/** What `opts` may say of the response to a token request or login. It wins over fields. */
export const RESPONSE_OPTS = {
  tokenKey: responsePlace,
  tokenTypeKey: responsePlace,
  expiresInKey: responsePlace,
  expiresInUnit: choice('seconds', 'milliseconds'),
  refreshTokenKey: responsePlace,
  scopeKey: responsePlace,
  scopeSeparator: text,
  errorKey: responsePlace,
  errorDescriptionKey: responsePlace,
  tokenTypes: textOrTexts,
};

/** The options of these names. Absent ones stay absent. */
export function only<Name extends string, T extends { readonly [N in Name]?: unknown }>(
  names: Readonly<Record<Name, unknown>>,
  opts: T,
): Pick<T, Name> {
  return Object.fromEntries(Object.entries(opts).filter(([name]) => Object.hasOwn(names, name))) as Pick<T, Name>;
}

type CacheOptions = Omit<TokenAuthenticatorOptions, keyof AuthenticatorOptions | 'header' | 'format'>;

/** Which of `build`'s options go to the constructor. The type makes sure that none is forgotten. */
const CACHE_NAMES: { readonly [Name in keyof CacheOptions]-?: true } = {
  token: true,
  skewMs: true,
  refreshAheadMs: true,
  deadlineMs: true,
  refreshDeadlineMs: true,
  replayWindowMs: true,
  tries: true,
  timeToNextRequestMs: true,
  store: true,
  storeKey: true,
  onToken: true,
  onRenewalFailed: true,
  waitUntil: true,
  now: true,
  monotonic: true,
  random: true,
};

/** What `opts` and `build`'s options say of the token cache. What the code says wins. */
export function cacheOptions(options: TokenBuildOptions, opts: CacheOptions): CacheOptions {
  const given = Object.entries(options).filter(([name]) => Object.hasOwn(CACHE_NAMES, name));
  return { ...opts, ...Object.fromEntries(given) };
}

/**
 * The token in `apikey`, and how it is sent.
 *
 * @param what - Names the token in errors.
 * @throws {@link ConfigurationError} without one, and for every other field that is wrong.
 */
export function givenToken(fields: CredentialFields, options: TokenBuildOptions, what: string) {
  const read = { needs: { apikey: what }, uses: ['authHeader', 'tokenFormat'], opts: CACHE_OPTS } as const;
  const { apikey: token, authHeader: header, tokenFormat: format, opts } = parseCredentialFields(fields, read);
  return { token, own: { header, format, ...cacheOptions(options, opts) } };
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
}: Pick<LifetimeFields, 'timeToNextRequest'>): Pick<TokenAuthenticatorOptions, 'timeToNextRequestMs'> {
  return { timeToNextRequestMs: seconds === 0 ? Number.POSITIVE_INFINITY : seconds * 1000 };
}

/** A static life where no field says how long, in seconds. */
const DEFAULT_TTL = 3600;

/**
 * Where the answer holds the token and its lifetime, and who says how long it lives.
 *
 * @throws {@link ConfigurationError} for a static life of no seconds.
 */
export function responseOptions(
  fields: LifetimeFields,
  tokenKey: string,
): TokenResponseOptions & { readonly tokenKey: string; readonly expiresInKey: string } {
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
