/**
 * What `build` of the authenticators that keep a token has in common.
 */

import { ConfigurationError } from '../errors.ts';
import type { CredentialFields } from '../fields/credential-fields.ts';
import {
  choiceField,
  type FieldName,
  formatField,
  headerField,
  isSet,
  numberField,
  textField,
} from '../fields/read.ts';
import type { AuthenticatorOptions } from '../lifecycle/contract.ts';
import type { BuildOptions } from '../lifecycle/registry.ts';
import type { EndpointCallOptions } from './call-endpoint.ts';
import { keyPath } from './key-path.ts';
import type { ResourceAuthenticatorOptions } from './resource-authenticator.ts';
import type { TokenResponseOptions } from './token-response.ts';

/** What `build` takes for authenticators that keep a token: their options, without what fields say. */
export interface TokenBuildOptions
  extends BuildOptions,
    Omit<ResourceAuthenticatorOptions, keyof AuthenticatorOptions | 'header' | 'format' | 'random'> {
  /** Allows http to other machines: whoever is on the way reads the secrets. Default: `false`. */
  readonly allowInsecureRequests?: boolean;
}

/**
 * The options of the token cache and the header, out of `build`'s options and the fields named.
 *
 * @throws {@link ConfigurationError} naming the field that is wrong.
 */
export function tokenOptions(
  fields: CredentialFields,
  { fetch, transport, allowInsecureRequests, ...options }: TokenBuildOptions,
  names: { readonly header: FieldName; readonly format: FieldName },
): ResourceAuthenticatorOptions {
  return { ...options, header: headerField(fields, names.header), format: formatField(fields, names.format) };
}

/** How long to wait after a failed login. Zero is for ever: a wrong password is not tried twice. */
export function backOffOptions(fields: CredentialFields): Pick<ResourceAuthenticatorOptions, 'timeToNextRequestMs'> {
  const seconds = numberField(fields, 'timeToNextRequest');
  return { timeToNextRequestMs: seconds === 0 ? Number.POSITIVE_INFINITY : seconds * 1000 };
}

/**
 * Where the answer holds the token and its lifetime, and who says how long it lives.
 *
 * @throws {@link ConfigurationError} naming the field that is wrong.
 */
export function responseOptions(fields: CredentialFields, tokenKey: FieldName): TokenResponseOptions {
  const refresh = choiceField(fields, 'tokenAuthRefresh', ['tokenAuthRefreshDynamic', 'tokenAuthRefreshStatic']);
  const ttlMs = numberField(fields, 'tokenRefreshTTL') * 1000;
  const expiry = refresh === 'tokenAuthRefreshStatic' ? 'static' : 'dynamic';
  if (expiry === 'static' && ttlMs === 0) {
    throw new ConfigurationError("field 'tokenRefreshTTL' must be above 0 for tokenAuthRefreshStatic.", {
      option: 'tokenRefreshTTL',
    });
  }
  const isFallBack = isSet(fields, 'tokenRefreshTTL') && ttlMs > 0;
  return {
    tokenKey: path(fields, tokenKey),
    expiresInKey: path(fields, 'tokenExpiresInSelector'),
    expiry,
    ...((expiry === 'static' || isFallBack) && { ttlMs }),
  };
}

function path(fields: CredentialFields, name: FieldName): string {
  const text = textField(fields, name);
  keyPath(text, name);
  return text;
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
