import { ConfigurationError } from '../errors.ts';
import { anything, joinOptions, pickOptions, readOptions, type Shape } from '../options.ts';
import { isSecret, type Secret } from '../secret.ts';
import { fromFunction, staticToken, type TokenFunction } from '../tokens/sources.ts';
import type { TokenSource } from '../tokens/token.ts';
import { TokenAuthenticator, type TokenAuthenticatorOptions } from '../tokens/token-authenticator.ts';
import { type TokenInput, toToken } from '../tokens/token-input.ts';
import { tokenShape } from '../tokens/token-shape.ts';

/** Options of {@link AuthBearer}. */
export interface AuthBearerOptions extends Omit<TokenAuthenticatorOptions, 'token'> {
  /**
   * The first token. The source is asked once it has expired or was refused. Default: none, the source is asked at
   * once.
   */
  readonly token?: TokenInput;
}

/** What a token must be, its reader says. */
const SHAPE: Shape<AuthBearerOptions> = { ...tokenShape, token: { ...anything, defined: true } };

/**
 * Bearer tokens (RFC 6750): one that you have, or those of a function or any other source. The function returns text, a
 * token, or a token endpoint's answer as it came. It is asked when there is no token, when the token has expired, and when
 * a server has refused it; one answer serves everybody who uses the authenticator. A token for each user takes `AuthJwt`
 * with a function, or `AuthForward`. A function that sends refresh tokens takes {@link withRefreshTokens}.
 *
 * @example
 * const auth = new AuthBearer(async ({ signal }) => requestToken(signal));
 * const refreshing = new AuthBearer(withRefreshTokens(({ previous, signal }) => renew(previous, signal)), { token: first });
 * const fixed = new AuthBearer(process.env.API_TOKEN ?? '');
 * @throws {@link ConfigurationError} naming the option that is wrong, {@link CredentialError} for a token that cannot be
 * sent.
 */
export class AuthBearer extends TokenAuthenticator {
  constructor(source: string | Secret | TokenFunction | TokenSource, given: AuthBearerOptions = {}) {
    const options = (new.target === AuthBearer ? readOptions : pickOptions)<AuthBearerOptions>(
      'AuthBearer',
      given,
      SHAPE,
    );
    const { token, now } = options;
    if (isText(source)) {
      if (token !== undefined) throw twoTokens();
      super(staticToken(source), joinOptions(options, { token: toToken(source) }));
    } else {
      const first = token === undefined ? {} : { token: toToken(token, now) };
      super(sourceOf(source, now), joinOptions(options, first) as TokenAuthenticatorOptions);
    }
  }

  static override getName(): string {
    return 'AuthBearer';
  }
}

function isText(source: unknown): source is string | Secret {
  return typeof source === 'string' || isSecret(source);
}

function sourceOf(source: TokenFunction | TokenSource, now: (() => number) | undefined): TokenSource {
  if (typeof source === 'function') return fromFunction(source, now);
  if (typeof source?.requestToken === 'function') return source;
  throw new ConfigurationError(
    'AuthBearer takes a token as text or Secret, a function that returns one, or a token source such as staticToken(token), got ' +
      `${source === null ? 'null' : typeof source}.`,
  );
}

function twoTokens(): ConfigurationError {
  return new ConfigurationError("AuthBearer takes its token as the first argument or in option 'token', not in both.", {
    option: 'token',
  });
}
