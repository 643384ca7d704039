import { askSecret, givenSecret } from '../../ask-secret.ts';
import { ConfigurationError } from '../../errors.ts';
import { readOptions, type Shape, secretOption } from '../../options.ts';
import type { SecretOption } from '../../secret.ts';
import { assertSecretText } from '../../secret-text.ts';
import type { Token, TokenRequest } from '../../tokens/token.ts';
import { idTokenValidator } from '../id-token.ts';
import { type OAuthSource, oauthSource } from '../oauth-source.ts';
import { definedText, grantShape } from '../option-shapes.ts';
import { refreshFirst } from '../refresh-first.ts';
import { scopeUnion } from '../scope.ts';
import { type TokenEndpointOptions, tokenEndpoint } from '../token-endpoint.ts';

/** Options of {@link resourceOwnerPassword}. */
export type ResourceOwnerPasswordOptions = TokenEndpointOptions & {
  /** The resource owner's user name. */
  readonly username: string;
  /** The resource owner's password; a function is called for each login. */
  readonly password: SecretOption;
};

const SHAPE: Shape<ResourceOwnerPasswordOptions> = { ...grantShape, username: definedText, password: secretOption };

/**
 * The resource owner password credentials grant (RFC 6749 §4.3).
 *
 * **Don't use it for anything new: RFC 9700 §2.4 forbids it.** It hands the user's password to the client, trains users
 * to type it anywhere, and knows no second factor. It is here for servers that offer nothing else.
 *
 * A refresh token that came with the last token is used first; the password only when the server has finally refused it.
 *
 * @example
 * const source = resourceOwnerPassword({ tokenEndpoint, clientId, username, password });
 * @throws {@link ConfigurationError} naming the option that is missing or contradictory.
 */
export function resourceOwnerPassword(given: ResourceOwnerPasswordOptions): OAuthSource {
  const options = readOptions('resourceOwnerPassword', given, SHAPE);
  const { username } = options;
  if (typeof username !== 'string' || username === '') {
    throw new ConfigurationError("option 'username' takes the name of the resource owner.", { option: 'username' });
  }
  assertSecretText(username, 'the user name');
  const endpoint = tokenEndpoint('resourceOwnerPassword', options, {
    validator: idTokenValidator,
    reserved: ['username', 'password'],
  });
  endpoint.registerSecret('password', givenSecret(options.password, 'the password', assertSecretText));

  async function login({ signal, demand }: TokenRequest): Promise<Token> {
    const password = await askSecret(options.password, 'the password', assertSecretText);
    endpoint.registerSecret('password', password);
    const scope = scopeUnion(options.scope, demand?.scope);
    const parameters = { username, password };
    return endpoint.request({ grantType: 'password', parameters, scope, demand, idToken: {}, signal });
  }

  const proofs = async () => [await askSecret(options.password, 'the password', assertSecretText)];
  return oauthSource(endpoint, {
    ...endpoint.identity(username, proofs),
    ...refreshFirst(endpoint, login),
  });
}
