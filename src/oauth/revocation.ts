/**
 * Tells a server that a token is no longer wanted (RFC 7009).
 */

import { TokenEndpointError } from '../errors.ts';
import type { Token } from '../tokens/token.ts';
import type { OAuthClient } from './client.ts';
import { readBody } from './token-response.ts';

/** RFC 7009 §2.2.1: a 503 means that the token still exists, and that one should try again. */
const TRIES = 3;
const RETRY_MS = 1000;
const LONGEST_RETRY_MS = 10_000;

type Hint = 'refresh_token' | 'access_token';

/**
 * Revokes the refresh token, which ends what has been made of it where the server does as it should, then the access
 * token.
 *
 * @throws {@link TokenEndpointError} for the first of them that may live on; the other one has been tried nevertheless.
 * {@link ConfigurationError} where the server has no revocation endpoint.
 */
export async function revokeToken(client: OAuthClient, token: Token, signal: AbortSignal): Promise<void> {
  const failures: unknown[] = [];
  const tokens: readonly [Hint, string | undefined][] = [
    ['refresh_token', token.refreshToken],
    ['access_token', token.accessToken],
  ];
  for (const [hint, value] of tokens) {
    if (value === undefined) continue;
    await revokeOne(client, value, hint, signal).catch((error: unknown) => failures.push(error));
  }
  if (failures.length > 0) throw failures[0];
}

async function revokeOne(client: OAuthClient, value: string, hint: Hint, signal: AbortSignal): Promise<void> {
  client.registerSecret(`revoked.${hint}`, value);
  for (let left = TRIES - 1; ; left -= 1) {
    try {
      return await ask(client, value, hint, signal);
    } catch (error) {
      if (isBeyondIt(error, hint)) return;
      if (left === 0 || !(error instanceof TokenEndpointError) || error.status !== 503) throw error;
      const { retryAt = client.now() + RETRY_MS } = error;
      await client.wait(Math.min(Math.max(retryAt - client.now(), 0), LONGEST_RETRY_MS), signal);
    }
  }
}

/** A server that knows the token no more, or never did, answers as if it had revoked it (RFC 7009 §2.2). */
async function ask(client: OAuthClient, value: string, hint: Hint, signal: AbortSignal): Promise<void> {
  const form = new URLSearchParams({ token: value, token_type_hint: hint });
  const response = await client.post('revocationEndpoint', { form, signal });
  if (response.status >= 200 && response.status <= 299) return;
  readBody({ ...response, wanted: 'revocation' });
}

/** Access tokens that nobody keeps cannot be taken back: they end by themselves. */
function isBeyondIt(error: unknown, hint: Hint): boolean {
  return hint === 'access_token' && error instanceof TokenEndpointError && error.error === 'unsupported_token_type';
}
