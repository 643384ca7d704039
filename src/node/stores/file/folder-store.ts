import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { isAuthError, StoreError } from '../../../errors.ts';
import { errorCode } from '../../../secrets/plain-cause.ts';
import { KEEP } from '../../../tokens/keeping.ts';
import type { Lease, StoredToken, TokenRecord, WriteResult } from '../../../tokens/store.ts';
import { keepInStore } from '../../../tokens/stored-keeping.ts';
import { fileLock } from '../lock/file-lock.ts';
import { unlinkIfThere } from '../lock/instance.ts';
import type { PersistentTokenStore, StoredCredential, StoreStatus } from '../persistent-store.ts';
import { type Codec, type Entry, formatEntry, type Opener, parseEntry, versioned } from './entry.ts';
import {
  checkFolder,
  ensureFolder,
  moveAside,
  movedAside,
  namesIn,
  readPrivate,
  replacePrivate,
} from './private-file.ts';
import { quoted, safePath } from './safe-path.ts';

/** How a {@link FolderStore} writes entries, and which ones it can read. */
export interface FolderStoreOptions {
  /** The folder of the tokens, absolute. */
  readonly path: string;
  /** Writes; asked once for each write. */
  readonly codec: () => Promise<Codec>;
  readonly open: Opener;
  readonly status: () => Promise<StoreStatus>;
}

/** A write waits for no person and no server. */
const WRITE_LOCK_MS = 10_000;
/** The longest that somebody may wait for another process's renewal or login. The caller's signal ends it sooner. */
const LEASE_MS = 3_600_000;
const ENTRY = /^([0-9a-f]{64})\.json$/;

/** A folder with one file for each credential. */
export class FolderStore implements PersistentTokenStore {
  readonly [KEEP] = keepInStore;
  readonly path: string;
  readonly #codec: () => Promise<Codec>;
  readonly #open: Opener;
  readonly status: () => Promise<StoreStatus>;

  constructor({ path, codec, open, status }: FolderStoreOptions) {
    this.path = path;
    this.#codec = codec;
    this.#open = open;
    this.status = status;
  }

  read(key: string): Promise<StoredToken | undefined> {
    return this.#guard('read', async () => (await this.#readEntry(idOf(key), false))?.stored);
  }

  write(key: string, record: TokenRecord, expectedVersion: string | undefined): Promise<WriteResult> {
    return this.#exclusive('written', key, async (id, signal) => {
      const current = await this.#current(id);
      if (current?.version !== expectedVersion) return { ok: false, current };
      const stored = versioned(record);
      const codec = await this.#codec();
      const text = await formatEntry({ key, stored }, id, codec);
      signal.throwIfAborted();
      await replacePrivate(this.#file(id), text, this.#previous(id));
      if (codec.name !== 'plain') await this.#dropPlain(id);
      return { ok: true, version: stored.version };
    });
  }

  delete(key: string, expectedVersion?: string): Promise<void> {
    return this.#exclusive('cleared', key, async (id) => {
      if (expectedVersion !== undefined && (await this.#current(id))?.version !== expectedVersion) return;
      await this.#remove(id);
    });
  }

  lease(key: string, signal: AbortSignal): Promise<Lease> {
    return this.#guard('leased', async () => {
      const locks = await this.#locks();
      return fileLock(join(locks, `${idOf(key)}.lock`), { signal, timeoutMs: LEASE_MS });
    });
  }

  /** Fails where nothing could be written, before anybody logs in for nothing. */
  probe(key: string): Promise<void> {
    return this.#exclusive('written', key, async (id) => {
      await this.#current(id);
      const probe = join(await ensureFolder(this.path), 'probe');
      // As long as a token may be: a full disk shows itself.
      await replacePrivate(probe, ' '.repeat(16_384), `${probe}.previous`);
      await unlinkIfThere(probe);
    });
  }

  /** What is kept here, by key. */
  list(): Promise<StoredCredential[]> {
    return this.#guard('listed', async () => {
      if (!(await checkFolder(await safePath(this.path)))) return [];
      const found: StoredCredential[] = [];
      for (const id of await this.#ids()) {
        const entry = await this.#readEntry(id, false);
        if (entry !== undefined) found.push(described(entry, this.#file(id)));
      }
      return found.sort((a, b) => (a.key < b.key ? -1 : 1));
    });
  }

  /** Removes every trace of all credentials, also of those that cannot be read. Nobody is logged out at a server. */
  clear(): Promise<void> {
    return this.#guard('cleared', async () => {
      for (const id of await this.#ids()) await this.#underLock(id, () => this.#remove(id));
    });
  }

  /** Writes all entries again, with the current codec. @returns How many. */
  rewrite(): Promise<number> {
    return this.#guard('written', async () => {
      const ids = await this.#ids();
      for (const id of ids) {
        await this.#underLock(id, async () => {
          const entry = await this.#readEntry(id, true);
          if (entry === undefined) return;
          const text = await formatEntry(entry, id, await this.#codec());
          await replacePrivate(this.#file(id), text, this.#previous(id));
          // The former version would open with the former key only.
          await unlinkIfThere(this.#previous(id));
        });
      }
      return ids.length;
    });
  }

  #file(id: string): string {
    return join(this.path, `${id}.json`);
  }

  #previous(id: string): string {
    return join(this.path, `${id}.previous`);
  }

  async #ids(): Promise<string[]> {
    const names = await namesIn(await safePath(this.path));
    return names.map((name) => ENTRY.exec(name)?.[1]).filter((id) => id !== undefined);
  }

  async #locks(): Promise<string> {
    await ensureFolder(this.path);
    return ensureFolder(join(this.path, 'locks'));
  }

  async #current(id: string): Promise<StoredToken | undefined> {
    return (await this.#readEntry(id, true))?.stored;
  }

  /** @param isSole - This call has the sole right to write the entry. */
  async #readEntry(id: string, isSole: boolean): Promise<Entry | undefined> {
    if (!(await checkFolder(await safePath(this.path)))) return undefined;
    const file = this.#file(id);
    const text = await readPrivate(file);
    if (text === undefined) return this.#readPrevious(id, isSole);
    const parsed = await parseEntry(text, id, this.#open);
    if (parsed.state === 'newer') throw newer(file, parsed.format);
    if (parsed.state === 'good' && idOf(parsed.entry.key) === id) return parsed.entry;
    if (!isSole) return this.#underLock(id, () => this.#readEntry(id, true));
    const aside = await moveAside(file);
    process.emitWarning(`authwire: the tokens in ${file} are damaged. They were moved to ${aside}.`, {
      code: 'AUTHWIRE_CORRUPT_TOKENS',
    });
    return this.#readPrevious(id, isSole);
  }

  /** The version before the last, where the last one is gone. */
  async #readPrevious(id: string, isSole: boolean): Promise<Entry | undefined> {
    const previous = this.#previous(id);
    const text = await readPrivate(previous);
    const parsed = text === undefined ? undefined : await parseEntry(text, id, this.#open);
    if (parsed?.state === 'good' && idOf(parsed.entry.key) === id) {
      if (!isSole) return this.#underLock(id, () => this.#readEntry(id, true));
      await replacePrivate(this.#file(id), text as string, previous);
      return parsed.entry;
    }
    const [aside] = (await movedAside(this.#file(id))).slice(-1);
    if (aside !== undefined) throw damaged(aside);
    return undefined;
  }

  async #remove(id: string): Promise<void> {
    const file = await safePath(this.#file(id));
    // The former version first: it must not come back.
    await unlinkIfThere(this.#previous(id));
    await unlinkIfThere(file);
    await unlinkIfThere(`${file}.tmp`);
    for (const aside of await movedAside(this.#file(id))) await unlinkIfThere(aside);
  }

  /** Once an entry is encrypted, its former version is not left in the clear. */
  async #dropPlain(id: string): Promise<void> {
    const text = await readPrivate(this.#previous(id));
    if (text?.includes('"codec":"plain"')) await unlinkIfThere(this.#previous(id));
  }

  #exclusive<T>(what: string, key: string, work: (id: string, signal: AbortSignal) => Promise<T>): Promise<T> {
    const id = idOf(key);
    return this.#guard(what, () => this.#underLock(id, (signal) => work(id, signal)));
  }

  async #underLock<T>(id: string, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const lock = await fileLock(join(await this.#locks(), `${id}.write`), { timeoutMs: WRITE_LOCK_MS });
    try {
      return await work(lock.signal);
    } finally {
      await lock.release();
    }
  }

  async #guard<T>(what: string, work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      if (isAuthError(error)) throw error;
      const code = errorCode(error);
      if (code === undefined) throw error;
      throw new StoreError(`the tokens in ${this.path} could not be ${what}: ${code}.${HINTS[code] ?? ''}`, {
        cause: error,
      });
    }
  }
}

const HINTS: Readonly<Record<string, string>> = {
  ENOSPC: ' The disk is full; the tokens that were there are still there.',
  EDQUOT: ' Your disk quota is used up; the tokens that were there are still there.',
  EROFS: ' The file system is read-only: name a folder that can be written.',
  EACCES: ' This user may not write there: name another folder.',
};

/** The name of a credential's file: no two keys share one, and none of them has a character that a file system minds. */
function idOf(key: string): string {
  return createHash('sha256').update(key).digest('hex');
}

function described({ key, stored: { token, ended } }: Entry, file: string): StoredCredential {
  return {
    key,
    file,
    renewable: token?.refreshToken !== undefined,
    ...(token?.expiresAt !== undefined && { expiresAt: token.expiresAt }),
    ...(ended !== undefined && { ended: ended.reason }),
  };
}

function newer(file: string, format: number): StoreError {
  return new StoreError(
    `${file} was written by a newer version of authwire (format ${format}): update authwire here. The file is left as it is.`,
  );
}

function damaged(aside: string): StoreError {
  return new StoreError(
    `the tokens of this login are damaged. They were moved to ${aside}. To log in again: rm ${quoted(aside)}`,
  );
}
