import { askSecret, givenSecret } from '../../ask-secret.ts';
import { CredentialError, LoginRequiredError } from '../../errors.ts';
import { readOptions, type Shape, secretOption } from '../../options.ts';
import type { SecretOption } from '../../secret.ts';
import { assertSecretText } from '../../secret-text.ts';
import { sendsRefreshTokens } from '../../tokens/refresh-tokens.ts';
import { askAgain } from '../ask-again.ts';
import { idTokenValidator } from '../id-token.ts';
import { type OAuthSource, oauthSource } from '../oauth-source.ts';
import { grantShape } from '../option-shapes.ts';
import { refresh } from '../refresh-first.ts';
import { scopeUnion } from '../scope.ts';
import { type TokenEndpointOptions, tokenEndpoint } from '../token-endpoint.ts';

/** Options of {@link refreshToken}. */
export type RefreshTokenOptions = TokenEndpointOptions & {
  /**
   * The first refresh token. One that came with the last token replaces it. A function is called again when the server
   * has refused that with `invalid_grant`, and its answer is used if it is another one. Default: none.
   */
  readonly refreshToken?: SecretOption;
};

const SHAPE: Shape<RefreshTokenOptions> = { ...grantShape, refreshToken: secretOption };

/**
 * The refresh token grant (RFC 6749 §6). A server that returns no new refresh token means that the old one stays good.
 *
 * @example
 * const source = refreshToken({ tokenEndpoint, clientId, refreshToken: first });
 * @throws {@link ConfigurationError} naming the option that is missing or contradictory. The source itself throws
 * {@link LoginRequiredError} when there is no refresh token.
 */
export function refreshToken(given: RefreshTokenOptions): OAuthSource {
  const options = readOptions('refreshToken', given, SHAPE);
  const endpoint = tokenEndpoint('refreshToken', options, { validator: idTokenValidator });
  const { refreshToken: first } = options;
  if (first !== undefined) {
    endpoint.registerSecret('refreshToken', givenSecret(first, 'the refresh token', assertRefreshToken));
  }
  const askFirst = () => (first === undefined ? '' : askSecret(first, 'the refresh token', assertRefreshToken));
  return oauthSource(endpoint, {
    ...endpoint.identity(undefined, firstProofs(first)),
    ...sendsRefreshTokens,
    requestToken(request) {
      let known = request.previous?.refreshToken;
      const ask = async () => {
        const token = known ?? (await askFirst());
        if (typeof first === 'function') known = undefined;
        if (token !== '') return token;
        throw new LoginRequiredError("there is no refresh token: log in again, or give one in option 'refreshToken'.");
      };
      const scope = scopeUnion(options.scope, request.demand?.scope);
      return askAgain('invalid_grant', ask, (token) => refresh(endpoint, token, request, scope));
    },
  });
}

/** A first refresh token that is given as text stands for its user; what a function gives may be another one each time. */
function firstProofs(first: SecretOption | undefined): (() => string[]) | undefined {
  const given = first === undefined ? undefined : givenSecret(first, 'the refresh token', assertRefreshToken);
  return given === undefined ? undefined : () => [given];
}

function assertRefreshToken(value: string, what: string): void {
  if (value === '') throw new CredentialError(`${what} is empty.`);
  assertSecretText(value, what);
}
