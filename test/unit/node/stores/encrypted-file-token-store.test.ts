import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { encryptedFileTokenStore } from '../../../../src/node/stores/encrypted-file-token-store.ts';
import type { PersistentTokenStore } from '../../../../src/node/stores/persistent-store.ts';
import type { TokenRecord } from '../../../../src/tokens/store.ts';

let base: string;
let path: string;
beforeEach(async () => {
  base = await mkdtemp(join(tmpdir(), 'authwire-encrypted-'));
  path = join(base, 'tokens');
});
afterEach(async () => {
  vi.restoreAllMocks();
  await rm(base, { recursive: true });
});

const KEY = 'issuer client alice';
const key = new Uint8Array(32).fill(7);
const record = (accessToken: string): TokenRecord => ({
  token: { accessToken, tokenType: 'Bearer', refreshToken: `refresh-${accessToken}` },
});
async function entryFile(): Promise<string> {
  const [name] = (await readdir(path)).filter((one) => one.endsWith('.json'));
  return join(path, String(name));
}
async function write(store: PersistentTokenStore, accessToken: string, expected?: string): Promise<string> {
  const result = await store.write(KEY, record(accessToken), expected);
  if (!result.ok) throw new Error('somebody else was faster');
  return result.version;
}

describe('an encrypted store', () => {
  it('shows nothing on the disk', async () => {
    await write(encryptedFileTokenStore({ key, path }), 'topsecret');
    const text = await readFile(await entryFile(), 'utf8');
    for (const word of ['topsecret', 'refresh', 'alice']) expect(text).not.toContain(word);
  });

  it('takes a change for damage', async () => {
    vi.spyOn(process, 'emitWarning').mockImplementation(() => undefined);
    const store = encryptedFileTokenStore({ key, path });
    await write(store, 'a');
    const file = await entryFile();
    const envelope = JSON.parse(await readFile(file, 'utf8'));
    envelope.body.data = `${envelope.body.data.startsWith('A') ? 'B' : 'A'}${envelope.body.data.slice(1)}`;
    await writeFile(file, JSON.stringify(envelope));
    await expect(store.read(KEY)).rejects.toThrow('damaged');
  });

  it('leaves tokens of another key alone, and reads them with that key as a former one', async () => {
    const other = new Uint8Array(32).fill(8);
    const former = encryptedFileTokenStore({ key, path });
    await write(former, 'b', await write(former, 'a'));
    await expect(encryptedFileTokenStore({ key: other, path }).read(KEY)).rejects.toThrow('another key');
    const both = encryptedFileTokenStore({ key: other, formerKeys: [key], path });
    expect(await both.read(KEY)).toMatchObject({ token: { accessToken: 'b' } });
    expect(await both.rotate()).toBe(1);
    expect(await encryptedFileTokenStore({ key: other, path }).read(KEY)).toMatchObject({
      token: { accessToken: 'b' },
    });
    await expect(former.read(KEY)).rejects.toThrow('another key');
  });

  it('takes keys as text, and from functions', async () => {
    await write(encryptedFileTokenStore({ key, path }), 'a');
    for (const encoding of ['base64', 'base64url', 'hex'] as const) {
      const text = Buffer.from(key).toString(encoding);
      expect(await encryptedFileTokenStore({ key: async () => text, path }).read(KEY)).toBeDefined();
    }
  });

  it('refuses a key of another length', async () => {
    expect(() => encryptedFileTokenStore({ key: new Uint8Array(16), path })).toThrow('32 bytes');
    await expect(encryptedFileTokenStore({ key: 'password', path }).write(KEY, record('a'), undefined)).rejects.toThrow(
      'openssl rand -base64 32',
    );
    expect(() => encryptedFileTokenStore({ path } as never)).toThrow("option 'key' is missing");
  });
});
