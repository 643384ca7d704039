import { ConfigurationError } from '../errors.ts';
import { fromFunction, type TokenFunction } from '../tokens/sources.ts';
import type { TokenSource } from '../tokens/token.ts';
import { TokenAuthenticator, type TokenAuthenticatorOptions } from '../tokens/token-authenticator.ts';
import { type TokenInput, toToken } from '../tokens/token-input.ts';

export interface AuthBearerOptions extends Omit<TokenAuthenticatorOptions, 'token'> {
  /** The token to begin with. The source is asked when it has expired or was refused. */
  readonly token?: TokenInput;
}

/**
 * Bearer tokens (RFC 6750) from any source, or simply from an async function.
 *
 * @example
 * const auth = new AuthBearer(async ({ previous, signal }) => renew(previous, signal), { token: first });
 * @throws {@link CredentialError} for a token that cannot be sent.
 */
export class AuthBearer extends TokenAuthenticator {
  constructor(source: TokenSource | TokenFunction, options: AuthBearerOptions = {}) {
    const { token, ...others } = options;
    if (typeof source !== 'function' && typeof source?.requestToken !== 'function') {
      throw new ConfigurationError('AuthBearer takes a token source or a function that gives a token.');
    }
    const first = token === undefined ? {} : { token: toToken(token) };
    super(typeof source === 'function' ? fromFunction(source) : source, { ...others, ...first });
  }

  static override getName(): string {
    return 'AuthBearer';
  }
}
