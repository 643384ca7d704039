import { askSecret } from '../ask-secret.ts';
import { chain } from '../lifecycle/promises.ts';
import { RecentMap } from '../recent-map.ts';
import type { SecretOption } from '../secret.ts';
import type { Token, TokenSource } from './token.ts';

/** Those who come back within it get the same object, and so the header that was made of it. */
const RECENT = 64;

/**
 * A secret that is a function, as a source that is asked for every request.
 *
 * @param what - Names the secret in errors.
 * @param check - Throws for text that cannot be sent.
 */
export function perRequest(
  option: SecretOption,
  what: string,
  check: (value: string, what: string) => void,
): TokenSource {
  const recent = new RecentMap<string, Token>(RECENT);
  const tokenOf = (accessToken: string): Token => {
    const token = recent.get(accessToken) ?? Object.freeze({ accessToken, tokenType: 'Bearer' });
    recent.set(accessToken, token);
    return token;
  };
  return {
    perRequest: (refused) =>
      chain(askSecret(option, what, check), (text) => (text === refused?.accessToken ? refused : tokenOf(text))),
    // For code that asks `tokens` itself, outside of any request.
    requestToken: async () => tokenOf(await askSecret(option, what, check)),
  };
}
