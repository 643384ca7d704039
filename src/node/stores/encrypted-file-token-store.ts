import { askSecret } from '../../ask-secret.ts';
import { ConfigurationError, CredentialError } from '../../errors.ts';
import { either, type Kind, readOptions, type Shape, secretOption, urlLike } from '../../options.ts';
import type { SecretOption } from '../../secret.ts';
import { FolderStore } from './file/folder-store.ts';
import { KEY_BYTES, sealed, unsealer } from './file/sealed.ts';
import { tokenFolder } from './file-token-store.ts';
import type { PersistentTokenStore } from './persistent-store.ts';

/** A key of 32 bytes, or a text with its base64, base64url or hex; a function is called for each use. */
export type EncryptionKey = Uint8Array | SecretOption;

/** Options of {@link encryptedFileTokenStore}. */
export interface EncryptedFileTokenStoreOptions {
  /** The key that encrypts: 32 random bytes, such as `openssl rand -base64 32` prints. */
  readonly key: EncryptionKey;
  /**
   * Former keys that stored tokens may still be encrypted with. After one `rotate()` they are no longer needed.
   * Default: none.
   */
  readonly formerKeys?: readonly EncryptionKey[];
  /** The folder, absolute. Default: as with {@link fileTokenStore}. */
  readonly path?: string | URL;
}

/** A store whose key can be changed. */
export interface EncryptedFileTokenStore extends PersistentTokenStore {
  /**
   * Encrypts all credentials again with `key`.
   *
   * @returns How many there are.
   */
  rotate(): Promise<number>;
}

const BYTES: Kind = { wanted: '32 bytes', test: (value) => value instanceof Uint8Array };
const KEY = either(BYTES, secretOption);
const KEYS: Kind = {
  wanted: 'a list of keys',
  test: (value) => Array.isArray(value) && value.every((one) => KEY.test(one)),
};
const SHAPE: Shape<EncryptedFileTokenStoreOptions> = {
  key: { ...KEY, defined: true },
  formerKeys: KEYS,
  path: urlLike,
};

/**
 * Keeps tokens in files as {@link fileTokenStore} does, encrypted with AES-256-GCM under a key of yours: for servers, where
 * no keyring is, and for folders that are backed up or shared.
 *
 * To change the key, give the new one as `key` and the old one in `formerKeys`, call `rotate()` once, and drop the old one.
 *
 * @example
 * const store = encryptedFileTokenStore({ key: secretEnv('TOKEN_STORE_KEY'), path: '/var/lib/app/tokens' });
 * @throws {@link ConfigurationError} naming the option that is wrong. The store throws {@link CredentialError} for a key
 * that has not 32 bytes, and {@link StoreError} for tokens under another key.
 */
export function encryptedFileTokenStore(options: EncryptedFileTokenStoreOptions): EncryptedFileTokenStore {
  const { key, formerKeys = [], path } = readOptions('encryptedFileTokenStore', options, SHAPE);
  if (key === undefined) throw new ConfigurationError("option 'key' is missing.", { option: 'key' });
  for (const one of [key, ...formerKeys]) if (one instanceof Uint8Array) checkLength(one);
  const folder = tokenFolder(path);
  const keys = () => Promise.all([key, ...formerKeys].map(keyBytes));
  const store = new FolderStore({
    path: folder,
    codec: async () => sealed(await keyBytes(key)),
    open: unsealer(keys, folder),
    status: async () => ({ kind: 'encrypted-file', path: folder, notes: [] }),
  });
  return Object.assign(store, { rotate: () => store.rewrite() });
}

async function keyBytes(key: EncryptionKey): Promise<Uint8Array> {
  if (key instanceof Uint8Array) return key;
  const given = await askSecret(key, 'the key of a token store', () => undefined);
  const isHex = /^[0-9a-f]{64}$/i.test(given);
  return checkLength(Buffer.from(given.trim(), isHex ? 'hex' : 'base64'));
}

function checkLength(key: Uint8Array): Uint8Array {
  if (key.byteLength === KEY_BYTES) return key;
  throw new CredentialError(
    `the key of a token store must have ${KEY_BYTES} bytes, got ${key.byteLength}: openssl rand -base64 ${KEY_BYTES}`,
  );
}
