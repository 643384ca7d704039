import { readOptions } from '../../options.ts';
import { type OAuthSource, oauthSource } from '../oauth-source.ts';
import { grantShape } from '../option-shapes.ts';
import { scopeUnion } from '../scope.ts';
import { type TokenEndpointOptions, tokenEndpoint } from '../token-endpoint.ts';

/** Options of {@link clientCredentials}. */
export type ClientCredentialsOptions = TokenEndpointOptions;

/**
 * The client credentials grant (RFC 6749 §4.4): the client itself is the user.
 *
 * @example
 * const source = clientCredentials({ tokenEndpoint, clientId, clientSecret, scope: 'reports:read' });
 * const auth = new AuthOAuth2(source);
 * @throws {@link ConfigurationError} naming the option that is missing or contradictory.
 */
export function clientCredentials(given: ClientCredentialsOptions): OAuthSource {
  const options = readOptions('clientCredentials', given, grantShape);
  const endpoint = tokenEndpoint('clientCredentials', options);
  return oauthSource(endpoint, {
    ...endpoint.identity(undefined, endpoint.client.proofs),
    requestToken: ({ signal, demand }) =>
      endpoint.request({
        grantType: 'client_credentials',
        scope: scopeUnion(options.scope, demand?.scope),
        demand,
        signal,
      }),
  });
}
