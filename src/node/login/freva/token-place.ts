import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { access, open, readFile, rename, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { StoreError } from '../../../errors.ts';
import { warnIfWorldReadable } from '../../files/world-readable.ts';
import { ensureFolder } from '../../stores/file/private-file.ts';
import { safePath } from '../../stores/file/safe-path.ts';
import { type FileLock, fileLock } from '../../stores/lock/file-lock.ts';
import { unlinkIfThere } from '../../stores/lock/instance.ts';
import { defaultTokenFolder } from '../../stores/places.ts';
import { type TokenJson, tokenJson } from './token-json.ts';

/** A file with the token of one server, or of several. */
export class TokenPlace {
  readonly path: string;
  readonly #host: string | undefined;
  readonly #isOwn: boolean;

  /** @param given - A user's own file; `~/` is the home directory. Default: one of authwire's for this server. */
  constructor(given: string | undefined, host: string | undefined) {
    this.#host = host;
    this.#isOwn = given === undefined;
    this.path = given === undefined ? ownPath(host ?? '') : resolve(given.replace(/^~(?=[\\/]|$)/, homedir()));
  }

  /** `undefined`: there is no file. @throws {@link StoreError} for one that holds no token. */
  async read(): Promise<TokenJson | undefined> {
    const found = await this.#readFile();
    if (found === undefined) return undefined;
    const { content, since } = found;
    const entry = entryOf(content, this.#host);
    const token = tokenJson(entry?.token ?? content, entry?.since ?? since);
    if (token !== undefined || this.#isShared(content)) return token;
    throw new StoreError(`${this.path} holds no token: name another file, or remove it and log in.`);
  }

  /** Where one process at a time renews. */
  lock(signal: AbortSignal | undefined): Promise<FileLock> {
    const name = createHash('sha256').update(this.path).digest('hex');
    return fileLock(join(dirname(defaultTokenFolder()), 'locks', name), signal ? { signal } : {});
  }

  /** A token that is used up must not be lost. @throws {@link StoreError} where the file cannot be replaced. */
  async assertWritable(): Promise<void> {
    try {
      if (this.#isOwn) await ensureFolder(dirname(this.path));
      await access(dirname(await safePath(this.path)), constants.W_OK);
    } catch (cause) {
      if (cause instanceof StoreError) throw cause;
      throw new StoreError(`${this.path} cannot be written, so the new token would be lost: name another file.`, {
        cause,
      });
    }
  }

  /** Replaces the token, and nothing else in the file. */
  async write(token: TokenJson): Promise<void> {
    const former = (await this.#readFile().catch(() => undefined))?.content;
    const now = Math.floor(Date.now() / 1000);
    const content =
      this.#isShared(former) && this.#host !== undefined
        ? { ...(former as object), [keyOf(former as object, this.#host)]: { token, stored_at: now } }
        : token;
    const target = await safePath(this.path);
    const draft = `${target}.${process.pid}.tmp`;
    const file = await open(draft, 'wx', 0o600);
    try {
      await file.writeFile(`${JSON.stringify(content, undefined, 3)}\n`);
      await file.sync();
      await file.close();
      await rename(draft, target);
    } catch (error) {
      await file.close();
      await unlinkIfThere(draft);
      throw error;
    }
  }

  /** freva keeps the tokens of all servers in one file, by server. */
  #isShared(content: unknown): boolean {
    if (typeof content !== 'object' || content === null || Object.hasOwn(content, 'access_token')) return false;
    return Object.values(content).every((one) => typeof one === 'object' && one !== null && 'token' in one);
  }

  async #readFile(): Promise<{ readonly content: unknown; readonly since: number } | undefined> {
    const read = await this.#text();
    if (read === undefined) return undefined;
    const content = parse(read.text);
    // A syntax error would quote the text, which is secret.
    if (content === undefined) throw new StoreError(`${this.path} cannot be read: it is not JSON.`);
    return { content, since: read.since };
  }

  async #text(): Promise<{ readonly text: string; readonly since: number } | undefined> {
    try {
      const [text, { mode, mtimeMs }] = await Promise.all([readFile(this.path, 'utf8'), stat(this.path)]);
      warnIfWorldReadable(this.path, mode);
      return { text, since: Math.floor(mtimeMs / 1000) };
    } catch (cause) {
      const { code } = cause as NodeJS.ErrnoException;
      if (code === 'ENOENT') return undefined;
      throw new StoreError(`${this.path} cannot be read: ${code}.`, { cause });
    }
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) ?? undefined;
  } catch {
    return undefined;
  }
}

function ownPath(host: string): string {
  const name = createHash('sha256').update(host).digest('hex');
  return join(dirname(defaultTokenFolder()), 'hosts', `${name}.json`);
}

function entryOf(content: unknown, host: string | undefined) {
  if (host === undefined || typeof content !== 'object' || content === null) return undefined;
  const entry = (content as Record<string, { token?: unknown; stored_at?: unknown } | undefined>)[keyOf(content, host)];
  if (typeof entry !== 'object' || entry === null || entry.token === undefined) return undefined;
  const { token, stored_at: stored } = entry;
  return { token, since: typeof stored === 'number' ? Math.floor(stored) : Math.floor(Date.now() / 1000) };
}

/** As it stands in the file, or as it will. */
function keyOf(content: object, host: string): string {
  return Object.keys(content).find((key) => key.replace(/\/+$/, '').toLowerCase() === host.toLowerCase()) ?? host;
}
