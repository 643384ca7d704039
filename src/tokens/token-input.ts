import { CredentialError } from '../errors.ts';
import { isSecret, reveal, type Secret } from '../secret.ts';
import type { Token } from './token.ts';

/** A token as users give it: the bare access token, or what is known of it. */
export type TokenInput = string | Secret | (Omit<Token, 'tokenType'> & { readonly tokenType?: string });

/**
 * Makes a {@link Token} of it; `tokenType` defaults to `Bearer`.
 *
 * @throws {@link CredentialError} when there is no access token.
 */
export function toToken(input: TokenInput): Token {
  if (typeof input === 'string' || isSecret(input)) return bearer(reveal(input));
  if (typeof input === 'object' && input !== null && typeof input.accessToken === 'string') {
    return { ...input, ...bearer(input.accessToken), tokenType: input.tokenType ?? 'Bearer' };
  }
  throw new CredentialError(
    `A token must be a non-empty string or an object with an accessToken, not ${input === null ? 'null' : typeof input}.`,
  );
}

function bearer(accessToken: string): Token {
  if (accessToken === '') throw new CredentialError('A token must not be empty.');
  return { accessToken, tokenType: 'Bearer' };
}
