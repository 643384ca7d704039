import { CredentialError } from '../errors.ts';
import { isSecret, reveal, type Secret } from '../secret.ts';
import { expiryTime } from './expires-at.ts';
import type { Token } from './token.ts';

/** A token with what people have at hand in place of exact types. */
export interface LooseToken extends Omit<Token, 'tokenType' | 'expiresAt'> {
  /** Default: `Bearer`. */
  readonly tokenType?: string;
  /**
   * A `Date`, ISO 8601 text with an offset, or a number: seconds since the epoch below 1e11, milliseconds above. Absent or
   * `undefined`: the token is used until it is refused.
   */
  readonly expiresAt?: Date | string | number | undefined;
}

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
  if (typeof input === 'string' || isSecret(input)) return { accessToken: textOf(reveal(input)), tokenType: 'Bearer' };
  if (typeof input === 'object' && input !== null) {
    if ('accessToken' in input) return exact(input);
    if ('access_token' in input) return exact(read(input, now));
  }
  throw new CredentialError(
    'A token must be text, a Secret, an object with an accessToken, or a token answer with an access_token, got ' +
      `${input === null ? 'null' : typeof input}.`,
  );
}

function exact({ tokenType = 'Bearer', expiresAt, ...token }: LooseToken): Token {
  const time = expiryTime(expiresAt);
  return {
    ...token,
    accessToken: textOf(token.accessToken),
    tokenType,
    ...(time !== undefined && { expiresAt: time }),
  };
}

function read(answer: TokenAnswer, now: () => number): LooseToken {
  const { access_token: accessToken, token_type: tokenType, refresh_token: refreshToken, id_token: idToken } = answer;
  const { expires_in: expiresIn, scope } = answer;
  const seconds = Number(expiresIn ?? Number.NaN);
  if (expiresIn !== undefined && expiresIn !== null && !(seconds >= 0)) {
    throw new CredentialError("a token answer's expires_in must be a number of seconds.");
  }
  return {
    accessToken,
    ...(tokenType ? { tokenType } : {}),
    ...(seconds >= 0 && { expiresAt: new Date(now() + seconds * 1000) }),
    ...(refreshToken ? { refreshToken } : {}),
    ...(idToken ? { idToken } : {}),
    ...(typeof scope === 'string' && { scope: scope.split(' ').filter((one) => one !== '') }),
  };
}

function textOf(accessToken: unknown): string {
  if (typeof accessToken === 'string' && accessToken !== '') return accessToken;
  throw new CredentialError(
    `A token must hold text that is not empty, got ${accessToken === '' ? 'empty text' : typeof accessToken}.`,
  );
}
