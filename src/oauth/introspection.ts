/**
 * Asks a server what it thinks of a token (RFC 7662). For diagnosis: a resource decides by itself.
 */

import type { Token } from '../tokens/token.ts';
import type { OAuthClient } from './client.ts';
import { malformed, readBody } from './token-response.ts';

/** RFC 7662 §2.2, as the server wrote it: nothing else of it is checked. */
export interface Introspection {
  /** Would the server accept the token? */
  readonly active: boolean;
  readonly scope?: string;
  readonly client_id?: string;
  readonly username?: string;
  readonly token_type?: string;
  /** Seconds since the epoch. */
  readonly exp?: number;
  readonly sub?: string;
  readonly aud?: string | readonly string[];
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
