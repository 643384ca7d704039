import type { SharedTokenStore } from '../../tokens/keeping.ts';

/** A store on this machine's disk, for all processes of one user. */
export interface PersistentTokenStore extends SharedTokenStore {
  /** The folder of the tokens. */
  readonly path: string;
  /** What is kept here, without secrets. @throws {@link StoreError} for an entry that cannot be read. */
  list(): Promise<StoredCredential[]>;
  /** Removes every trace of every credential. Nobody is logged out at a server: `revoke()` does that. */
  clear(): Promise<void>;
  /** What keeps the tokens, and what one should know of it. */
  status(): Promise<StoreStatus>;
  /** Writes as much as a token needs and removes it again. @throws {@link StoreError} where a login would be lost. */
  probe(key: string): Promise<void>;
}

/** The state of a store. It holds no secret. */
export interface StoreStatus {
  /** What keeps the tokens. `'keyring'`: the system's keyring has the key, an encrypted file the tokens. */
  readonly kind: 'memory' | 'file' | 'encrypted-file' | 'keyring';
  /** The folder of the tokens; absent in memory. */
  readonly path?: string;
  /** Why it is not what was asked for, and what else one should know. One sentence each. */
  readonly notes: readonly string[];
}

/** One credential of a store, without its secrets. */
export interface StoredCredential {
  /** Whose tokens these are: the store key. */
  readonly key: string;
  /** Where they are kept. */
  readonly file: string;
  /** When the access token ends, in milliseconds since the epoch, where that is known. */
  readonly expiresAt?: number;
  /** Can the token be renewed without a login? */
  readonly renewable: boolean;
  /** There is no token on purpose: somebody logged out, or the authorization server has ended the login. */
  readonly ended?: 'cleared' | 'dead';
}
