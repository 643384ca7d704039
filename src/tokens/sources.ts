import type { TokenRequest, TokenSource } from './token.ts';
import { type TokenInput, toToken } from './token-input.ts';

/** Renews a token in your own way. Told the token that is to be replaced, and when to stop. */
export type TokenFunction = (request: TokenRequest) => TokenInput | Promise<TokenInput>;

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
 * A function of your own as a source. It is asked once for everybody who waits, and only when a token is needed.
 *
 * @example
 * new AuthBearer(fromFunction(async ({ previous, signal }) => {
 *   const answer = await fetch(url, { method: 'POST', body: previous?.refreshToken ?? '', signal });
 *   const { token, ttl } = await answer.json();
 *   return { accessToken: token, expiresAt: Date.now() + ttl * 1000 };
 * }));
 */
export function fromFunction(renew: TokenFunction, now?: () => number): TokenSource {
  return { requestToken: async (request) => toToken(await renew(request), now) };
}
