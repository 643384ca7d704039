import { chmod, chown, lstat, mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { encryptedFileTokenStore } from '../../../../src/node/stores/encrypted-file-token-store.ts';
import { fileTokenStore } from '../../../../src/node/stores/file-token-store.ts';
import type { PersistentTokenStore } from '../../../../src/node/stores/persistent-store.ts';
import type { TokenRecord } from '../../../../src/tokens/store.ts';

let base: string;
let path: string;
beforeEach(async () => {
  base = await mkdtemp(join(tmpdir(), 'authwire-store-'));
  path = join(base, 'tokens');
});
afterEach(async () => {
  vi.restoreAllMocks();
  await rm(base, { recursive: true });
});

const KEY = 'issuer client alice';
const key = new Uint8Array(32).fill(7);
const stores: Record<string, () => PersistentTokenStore> = {
  plain: () => fileTokenStore(path),
  encrypted: () => encryptedFileTokenStore({ key, path }),
};
const record = (accessToken: string, more: Partial<TokenRecord> = {}): TokenRecord => ({
  token: { accessToken, tokenType: 'Bearer', refreshToken: `refresh-${accessToken}`, expiresAt: 1_800_000_000_000 },
  generation: 1,
  used: ['abc'],
  ...more,
});
const mode = async (file: string) => (await stat(file)).mode & 0o777;
async function entryFile(): Promise<string> {
  const [name] = (await readdir(path)).filter((one) => one.endsWith('.json'));
  return join(path, String(name));
}
async function write(store: PersistentTokenStore, accessToken: string, expected?: string): Promise<string> {
  const result = await store.write(KEY, record(accessToken), expected);
  if (!result.ok) throw new Error('somebody else was faster');
  return result.version;
}
function warnings(): string[] {
  const heard: string[] = [];
  vi.spyOn(process, 'emitWarning').mockImplementation((text) => void heard.push(String(text)));
  return heard;
}

describe.each(Object.keys(stores))('a %s file store', (name) => {
  const open = () => (stores[name] as () => PersistentTokenStore)();

  it('gives back the record that was written, also in another process', async () => {
    const version = await write(open(), 'a');
    expect(await open().read(KEY)).toEqual({ ...record('a'), version });
    expect(await open().read('another key')).toBeUndefined();
  });

  it('makes nothing before something is written', async () => {
    expect(await open().read(KEY)).toBeUndefined();
    expect(await open().list()).toEqual([]);
    expect(await readdir(base)).toEqual([]);
  });

  it('writes over the expected version only', async () => {
    const store = open();
    const first = await write(store, 'a');
    expect(await store.write(KEY, record('b'), undefined)).toMatchObject({ ok: false, current: { version: first } });
    const second = await write(store, 'b', first);
    expect(await store.write(KEY, record('c'), first)).toMatchObject({ ok: false, current: { version: second } });
    await store.delete(KEY, first);
    expect(await store.read(KEY)).toMatchObject({ token: { accessToken: 'b' } });
    await store.delete(KEY, second);
    expect(await store.read(KEY)).toBeUndefined();
  });

  it('has one winner among many writers', async () => {
    const results = await Promise.all(
      Array.from({ length: 10 }, (_, n) => open().write(KEY, record(`${n}`), undefined)),
    );
    expect(results.filter(({ ok }) => ok)).toHaveLength(1);
  });

  it('is 0600 in 0700, whatever the umask', async () => {
    const former = process.umask(0);
    try {
      await write(open(), 'a');
    } finally {
      process.umask(former);
    }
    expect(await mode(path)).toBe(0o700);
    for (const file of await readdir(path)) expect(await mode(join(path, file))).toBe(file === 'locks' ? 0o700 : 0o600);
  });

  it('names files by the hash of the whole key, and lists them by key', async () => {
    const store = open();
    for (const user of ['bob', 'alice', '../../etc', 'é\u0000'])
      await store.write(`key ${user}`, record(user), undefined);
    const files = (await readdir(path)).filter((one) => one !== 'locks');
    expect(files.filter((one) => !/^[0-9a-f]{64}\.json$/.test(one))).toEqual([]);
    const listed = await store.list();
    expect(listed.map((one) => one.key)).toEqual(['key ../../etc', 'key alice', 'key bob', 'key é\u0000']);
    expect(listed[1]).toEqual({
      key: 'key alice',
      file: expect.stringMatching(/[0-9a-f]{64}\.json$/),
      expiresAt: 1_800_000_000_000,
      renewable: true,
    });
    expect(JSON.stringify(listed)).not.toContain('refresh-');
    await store.clear();
    expect(await readdir(path)).toEqual(['locks']);
  });

  it('gives one lease at a time', async () => {
    const signal = AbortSignal.timeout(10_000);
    const lease = await open().lease?.(KEY, signal);
    const waiting = open().lease?.(KEY, signal);
    const first = await Promise.race([waiting, new Promise((resolve) => setTimeout(resolve, 50, 'nobody'))]);
    expect(first).toBe('nobody');
    await lease?.release();
    await (await waiting)?.release();
  });

  it('moves a damaged file aside, says so, and goes on with the version before', async () => {
    const heard = warnings();
    const store = open();
    await write(store, 'b', await write(store, 'a'));
    const file = await entryFile();
    await writeFile(file, (await readFile(file, 'utf8')).slice(0, 100));
    expect(await store.read(KEY)).toMatchObject({ token: { accessToken: 'a' } });
    const [aside] = (await readdir(path)).filter((one) => one.includes('.corrupt-'));
    expect(heard).toEqual([expect.stringContaining(join(path, String(aside)))]);
    expect(await store.read(KEY)).toMatchObject({ token: { accessToken: 'a' } });
  });

  it.each(['', '{', 'null', '{"authwire":"credential","format":1,"codec":"plain","body":{}}', '\u0000'.repeat(500)])(
    'never takes a damaged file for empty (%#)',
    async (text) => {
      warnings();
      const store = open();
      await write(store, 'a');
      const file = await entryFile();
      await rm(file);
      await writeFile(file, text, { mode: 0o600 });
      if (name === 'encrypted' && text.includes('"plain"')) {
        await expect(store.read(KEY)).rejects.toThrow('in the clear');
        return;
      }
      const error: Error = await store.read(KEY).then(undefined, (reason) => reason);
      expect(error).toMatchObject({
        code: 'ERR_AUTH_STORE',
        message: expect.stringMatching(/To log in again: rm .*corrupt-/),
      });
      await expect(store.read(KEY)).rejects.toThrow(error.message);
      await expect(store.probe(KEY)).rejects.toThrow(error.message);
      await rm(/rm (\S+)$/.exec(error.message)?.[1] ?? '');
      expect(await store.read(KEY)).toBeUndefined();
      await write(store, 'b');
    },
  );

  it('finds the version before where the last one is gone', async () => {
    const store = open();
    const first = await write(store, 'a');
    await write(store, 'b', first);
    await rm(await entryFile());
    expect(await store.read(KEY)).toMatchObject({ version: first });
  });

  it('brings nothing back that was deleted', async () => {
    const store = open();
    await write(store, 'b', await write(store, 'a'));
    await store.delete(KEY);
    expect(await store.read(KEY)).toBeUndefined();
    expect(await readdir(path)).toEqual(['locks']);
  });

  it('leaves a newer format alone', async () => {
    const store = open();
    await write(store, 'a');
    const file = await entryFile();
    const text = '{"authwire":"credential","format":2,"body":"something new"}';
    await writeFile(file, text);
    await expect(store.read(KEY)).rejects.toThrow('newer version of authwire');
    await expect(store.write(KEY, record('b'), undefined)).rejects.toThrow('newer version of authwire');
    expect(await readFile(file, 'utf8')).toBe(text);
  });

  it('does not take the file of another key', async () => {
    warnings();
    const store = open();
    await write(store, 'a');
    const text = await readFile(await entryFile(), 'utf8');
    await rm(await entryFile());
    await store.write('mallory', record('m'), undefined);
    await writeFile(await entryFile(), text);
    await expect(store.read('mallory')).rejects.toThrow('damaged');
  });

  it.each([
    [0o640, '0640'],
    [0o604, '0604'],
    [0o666, '0666'],
  ])('refuses a file of mode %o, with the command that repairs it', async (wide, shown) => {
    const store = open();
    await write(store, 'a');
    const file = await entryFile();
    await chmod(file, wide);
    await expect(store.read(KEY)).rejects.toThrow(`${file} has mode ${shown}`);
    await expect(store.read(KEY)).rejects.toThrow(`chmod 600 ${file}`);
    await expect(store.write(KEY, record('b'), undefined)).rejects.toThrow(`chmod 600 ${file}`);
  });

  it('refuses a folder that others may enter', async () => {
    await mkdir(path, { mode: 0o755 });
    await expect(open().read(KEY)).rejects.toThrow(`chmod 700 ${path}`);
    await expect(open().write(KEY, record('a'), undefined)).rejects.toThrow(`chmod 700 ${path}`);
  });

  it('refuses a folder below one where everybody may rename', async () => {
    await chmod(base, 0o777);
    await expect(open().write(KEY, record('a'), undefined)).rejects.toThrow(`chmod o-w ${base}`);
    await chmod(base, 0o1777);
    await write(open(), 'a');
  });

  it.runIf(process.getuid?.() === 0)('refuses files, folders and links of another user', async () => {
    const store = open();
    await write(store, 'a');
    const file = await entryFile();
    await chown(file, 4711, 4711);
    await expect(store.read(KEY)).rejects.toThrow('belongs to user 4711');
    await chown(file, 0, 0);
    await chown(path, 4711, 4711);
    await expect(store.read(KEY)).rejects.toThrow('belongs to user 4711');
  });

  it('follows a link of this user, and keeps it', async () => {
    await mkdir(join(base, 'real'), { mode: 0o700 });
    await symlink(join(base, 'real'), path);
    const store = open();
    const first = await write(store, 'a');
    const file = await entryFile();
    const target = join(base, 'elsewhere.json');
    await writeFile(target, await readFile(file), { mode: 0o600 });
    await rm(file);
    await symlink(target, file);
    await write(store, 'b', first);
    expect((await lstat(path)).isSymbolicLink()).toBe(true);
    expect((await lstat(file)).isSymbolicLink()).toBe(true);
    expect((await lstat(target)).isSymbolicLink()).toBe(false);
    expect(await open().read(KEY)).toMatchObject({ token: { accessToken: 'b' } });
  });

  it('refuses what is no file', async () => {
    const store = open();
    await write(store, 'a');
    const file = await entryFile();
    await rm(file);
    await mkdir(file);
    await expect(store.read(KEY)).rejects.toMatchObject({ code: 'ERR_AUTH_STORE' });
  });

  it('is probed without a trace', async () => {
    const store = open();
    await store.probe(KEY);
    expect(await readdir(path)).toEqual(['locks']);
    await rm(path, { recursive: true });
    await writeFile(path, '');
    await expect(store.probe(KEY)).rejects.toMatchObject({ code: 'ERR_AUTH_STORE' });
  });

  it('tells its place', async () => {
    expect(await open().status()).toMatchObject({ kind: name === 'plain' ? 'file' : 'encrypted-file', path });
  });
});

describe('a plain store', () => {
  it('does not read encrypted tokens, and an encrypted one no plain ones', async () => {
    await write(encryptedFileTokenStore({ key, path }), 'a');
    await expect(fileTokenStore(path).read(KEY)).rejects.toThrow('are encrypted');
  });

  it('takes no relative folder', () => {
    expect(() => fileTokenStore('tokens')).toThrow('absolute');
  });
});
