import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { KEY_BYTES } from '../file/sealed.ts';
import { fileLock } from '../lock/file-lock.ts';
import { type Keyring, KeyringUnavailable } from './access.ts';

/** A keyring that failed is asked again after this time, in milliseconds: each try may take seconds. */
const REST_MS = 30_000;

/** The key of a token folder, which the keyring holds. */
export class KeyringKey {
  readonly #keyring: Keyring;
  readonly #account: string;
  readonly #folder: string;
  #key: Promise<Uint8Array | undefined> | undefined;
  #trouble: KeyringUnavailable | undefined;
  #askedAt = Number.NEGATIVE_INFINITY;

  constructor(keyring: Keyring, folder: string) {
    this.#keyring = keyring;
    this.#account = `tokens in ${folder}`;
    this.#folder = folder;
  }

  /** What went wrong the last time; `undefined`: nothing, or nobody has asked. */
  get trouble(): KeyringUnavailable | undefined {
    return this.#trouble;
  }

  /** The key; `undefined`: there has never been one. @throws {@link KeyringUnavailable} */
  async find(): Promise<Uint8Array | undefined> {
    if (this.#trouble !== undefined && performance.now() - this.#askedAt < REST_MS) throw this.#trouble;
    this.#key ??= this.#read();
    try {
      const key = await this.#key;
      // One that another process makes meanwhile must be found.
      if (key === undefined) this.#key = undefined;
      this.#trouble = undefined;
      return key;
    } catch (error) {
      this.#key = undefined;
      this.#askedAt = performance.now();
      if (error instanceof KeyringUnavailable) this.#trouble = error;
      throw error;
    }
  }

  /** The key, made if there is none: by one process only, so that no two have different ones. */
  async findOrMake(): Promise<Uint8Array> {
    const found = await this.find();
    if (found !== undefined) return found;
    const lock = await fileLock(join(this.#folder, 'locks', 'keyring'));
    try {
      const theirs = await this.find();
      if (theirs !== undefined) return theirs;
      await this.#keyring.set(this.#account, randomBytes(KEY_BYTES).toString('base64url'));
      // Read back: some keyrings take what they don't keep.
      const made = await this.find();
      if (made === undefined) throw new KeyringUnavailable('failed', 'the keyring did not keep what it was given');
      return made;
    } catch (error) {
      if (error instanceof KeyringUnavailable) {
        this.#trouble = error;
        this.#askedAt = performance.now();
      }
      throw error;
    } finally {
      await lock.release();
    }
  }

  async #read(): Promise<Uint8Array | undefined> {
    const text = await this.#keyring.get(this.#account);
    if (text === undefined) return undefined;
    const key = Buffer.from(text, 'base64url');
    if (key.byteLength === KEY_BYTES) return key;
    throw new KeyringUnavailable('failed', `the keyring's entry '${this.#account}' is not a key of authwire`);
  }
}
