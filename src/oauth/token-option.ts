/**
 * A token that is given to a grant: as text, or as its source.
 */

import { askSecret, givenSecret } from '../ask-secret.ts';
import { CredentialError } from '../errors.ts';
import { isSecret, type SecretOption } from '../secret.ts';
import { assertSecretText } from '../secret-text.ts';
import type { SourceIdentity, Token, TokenSource } from '../tokens/token.ts';
import { TokenCache } from '../tokens/token-cache.ts';

/**
 * A token for another grant: text, a secret, a function; a source, which gets a cache of its own; or the `tokens` of an
 * authenticator, whose cache is shared.
 */
export type TokenOption = SecretOption | TokenSource | TokenCache;

/** Gives the text of the token. */
export interface TokenSupply {
  /** Whose token it is, where that is known. */
  readonly identity?: SourceIdentity;
  get(): Promise<string>;
  /** Another one for a token that was refused; the same one when there is nothing better. */
  renew(refused: string): Promise<string>;
}

/**
 * @param what - Names the token in errors.
 * @param register - Registers the text with the credential filter.
 * @throws {@link CredentialError} for text that cannot be sent.
 */
export function tokenSupply(option: TokenOption, what: string, register: (text: string) => void): TokenSupply {
  const told = (text: string) => {
    register(text);
    return text;
  };
  if (isSecretOption(option)) {
    const given = givenSecret(option, what, assertToken);
    if (given !== undefined) register(given);
    const get = async () => told(await askSecret(option, what, assertToken));
    if (given === undefined) return { get, renew: get };
    return { get, renew: async (refused) => refused, identity: { parameters: '', proofs: () => [given] } };
  }
  if (option instanceof TokenCache) return fromCache(option, told);
  const { identity } = option;
  return { ...fromCache(new TokenCache(option), told), ...(identity !== undefined && { identity }) };
}

function isSecretOption(option: TokenOption): option is SecretOption {
  return typeof option === 'string' || typeof option === 'function' || isSecret(option);
}

function fromCache(cache: TokenCache, told: (text: string) => string): TokenSupply {
  let last: Token | undefined;
  const keep = (token: Token) => {
    last = token;
    return told(token.accessToken);
  };
  return {
    get: async () => keep(await cache.get()),
    async renew(refused) {
      if (last?.accessToken !== refused) return refused;
      return keep(await cache.renew(last));
    },
  };
}

function assertToken(value: string, what: string): void {
  if (value === '') throw new CredentialError(`${what} is empty.`);
  assertSecretText(value, what);
}
