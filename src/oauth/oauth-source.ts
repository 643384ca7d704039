import { understandClaims } from '../tokens/claims.ts';
import { outliveFor } from '../tokens/outlive.ts';
import type { Token, TokenSource } from '../tokens/token.ts';
import type { IdTokenClaims } from './id-token.ts';
import { type Introspection, introspectToken } from './introspection.ts';
import { revokeToken } from './revocation.ts';
import type { TokenEndpoint } from './token-endpoint.ts';

/** A source of tokens that knows the authorization server they come from. */
export interface OAuthSource extends TokenSource {
  /** Answers may call the type of a token whatever they like: who sends it has a format. */
  allowAnyTokenType(): void;
  /** RFC 7009: the refresh token first. */
  revoke(token: Token, signal: AbortSignal): Promise<void>;
  /** RFC 7662. */
  introspect(token: Token, signal: AbortSignal): Promise<Introspection>;
  /** What the ID token claims; `undefined` without one, and where it was not validated. */
  claims(token: Token): IdTokenClaims | undefined;
}

/** Adds to a grant what can be done with its tokens later on. */
export function oauthSource(endpoint: TokenEndpoint, source: TokenSource): OAuthSource {
  const { client, dpop, idTokens } = endpoint;
  understandClaims();
  return {
    ...source,
    presents: true,
    requestToken: (request) => outliveFor(request, () => source.requestToken(request), client.now),
    ...(dpop !== undefined && { proof: dpop }),
    allowAnyTokenType: endpoint.allowAnyTokenType,
    revoke: (token, signal) => revokeToken(client, token, signal),
    introspect: (token, signal) => introspectToken(client, token, signal),
    claims: ({ idToken }) => (idToken === undefined ? undefined : idTokens?.claims(idToken)),
  };
}
