import { ConfigurationError } from '../../errors.ts';
import { joinOptions, readOptions, type Shape, shapeWithout } from '../../options.ts';
import type { SharedTokenStore } from '../../tokens/keeping.ts';
import { MemoryTokenStore } from '../../tokens/memory-store.ts';
import { fileTokenStore } from './file-token-store.ts';
import { KEYRING_SHAPE, type KeyringTokenStoreOptions, keyringTokenStore } from './keyring-token-store.ts';

/** A store as profiles and the command line name it. */
export type CredentialStoreName = 'auto' | 'keyring' | 'file' | 'memory';

/** Every name of a store. */
export const CREDENTIAL_STORES: readonly CredentialStoreName[] = ['auto', 'keyring', 'file', 'memory'];

const others = shapeWithout(KEYRING_SHAPE, 'fallback');
const SHAPE: Shape<Omit<KeyringTokenStoreOptions, 'fallback'>> = others;

/**
 * The store that a profile's `credentialStore` means. `'auto'`: the keyring, and where there is none, files in the clear,
 * reported. `'keyring'`: the keyring or an error. `'file'`: unencrypted files. `'memory'`: until the process ends.
 *
 * @throws {@link ConfigurationError} naming `credentialStore` for any other name.
 */
export function credentialStore(
  name: CredentialStoreName,
  given?: Omit<KeyringTokenStoreOptions, 'fallback'>,
): SharedTokenStore {
  const options = readOptions('credentialStore', given, SHAPE);
  switch (name) {
    case 'auto':
      return keyringTokenStore(joinOptions(options, { fallback: 'file' as const }));
    case 'keyring':
      return keyringTokenStore(joinOptions(options, { fallback: 'none' as const }));
    case 'file':
      return fileTokenStore(options.path);
    case 'memory':
      return new MemoryTokenStore();
    default:
      throw new ConfigurationError("'credentialStore' must be one of 'auto', 'keyring', 'file', 'memory'.", {
        option: 'credentialStore',
      });
  }
}
