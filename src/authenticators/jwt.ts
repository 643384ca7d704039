import { askSecret, givenSecret } from '../ask-secret.ts';
import { CredentialError } from '../errors.ts';
import { assertHeaderValue } from '../header-value.ts';
import { jwtExpiry } from '../jwt-claims.ts';
import type { SecretOption } from '../secret.ts';
import { staticToken } from '../tokens/sources.ts';
import type { TokenSource } from '../tokens/token.ts';
import { TokenAuthenticator, type TokenAuthenticatorOptions } from '../tokens/token-authenticator.ts';
import { toToken } from '../tokens/token-input.ts';

export interface AuthJwtOptions extends Omit<TokenAuthenticatorOptions, 'token'> {
  /** The JWT, or a function that is asked again when the JWT's `exp` has passed or a server has refused it. */
  readonly token: SecretOption;
}

/**
 * A JWT that you have or can get. Its `exp` is a hint, no proof: nobody has verified it. It says when to ask the
 * function again; a JWT given as text is always sent, and the server decides.
 *
 * @example
 * const api = axios.create({ baseURL: 'https://api.example.com' });
 * api.interceptors.request.use(axiosAuth(new AuthJwt({ token: () => readToken() })));
 * @throws {@link CredentialError} for a token that cannot be sent.
 */
export class AuthJwt extends TokenAuthenticator {
  constructor(options: AuthJwtOptions) {
    const { token, ...others } = options;
    const given = givenSecret(token, 'the JWT', check);
    if (given === undefined) super(asked(token), others);
    else super(staticToken(given), { ...others, token: toToken(given) });
  }

  static override getName(): string {
    return 'AuthJwt';
  }
}

function asked(option: SecretOption): TokenSource {
  return {
    async requestToken() {
      const accessToken = await askSecret(option, 'the JWT', check);
      const expiresAt = jwtExpiry(accessToken);
      return { accessToken, tokenType: 'Bearer', ...(expiresAt !== undefined && expiresAt > 0 && { expiresAt }) };
    },
  };
}

function check(token: string, what: string): void {
  if (token === '') throw new CredentialError(`${what} is empty.`);
  assertHeaderValue(token, what);
}
