import { CredentialError } from '../errors.ts';
import { isSecret, reveal, type Secret } from '../secret.ts';
import { defined } from './defined.ts';
import { copyToken } from './held-token.ts';
import type { LooseToken, Token } from './token.ts';

/** The response of a token endpoint, unchanged (RFC 6749 §5.1). */
export interface TokenAnswer {
  /** The access token. */
  readonly access_token: string;
  /** The type of the token. Default: `Bearer`. */
  readonly token_type?: string;
  /** The lifetime in seconds, as a number or text. */
  readonly expires_in?: number | string;
  /** The refresh token (RFC 6749 §6). */
  readonly refresh_token?: string;
  /** The ID token (OpenID Connect Core §3.1.3.3). */
  readonly id_token?: string;
  /** The granted scope, separated by spaces. */
  readonly scope?: string;
}

/** A token as users give it: the bare access token, what is known of it, or a token endpoint's answer. */
export type TokenInput = string | Secret | LooseToken | TokenAnswer;

/**
 * Makes a {@link Token} of it.
 *
 * @param now - The wall clock, in milliseconds since the epoch: `expires_in` counts from now.
 * @throws {@link CredentialError} when there is no access token, or when it expires at a time that cannot be read.
 */
export function toToken(input: TokenInput, now: () => number = Date.now): Token {
  if (typeof input === 'string' || isSecret(input)) return copyToken({ accessToken: reveal(input) });
  const isAnswer = typeof input === 'object' && input !== null && 'access_token' in input;
  return copyToken(isAnswer ? read(input, now) : input);
}

function read(answer: TokenAnswer, now: () => number): LooseToken {
  const { access_token: accessToken, token_type, expires_in: expiresIn, refresh_token, id_token, scope } = answer;
  const seconds = Number(expiresIn ?? Number.NaN);
  if (expiresIn !== undefined && expiresIn !== null && !(seconds >= 0)) {
    throw new CredentialError("a token answer's expires_in must be a number of seconds.");
  }
  return defined<LooseToken>({
    accessToken,
    tokenType: token_type || undefined,
    expiresAt: seconds >= 0 ? new Date(now() + seconds * 1000) : undefined,
    refreshToken: refresh_token,
    idToken: id_token,
    scope: typeof scope === 'string' ? scope.split(' ').filter((one) => one !== '') : undefined,
  });
}
