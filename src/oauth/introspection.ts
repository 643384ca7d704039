/**
 * Asks a server what it thinks of a token (RFC 7662). For diagnosis: a resource decides by itself.
 */

import type { Token } from '../tokens/token.ts';
import type { OAuthClient } from './client.ts';
import { malformed, readBody } from './token-response.ts';

/** The introspection response (RFC 7662 §2.2), unchanged. Only `active` is checked. */
export interface Introspection {
  /** Is the token valid at the server? */
  readonly active: boolean;
  /** The granted scope, separated by spaces. */
  readonly scope?: string;
  /** The client that requested the token. */
  readonly client_id?: string;
  /** The user, in readable form. */
  readonly username?: string;
  /** The type of the token. */
  readonly token_type?: string;
  /** When the token expires, in seconds since the epoch. */
  readonly exp?: number;
  /** The user, as the server identifies them. */
  readonly sub?: string;
  /** The APIs that the token is for. */
  readonly aud?: string | readonly string[];
  /** The issuer. */
  readonly iss?: string;
  readonly [claim: string]: unknown;
}

/**
 * Introspects the access token.
 *
 * @throws {@link TokenEndpointError}; {@link ConfigurationError} where the server has no introspection endpoint.
 */
export async function introspectToken(client: OAuthClient, token: Token, signal: AbortSignal): Promise<Introspection> {
  const form = new URLSearchParams({ token: token.accessToken, token_type_hint: 'access_token' });
  const answer = await client.post('introspectionEndpoint', { form, signal });
  const response = { ...answer, wanted: 'introspection' };
  const body = readBody(response);
  if (!Object.hasOwn(body, 'active') || typeof body.active !== 'boolean') {
    throw malformed(response, "it has no 'active' that is true or false");
  }
  return body as unknown as Introspection;
}
