/**
 * AuthPkce and AuthDevice from credential fields, as profiles hold them.
 */

import { array, number, pipe, string, transform } from 'valibot';
import { buildOptions } from '../../builders/build-options.ts';
import { commonOptions } from '../../builders/build-with.ts';
import { builder } from '../../builders/builder.ts';
import { bodyFormat, REQUEST_OPTS } from '../../builders/oauth2.ts';
import type { AuthenticatorClass } from '../../builders/registry.ts';
import {
  backOffOptions,
  CACHE_OPTS,
  cacheOptions,
  endpointOptions,
  LIFETIME_FIELDS,
  responseOptions,
  type TokenBuildOptions,
} from '../../builders/token-options.ts';
import { ConfigurationError } from '../../errors.ts';
import { namingFields } from '../../fields/field-names.ts';
import type { OptsEntries } from '../../fields/opts.ts';
import { parseCredentialFields } from '../../fields/parse.ts';
import { isSet } from '../../fields/read.ts';
import {
  readSignInFields,
  SIGN_IN_FIELDS,
  type SignInFields,
  withoutSignInFields,
} from '../../fields/sign-in-fields.ts';
import { amount, flag, text, textOrTexts, texts, url } from '../../fields/values.ts';
import type { Authenticator } from '../../lifecycle/contract.ts';
import type { EndpointOptions } from '../../oauth/authorization-server.ts';
import { jsonBody } from '../../oauth/json-body.ts';
import { joinOptions } from '../../options.ts';
import { credentialStore } from '../stores/credential-store.ts';
import { AuthDevice, type AuthDeviceOptions } from './auth-device.ts';
import { AuthPkce, type AuthPkceOptions } from './auth-pkce.ts';
import { type PersonOptions, personalKey } from './pkce-source.ts';

const { deadlineMs: _, ...CACHE } = CACHE_OPTS;
const address = pipe(
  url,
  transform(({ href }) => href),
);
const record = pipe(
  texts,
  transform((entries) => Object.fromEntries(entries)),
);

const GRANT = {
  ...REQUEST_OPTS,
  parameters: record,
  refreshParameters: record,
  authorizationParameters: record,
  headers: record,
  authorizationEndpoint: address,
  deviceAuthorizationEndpoint: address,
  revocationEndpoint: address,
  jwksUri: address,
  idTokenIssuer: text,
  loginHint: text,
  prompt: text,
};
const BROWSER = {
  redirectUri: text,
  ports: array(number('must be a list of port numbers'), 'must be a list of port numbers'),
  timeoutMs: amount,
  verificationHosts: array(string('must be a list of host names'), 'must be a list of host names'),
};

const USES = [
  'oauth2ClientSecret',
  'oauth2AuthType',
  'oauth2TokenURL',
  'oauth2TokenKey',
  'oauth2TokenLabel',
  'oauth2TokenFormat',
] as const;
const METHODS = { basic_auth: 'client_secret_basic', post_body: 'client_secret_post' } as const;

/** What the field `opts` may hold. */
const OPTS = { ...CACHE, ...GRANT, ...BROWSER, scopeStepUp: textOrTexts, storeKey: text, bodyFormat };

/** Which field an option was taken from. */
const OPTION_FIELDS = {
  issuer: 'issuer',
  scope: 'scope',
  clientId: 'oauth2ClientId',
  clientSecret: 'oauth2ClientSecret',
  tokenEndpoint: 'oauth2TokenURL',
  header: 'oauth2TokenLabel',
  format: 'oauth2TokenFormat',
  ...Object.fromEntries(Object.keys(OPTS).map((name) => [name, 'opts'])),
};

/**
 * The options of `AuthPkce` from the fields: `issuer` (or `oauth2TokenURL`, with the other endpoints in `opts`),
 * `oauth2ClientId`, `scope`, `credentialStore`, and what has no field of its own from `opts`.
 *
 * @throws {@link ConfigurationError} naming the fields that are missing, wrong or unknown.
 */
export function pkceOptions(fields: SignInFields, given?: TokenBuildOptions): AuthPkceOptions {
  return personOptions(fields, buildOptions('pkceOptions', given), { device: flag });
}

/**
 * The options of `AuthDevice` from the fields, which are those of {@link pkceOptions}.
 *
 * @throws {@link ConfigurationError} naming the fields that are missing, wrong or unknown.
 */
export function deviceOptions(fields: SignInFields, given?: TokenBuildOptions): AuthDeviceOptions {
  return personOptions(fields, buildOptions('deviceOptions', given), { preferBrowser: flag });
}

/** `AuthPkce` for `buildAuthenticator`. */
export const pkce = signIn(AuthPkce, 'Sign-in with the browser', pkceOptions);

/** `AuthDevice` for `buildAuthenticator`. */
export const device = signIn(AuthDevice, 'Sign-in on another screen', deviceOptions);

function signIn<A extends Authenticator, Options>(
  target: { readonly prototype: A; getName(): string; new (options: Options): A },
  description: string,
  read: (fields: SignInFields, options: TokenBuildOptions) => Options,
): AuthenticatorClass<A> {
  const make = (fields: SignInFields, options: TokenBuildOptions) =>
    namingFields(OPTION_FIELDS, () => new target(read(fields, options)));
  return { ...builder(target, description, make), fields: SIGN_IN_FIELDS };
}

function personOptions(fields: SignInFields, options: TokenBuildOptions, own: OptsEntries) {
  const { issuer, scope, credentialStore: store } = readSignInFields(fields);
  const { opts, ...read } = parseCredentialFields(withoutSignInFields(fields), {
    needs: { oauth2ClientId: 'the client identifier' },
    uses: [...USES, ...LIFETIME_FIELDS],
    opts: { ...OPTS, ...own },
  });
  const { storeKey, scopeStepUp, skewMs, refreshAheadMs, bodyFormat: format, ...others } = opts;
  const secret = read.oauth2ClientSecret;
  const grant: PersonOptions = {
    ...(server(issuer, read.oauth2TokenURL) as EndpointOptions),
    ...endpointOptions(options),
    ...responseOptions(read, read.oauth2TokenKey),
    ...others,
    ...(format === 'json' && { encodeBody: jsonBody }),
    clientId: read.oauth2ClientId,
    ...(secret !== undefined && { clientSecret: secret, clientAuthentication: METHODS[read.oauth2AuthType] }),
    ...(scope !== '' && { scope }),
  };
  return {
    ...grant,
    // A header or format of one's own changes what a challenge means.
    ...(isSet(fields, 'oauth2TokenLabel') && { header: read.oauth2TokenLabel }),
    ...(isSet(fields, 'oauth2TokenFormat') && { format: read.oauth2TokenFormat }),
    ...(scopeStepUp !== undefined && { scopeStepUp }),
    ...backOffOptions(read),
    store: credentialStore(store),
    // Both ways to sign in, and the command line, share a login.
    storeKey: storeKey ?? personalKey(joinOptions({}, grant)),
    ...cacheOptions(options, {
      ...(skewMs !== undefined && { skewMs }),
      ...(refreshAheadMs !== undefined && { refreshAheadMs }),
    }),
    ...commonOptions(fields, options),
  };
}

/** @throws {@link ConfigurationError} where nobody says where the server is. */
function server(issuer: string, tokenEndpoint: string) {
  if (issuer !== '') return { issuer };
  if (tokenEndpoint !== '') return { tokenEndpoint };
  throw new ConfigurationError(
    "field 'issuer' must be set to the issuer of the authorization server, or 'oauth2TokenURL' and the other endpoints in 'opts'.",
    { option: 'issuer' },
  );
}
