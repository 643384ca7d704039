import { isAuthError, type TokenEndpointError } from '../errors.ts';
import { classify } from '../tokens/back-off.ts';
import type { Keeper } from '../tokens/keeping.ts';
import { sendsRefreshTokens } from '../tokens/refresh-tokens.ts';
import type { Token, TokenRequest, TokenSource } from '../tokens/token.ts';
import { scopeUnion } from './scope.ts';
import type { TokenEndpoint } from './token-endpoint.ts';

/** Asks for a new token in exchange for a refresh token (RFC 6749 §6). */
export async function refresh(
  endpoint: TokenEndpoint,
  refreshToken: string,
  { previous, signal, demand, present }: TokenRequest,
  scope: readonly string[],
): Promise<Token> {
  endpoint.registerSecret('refreshToken', refreshToken);
  const parameters = { refresh_token: refreshToken };
  const idToken = { previous: previous?.idToken };
  const beforeSend = present && (() => present(refreshToken));
  const request = { grantType: 'refresh_token', parameters, scope, demand, idToken, signal };
  const token = await endpoint.request({ ...request, ...(beforeSend && { beforeSend }) });
  const kept = token.scope ?? previous?.scope;
  return { refreshToken, ...token, ...(kept !== undefined && { scope: kept }) };
}

/**
 * Uses the refresh token of the last token, and logs in only where there is none, where the server has finally refused
 * it, or where only a new login can meet the demand. To be spread into the source.
 */
export function refreshFirst(
  endpoint: TokenEndpoint,
  login: (request: TokenRequest, refusal?: unknown) => Promise<Token>,
): Pick<TokenSource, 'requestToken'> & Keeper {
  async function requestToken(request: TokenRequest): Promise<Token> {
    const known = request.previous?.refreshToken;
    if (known === undefined || isStepUp(request)) return login(request);
    try {
      return await refresh(endpoint, known, request, scopeForRefresh(request));
    } catch (error) {
      if (isRefused(error)) return login(request, error);
      throw error;
    }
  }
  return { ...sendsRefreshTokens, requestToken };
}

/** RFC 9470: how and when somebody logged in does not change by refreshing. */
function isStepUp({ demand }: TokenRequest): boolean {
  return demand?.acrValues !== undefined || demand?.maxAgeMs !== undefined;
}

/** Without a demand the refreshed token keeps its scope; with one it asks for both. */
function scopeForRefresh({ previous, demand }: TokenRequest): string[] {
  return demand?.scope === undefined ? [] : scopeUnion(previous?.scope, demand.scope);
}

/** The refresh token is at fault, or what came for it. A client that is refused would be refused at the login as well. */
function isRefused(error: unknown): boolean {
  if (!isAuthError(error) || !classify(error).terminal) return false;
  if (error.code === 'ERR_AUTH_REFUSED') return true;
  return error.code === 'ERR_AUTH_TOKEN_ENDPOINT' && (error as TokenEndpointError).error !== 'invalid_client';
}
