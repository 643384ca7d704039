import { causes, isNetworkFault } from './faults.ts';
import { isFault, outliveFor } from './outlive.ts';
import type { Token, TokenRequest, TokenSource } from './token.ts';
import { type TokenInput, toToken } from './token-input.ts';

/** What a function of your own is told: {@link withRefreshTokens} adds the refresh token. */
export interface TokenFunctionRequest extends Omit<TokenRequest, 'previous' | 'present'> {
  /** The token that is to be replaced. */
  readonly previous?: Omit<Token, 'refreshToken'>;
}

/** Renews a token in your own way. Told the token that is to be replaced, and when to stop. */
export type TokenFunction = (request: TokenFunctionRequest) => TokenInput | Promise<TokenInput>;

/**
 * Always the same token: once it is refused there is nothing better.
 *
 * @throws {@link CredentialError} when it is empty.
 * @example
 * new AuthBearer(staticToken(process.env.API_TOKEN ?? ''));
 */
export function staticToken(token: TokenInput): TokenSource {
  const always = toToken(token);
  return { requestToken: async () => always };
}

/**
 * A function of your own as a source. It is asked once for everybody who waits, and only when a token is needed; again, three
 * times in all, after a fault of the network that passes.
 *
 * @example
 * new AuthBearer(fromFunction(async ({ signal }) => {
 *   const answer = await fetch(url, { method: 'POST', signal });
 *   const { token, ttl } = await answer.json();
 *   return { accessToken: token, expiresAt: Date.now() + ttl * 1000 };
 * }));
 */
export function fromFunction(
  renew: (request: TokenRequest) => ReturnType<TokenFunction>,
  now?: () => number,
): TokenSource {
  const passes = (error: unknown) => isFault(error) || isNetworkFault(causes(error));
  return {
    requestToken: (request) => outliveFor(request, async () => toToken(await renew(request), now), now, passes),
  };
}
