import { ConfigurationError } from '../errors.ts';
import type { CredentialFields } from '../fields/credential-fields.ts';
import { choiceField, jsonField, requiredSecretField, requiredTextField, textField } from '../fields/read.ts';
import { buildWith } from '../lifecycle/build.ts';
import {
  backOffOptions,
  endpointOptions,
  responseOptions,
  type TokenBuildOptions,
  tokenOptions,
} from '../oauth/build-options.ts';
import { clientCredentials } from '../oauth/grants/client-credentials.ts';
import { resourceOwnerPassword } from '../oauth/grants/resource-owner-password.ts';
import { ResourceAuthenticator, type ResourceAuthenticatorOptions } from '../oauth/resource-authenticator.ts';
import type { TokenEndpointOptions } from '../oauth/token-endpoint.ts';
import type { TokenSource } from '../tokens/token.ts';

export type AuthOAuth2Options = ResourceAuthenticatorOptions;

/**
 * OAuth 2.0 access tokens from any grant.
 *
 * @example
 * const auth = new AuthOAuth2(clientCredentials({ tokenEndpoint, clientId, clientSecret, scope: 'reports:read' }));
 */
export class AuthOAuth2 extends ResourceAuthenticator {
  constructor(source: TokenSource, options: AuthOAuth2Options = {}) {
    if (typeof source?.requestToken !== 'function') {
      throw new ConfigurationError('AuthOAuth2 takes a grant, such as clientCredentials({ … }).');
    }
    super(source, options);
  }

  static override getName(): string {
    return 'AuthOAuth2';
  }

  static getDesc(): string {
    return 'OAuth 2.0';
  }

  static build(fields: CredentialFields, options: TokenBuildOptions = {}): AuthOAuth2 {
    const source = grantOf(fields, options);
    const own = {
      ...tokenOptions(fields, options, { header: 'oauth2TokenLabel', format: 'oauth2TokenFormat' }),
      ...backOffOptions(fields),
    };
    return buildWith(fields, options, (common) => new AuthOAuth2(source, { ...own, ...common }));
  }
}

function grantOf(fields: CredentialFields, options: TokenBuildOptions): TokenSource {
  const type = choiceField(fields, 'oauth2Type', ['None', 'ClientCredentials', 'ResourceOwner']);
  if (type === 'None') {
    throw new ConfigurationError("field 'oauth2Type' is None: set it to ClientCredentials or ResourceOwner.", {
      option: 'oauth2Type',
    });
  }
  const client = clientOf(fields, options);
  if (type === 'ClientCredentials') {
    return clientCredentials({ ...client, scope: textField(fields, 'oauth2ClientCredentialsScope') });
  }
  return resourceOwnerPassword({
    ...client,
    username: requiredTextField(fields, 'oauth2ResourceOwnerUsername', "the resource owner's name"),
    password: requiredSecretField(fields, 'oauth2ResourceOwnerPassword', "the resource owner's password"),
    scope: textField(fields, 'oauth2ResourceOwnerScope'),
    parameters: jsonField(fields, 'oauth2ResourceOwnerAdditionalParams'),
  });
}

function clientOf(fields: CredentialFields, options: TokenBuildOptions): TokenEndpointOptions {
  const method = choiceField(fields, 'oauth2AuthType', ['basic_auth', 'post_body']);
  return {
    tokenEndpoint: requiredTextField(fields, 'oauth2TokenURL', "the token endpoint's URL"),
    clientId: requiredTextField(fields, 'oauth2ClientId', 'the client identifier'),
    clientSecret: requiredSecretField(fields, 'oauth2ClientSecret', 'the client secret'),
    clientAuthentication: method === 'basic_auth' ? 'client_secret_basic' : 'client_secret_post',
    ...responseOptions(fields, 'oauth2TokenKey'),
    ...endpointOptions(options),
  };
}
