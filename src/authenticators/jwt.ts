import { givenSecret } from '../ask-secret.ts';
import { CredentialError } from '../errors.ts';
import { assertHeaderValue } from '../header-value.ts';
import { pickOptions, readOptions, type Shape, secretOption } from '../options.ts';
import type { SecretOption } from '../secret.ts';
import { perRequest } from '../tokens/per-request.ts';
import { staticToken } from '../tokens/sources.ts';
import { TokenAuthenticator, type TokenAuthenticatorOptions } from '../tokens/token-authenticator.ts';
import { toToken } from '../tokens/token-input.ts';
import { tokenShape } from '../tokens/token-shape.ts';

/** Options of {@link AuthJwt}. */
export interface AuthJwtOptions extends Omit<TokenAuthenticatorOptions, 'token'> {
  /**
   * The JWT, or a function, which is asked for every request: it may give each user their own. For one token that all
   * share and that is costly to get, take `AuthBearer`: with a function, nothing is kept here, and the options of the token
   * cache have no effect.
   */
  readonly token: SecretOption;
}

const SHAPE: Shape<AuthJwtOptions> = { ...tokenShape, token: secretOption };

/**
 * A JWT that you have or can get. It is sent as it is, expired or not: only the server can verify it.
 *
 * @example
 * const api = axios.create({ baseURL: 'https://api.example.com' });
 * api.interceptors.request.use(axiosAuth(new AuthJwt({ token: () => readToken() })));
 * @throws {@link ConfigurationError} naming the option that is wrong, {@link CredentialError} for a token that cannot be
 * sent.
 */
export class AuthJwt extends TokenAuthenticator {
  constructor(given: AuthJwtOptions) {
    const { token, ...others } = (new.target === AuthJwt ? readOptions : pickOptions)<AuthJwtOptions>(
      'AuthJwt',
      given,
      SHAPE,
    );
    const text = givenSecret(token, 'the JWT', check);
    if (text === undefined) super(perRequest(token, 'the JWT', check), others);
    else super(staticToken(text), { ...others, token: toToken(text) });
  }

  static override getName(): string {
    return 'AuthJwt';
  }
}

function check(token: string, what: string): void {
  if (token === '') throw new CredentialError(`${what} is empty.`);
  assertHeaderValue(token, what);
}
