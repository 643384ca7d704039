import { AuthOAuth2, type AuthOAuth2Options } from '../authenticators/oauth2.ts';
import { ConfigurationError } from '../errors.ts';
import type { CredentialFields } from '../fields/credential-fields.ts';
import { namingFields } from '../fields/field-names.ts';
import { type ParsedFields, parseCredentialFields, readFields } from '../fields/parse.ts';
import { choice, textOrTexts, texts } from '../fields/values.ts';
import { clientCredentials } from '../oauth/grants/client-credentials.ts';
import { resourceOwnerPassword } from '../oauth/grants/resource-owner-password.ts';
import { jsonBody } from '../oauth/json-body.ts';
import type { TokenSource } from '../tokens/token.ts';
import { buildOptions } from './build-options.ts';
import { commonOptions } from './build-with.ts';
import { builder } from './builder.ts';
import {
  backOffOptions,
  CACHE_OPTS,
  cacheOptions,
  endpointOptions,
  LIFETIME_FIELDS,
  only,
  RESPONSE_OPTS,
  responseOptions,
  type TokenBuildOptions,
} from './token-options.ts';

/**
 * The arguments of `AuthOAuth2` from the fields that begin with `oauth2`. `oauth2Type` says which grant: client
 * credentials, or the resource owner's password.
 *
 * @example
 * new AuthTenant(...oauth2Arguments(fields, options));
 * @throws {@link ConfigurationError} naming the fields that are missing, wrong or unknown.
 */
export function oauth2Arguments(
  fields: CredentialFields,
  given?: TokenBuildOptions,
): [source: TokenSource, options: AuthOAuth2Options] {
  const options = buildOptions('oauth2Arguments', given);
  const { oauth2Type } = readFields(fields, ['oauth2Type']);
  if (oauth2Type === 'None') {
    throw new ConfigurationError("field 'oauth2Type' is None: set it to ClientCredentials or ResourceOwner.", {
      option: 'oauth2Type',
    });
  }
  const { source, client } = oauth2Type === 'ClientCredentials' ? asClient(fields, options) : asOwner(fields, options);
  const { oauth2TokenLabel: header, oauth2TokenFormat: format } = client;
  const { scopeStepUp } = client.opts;
  const own = {
    header,
    format,
    ...cacheOptions(options, only(CACHE_OPTS, client.opts)),
    ...stepUpOptions(options, scopeStepUp),
    ...backOffOptions(client),
  };
  return [source, { ...own, ...commonOptions(fields, options) }];
}

export const oauth2 = builder(
  AuthOAuth2,
  'OAuth 2.0',
  (fields, options: TokenBuildOptions) => new AuthOAuth2(...oauth2Arguments(fields, options)),
);

/** What the code says wins. */
function stepUpOptions(
  { scopeStepUp, onStepUp }: TokenBuildOptions,
  said: AuthOAuth2Options['scopeStepUp'],
): Pick<AuthOAuth2Options, 'scopeStepUp' | 'onStepUp'> {
  const wanted = scopeStepUp ?? said;
  return { ...(wanted !== undefined && { scopeStepUp: wanted }), ...(onStepUp !== undefined && { onStepUp }) };
}

/** What the grant takes as it is. */
export const REQUEST_OPTS = {
  audience: textOrTexts,
  resource: textOrTexts,
  ...RESPONSE_OPTS,
};

/** How the parameters of a token request are written. */
export const bodyFormat = choice('form', 'json');

const OPTS = {
  ...CACHE_OPTS,
  ...REQUEST_OPTS,
  scopeStepUp: textOrTexts,
  parameters: texts,
  headers: texts,
  bodyFormat,
};

const CLIENT = {
  oauth2TokenURL: "the token endpoint's URL",
  oauth2ClientId: 'the client identifier',
  oauth2ClientSecret: 'the client secret',
} as const;

const CLIENT_USES = [
  'oauth2AuthType',
  'oauth2TokenKey',
  'oauth2TokenLabel',
  'oauth2TokenFormat',
  ...LIFETIME_FIELDS,
] as const;

function asClient(fields: CredentialFields, options: TokenBuildOptions) {
  const client = parseCredentialFields(fields, {
    needs: CLIENT,
    uses: [...CLIENT_USES, 'oauth2ClientCredentialsScope'],
    opts: OPTS,
  });
  const own = { ...clientOptions(client, options), scope: client.oauth2ClientCredentialsScope };
  return { client, source: namingFields(OPTION_FIELDS, () => clientCredentials(own)) };
}

function asOwner(fields: CredentialFields, options: TokenBuildOptions) {
  const client = parseCredentialFields(fields, {
    needs: {
      ...CLIENT,
      oauth2ResourceOwnerUsername: "the resource owner's name",
      oauth2ResourceOwnerPassword: "the resource owner's password",
    },
    uses: [...CLIENT_USES, 'oauth2ResourceOwnerScope', 'oauth2ResourceOwnerAdditionalParams'],
    opts: OPTS,
  });
  const common = clientOptions(client, options);
  const own = {
    ...common,
    username: client.oauth2ResourceOwnerUsername,
    password: client.oauth2ResourceOwnerPassword,
    scope: client.oauth2ResourceOwnerScope,
    parameters: { ...common.parameters, ...Object.fromEntries(client.oauth2ResourceOwnerAdditionalParams ?? []) },
  };
  const names = { ...OPTION_FIELDS, parameters: 'oauth2ResourceOwnerAdditionalParams' };
  return { client, source: namingFields(names, () => resourceOwnerPassword(own)) };
}

/** Where the options of a grant come from. */
const OPTION_FIELDS = { tokenEndpoint: 'oauth2TokenURL', parameters: 'opts', audience: 'opts', resource: 'opts' };

function clientOptions(client: ClientFields, options: TokenBuildOptions) {
  const { parameters, headers, bodyFormat: format } = client.opts;
  return {
    tokenEndpoint: client.oauth2TokenURL,
    clientId: client.oauth2ClientId,
    clientSecret: client.oauth2ClientSecret,
    clientAuthentication: AUTHENTICATION[client.oauth2AuthType],
    ...(parameters !== undefined && { parameters: Object.fromEntries(parameters) }),
    ...(headers !== undefined && { headers: Object.fromEntries(headers) }),
    ...(format === 'json' && { encodeBody: jsonBody }),
    ...responseOptions(client, client.oauth2TokenKey),
    ...only(REQUEST_OPTS, client.opts),
    ...endpointOptions(options),
  };
}

const AUTHENTICATION = { basic_auth: 'client_secret_basic', post_body: 'client_secret_post' } as const;

type ClientFields = ParsedFields<(typeof CLIENT_USES)[number], keyof typeof CLIENT, typeof OPTS>;
