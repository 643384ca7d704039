import { StoreError } from '../../errors.ts';
import { notify } from '../../lifecycle/promises.ts';
import { func, oneOf, positiveMilliseconds, readOptions, type Shape, text, urlLike } from '../../options.ts';
import { KEEP } from '../../tokens/keeping.ts';
import { MemoryTokenStore } from '../../tokens/memory-store.ts';
import type { Lease, StoredToken, TokenRecord, WriteResult } from '../../tokens/store.ts';
import { keepInStore } from '../../tokens/stored-keeping.ts';
import { plain } from './file/entry.ts';
import { FolderStore } from './file/folder-store.ts';
import { sealed, unsealer } from './file/sealed.ts';
import { tokenFolder } from './file-token-store.ts';
import { type Keyring, KeyringUnavailable, systemKeyring } from './keyring/access.ts';
import { KeyringKey } from './keyring/key.ts';
import type { PersistentTokenStore, StoredCredential, StoreStatus } from './persistent-store.ts';

/** Options of {@link keyringTokenStore}. */
export interface KeyringTokenStoreOptions {
  /** The folder of the encrypted tokens, absolute. Default: as with {@link fileTokenStore}. */
  readonly path?: string | URL;
  /** The name of this program in the keyring. Default: `authwire`. */
  readonly service?: string;
  /**
   * What to do where the keyring is missing, locked or does not respond. `'file'`: plain files that only this user can
   * read; `'memory'`: the login ends with the process; `'none'`: fail. Default: `'file'`.
   */
  readonly fallback?: 'file' | 'memory' | 'none';
  /** Called once, with a sentence, when the fallback is used. Default: a process warning. */
  readonly onFallback?: (message: string) => void;
  /** How long the keyring may take, in milliseconds. Default: 3,000. */
  readonly timeoutMs?: number;
}

/** The kinds of these options. */
export const KEYRING_SHAPE: Shape<KeyringTokenStoreOptions> = {
  path: urlLike,
  service: text,
  fallback: oneOf('file', 'memory', 'none'),
  onFallback: func,
  timeoutMs: positiveMilliseconds,
};
const TIMEOUT_MS = 3000;

/**
 * Keeps a key in the system's keyring and the tokens in files that are encrypted with it: macOS' Keychain, Windows'
 * Credential Manager, the Secret Service (GNOME, KDE) on Linux. It needs the optional package `@napi-rs/keyring`.
 *
 * Where the keyring is absent, locked or silent, new logins go to the fallback, which is reported once; `status()` shows it.
 * A login that is encrypted already is never replaced that way: reading it fails until the keyring is unlocked.
 *
 * @example
 * const auth = new AuthPkce({ issuer, clientId, scope: 'openid offline_access', store: keyringTokenStore() });
 * @throws {@link ConfigurationError} naming the option that is wrong. The store throws {@link StoreError} for tokens that
 * need a keyring which cannot be opened.
 */
export function keyringTokenStore(options: KeyringTokenStoreOptions = {}): PersistentTokenStore {
  const given = readOptions('keyringTokenStore', options, KEYRING_SHAPE);
  return keyringStore(systemKeyring(given.service ?? 'authwire', given.timeoutMs ?? TIMEOUT_MS), given);
}

/** The same with a given keyring. */
export function keyringStore(keyring: Keyring, options: KeyringTokenStoreOptions): PersistentTokenStore {
  return new KeyringTokenStore(keyring, options);
}

class KeyringTokenStore implements PersistentTokenStore {
  readonly [KEEP] = keepInStore;
  readonly path: string;
  readonly #key: KeyringKey;
  readonly #folder: FolderStore;
  readonly #fallback: 'file' | 'memory' | 'none';
  readonly #tell: (message: string) => void;
  readonly #memory = new MemoryTokenStore();
  #told = false;

  constructor(keyring: Keyring, { path, fallback = 'file', onFallback = warn }: KeyringTokenStoreOptions) {
    this.path = tokenFolder(path);
    this.#fallback = fallback;
    this.#tell = onFallback;
    this.#key = new KeyringKey(keyring, this.path);
    const unseal = unsealer(() => this.#keys(), this.path);
    this.#folder = new FolderStore({
      path: this.path,
      codec: () => this.#codec(),
      // The fall-back of another day.
      open: (codec, body, context) => (codec === plain.name ? plain.open(body, context) : unseal(codec, body, context)),
      status: () => this.status(),
    });
  }

  async read(key: string): Promise<StoredToken | undefined> {
    return (await this.#memory.read(key)) ?? (await this.#folder.read(key));
  }

  async write(key: string, record: TokenRecord, expectedVersion: string | undefined): Promise<WriteResult> {
    if ((await this.#memory.read(key)) !== undefined) return this.#memory.write(key, record, expectedVersion);
    try {
      return await this.#folder.write(key, record, expectedVersion);
    } catch (error) {
      if (!(error instanceof NoPlaceError)) throw error;
      return this.#memory.write(key, record, expectedVersion);
    }
  }

  async delete(key: string, expectedVersion?: string): Promise<void> {
    await this.#memory.delete(key, expectedVersion);
    await this.#folder.delete(key, expectedVersion);
  }

  lease(key: string, signal: AbortSignal): Promise<Lease> {
    return this.#folder.lease(key, signal);
  }

  list(): Promise<StoredCredential[]> {
    return this.#folder.list();
  }

  clear(): Promise<void> {
    return this.#folder.clear();
  }

  async probe(key: string): Promise<void> {
    await this.#folder.probe(key);
    await this.#codec().catch((error: unknown) => {
      if (!(error instanceof NoPlaceError)) throw error;
    });
  }

  async status(): Promise<StoreStatus> {
    const trouble = await this.#key.find().then(
      () => undefined,
      (error: unknown) => (error instanceof KeyringUnavailable ? error : Promise.reject(error)),
    );
    if (trouble === undefined) return { kind: 'keyring', path: this.path, notes: [] };
    const notes = [sentence(trouble, this.#fallback, this.path)];
    return this.#fallback === 'memory' ? { kind: 'memory', notes } : { kind: 'file', path: this.path, notes };
  }

  /** The codec for what is written now. */
  async #codec() {
    try {
      return sealed(await this.#key.findOrMake());
    } catch (error) {
      if (!(error instanceof KeyringUnavailable)) throw error;
      if (this.#fallback === 'none') throw keyringError(error);
      this.#tellOnce(sentence(error, this.#fallback, this.path));
      if (this.#fallback === 'memory') throw new NoPlaceError(error.message, { cause: error });
      return plain;
    }
  }

  /** The key for what is encrypted already: there is no way around it. */
  async #keys(): Promise<readonly Uint8Array[]> {
    try {
      const key = await this.#key.find();
      if (key !== undefined) return [key];
      throw new KeyringUnavailable('locked', 'the keyring shows no key for them');
    } catch (error) {
      throw error instanceof KeyringUnavailable ? keyringError(error) : error;
    }
  }

  #tellOnce(message: string): void {
    if (this.#told) return;
    this.#told = true;
    notify(() => this.#tell?.(message));
  }
}

/** New tokens have no place on the disk. Never leaves this file. */
class NoPlaceError extends StoreError {}

function warn(message: string): void {
  process.emitWarning(`authwire: ${message}`, { code: 'AUTHWIRE_KEYRING_FALLBACK' });
}

function sentence({ message }: KeyringUnavailable, fallback: 'file' | 'memory' | 'none', path: string): string {
  const instead = {
    file: `new logins are kept in the clear in ${path}, in files that only you may read`,
    memory: 'new logins are kept in memory and end with the process',
    none: 'nobody can log in',
  }[fallback];
  return `${message}: ${instead}.`;
}

function keyringError(error: KeyringUnavailable): StoreError {
  const hint = {
    missing: 'Log in where there is a keyring, or use another store.',
    locked: 'Unlock the keyring, and try again.',
    silent: 'Unlock the keyring if it asks for that, and try again.',
    failed: 'Try again, or use another store.',
  }[error.trouble];
  return new StoreError(`the tokens cannot be opened: ${error.message}. ${hint}`, { cause: error });
}
