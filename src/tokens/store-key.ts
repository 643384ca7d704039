import { ConfigurationError } from '../errors.ts';
import { base64url, proofTag } from './fingerprint.ts';
import type { TokenStore } from './store.ts';
import type { Token, TokenSource } from './token.ts';

/** The record that holds the HMAC key of a store without a `hmacKey` of its own. */
const HMAC_KEY = 'authwire:hmac-key';
const HMAC_BYTES = 32;
/** How often the key is read again because somebody else was faster in making it. */
const TRIES = 3;

/**
 * The key under which a store keeps the tokens of a source: what the user says, else everything that decides whose they
 * are.
 *
 * @throws {@link ConfigurationError} when neither knows whose tokens these are.
 */
export function storeKeyOf(
  source: TokenSource,
  store: TokenStore,
  storeKey: string | undefined,
): () => string | Promise<string> {
  const { identity } = source;
  const key = storeKey ?? identity?.parameters ?? source.storeKey ?? '';
  if (key === '') {
    throw new ConfigurationError(
      "option 'storeKey' must say whose tokens these are: the source cannot know its user (or give it a 'loginHint'), and two users must never share an entry.",
      { option: 'storeKey' },
    );
  }
  const proofs = storeKey === undefined ? identity?.proofs : undefined;
  if (proofs === undefined) return () => key;
  let hmacKey: Promise<Uint8Array> | undefined;
  return async () => {
    hmacKey ??= hmacKeyOf(store);
    hmacKey.catch(() => {
      hmacKey = undefined;
    });
    return JSON.stringify([key, await proofTag(await hmacKey, await proofs())]);
  };
}

async function hmacKeyOf(store: TokenStore): Promise<Uint8Array> {
  return store.hmacKey === undefined ? keptKey(store) : store.hmacKey();
}

/** Made once and kept as a record of its own: a slower process takes the key that it finds. */
async function keptKey(store: TokenStore): Promise<Uint8Array> {
  let stored = await store.read(HMAC_KEY);
  for (let left = TRIES; left > 0; left -= 1) {
    const kept = stored?.token?.accessToken;
    if (typeof kept === 'string' && kept !== '') return new TextEncoder().encode(kept);
    const made = base64url(crypto.getRandomValues(new Uint8Array(HMAC_BYTES)));
    const token: Token = { accessToken: made, tokenType: 'hmac-key' };
    const result = await store.write(HMAC_KEY, { generation: 1, token }, stored?.version);
    if (result.ok) return new TextEncoder().encode(made);
    stored = result.current;
  }
  throw new ConfigurationError("the token store keeps no key for its entries: give option 'storeKey'.", {
    option: 'storeKey',
  });
}
