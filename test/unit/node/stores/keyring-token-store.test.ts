import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { fileTokenStore } from '../../../../src/node/stores/file-token-store.ts';
import { type Keyring, KeyringUnavailable, systemKeyring } from '../../../../src/node/stores/keyring/access.ts';
import { type KeyringTokenStoreOptions, keyringStore } from '../../../../src/node/stores/keyring-token-store.ts';
import type { TokenRecord } from '../../../../src/tokens/store.ts';

let base: string;
let path: string;
let said: string[];
let keyring: Keyring & { locked: boolean; readonly entries: Map<string, string> };
beforeEach(async () => {
  base = await mkdtemp(join(tmpdir(), 'authwire-keyring-'));
  path = join(base, 'tokens');
  said = [];
  keyring = testKeyring();
});
afterEach(() => rm(base, { recursive: true }));

/** A keyring that can be locked. The real ones are in the extended tests. */
function testKeyring() {
  const entries = new Map<string, string>();
  const open = () => {
    if (ring.locked) throw new KeyringUnavailable('locked', 'the keyring is locked');
  };
  const ring = {
    locked: false,
    entries,
    async get(account: string) {
      open();
      return entries.get(account);
    },
    async set(account: string, value: string) {
      open();
      entries.set(account, value);
    },
  };
  return ring;
}

/** As a new process would. */
const open = (options: KeyringTokenStoreOptions = {}) =>
  keyringStore(keyring, { path, onFallback: (message) => said.push(message), ...options });
const record = (accessToken: string): TokenRecord => ({ token: { accessToken, tokenType: 'Bearer' } });
async function onDisk(): Promise<string> {
  const names = (await readdir(path)).filter((name) => name !== 'locks');
  return (await Promise.all(names.map((name) => readFile(join(path, name), 'latin1')))).join('\n');
}

describe('with a keyring', () => {
  it('the keyring holds 32 bytes, and files the tokens, encrypted', async () => {
    await open().write('alice', record('topsecret'.repeat(2000)), undefined);
    expect([...keyring.entries.values()].map((text) => Buffer.from(text, 'base64url').length)).toEqual([32]);
    expect(await onDisk()).not.toMatch(/topsecret|alice/);
    expect(await open().read('alice')).toMatchObject(record('topsecret'.repeat(2000)));
    expect(await open().status()).toEqual({ kind: 'keyring', path, notes: [] });
    expect(said).toEqual([]);
  });

  it('many processes make one key', async () => {
    await Promise.all(['a', 'b', 'c', 'd'].map((key) => open().write(key, record(key), undefined)));
    expect(keyring.entries.size).toBe(1);
    for (const key of ['a', 'b', 'c', 'd']) expect(await open().read(key)).toMatchObject(record(key));
  });

  it('nothing is asked of it before there are tokens', async () => {
    keyring.locked = true;
    expect(await open().read('alice')).toBeUndefined();
    expect(said).toEqual([]);
  });

  it('that locks in between, a login is neither lost nor replaced', async () => {
    const early = open();
    const written = await early.write('alice', record('a'), undefined);
    keyring.locked = true;
    expect(await early.read('alice')).toMatchObject(record('a'));
    for (const work of [
      () => open().read('alice'),
      () => open().write('alice', record('b'), undefined),
      () => open().probe('alice'),
    ]) {
      await expect(work()).rejects.toMatchObject({
        code: 'ERR_AUTH_STORE',
        message: expect.stringContaining('Unlock the keyring'),
      });
    }
    keyring.locked = false;
    expect(await open().read('alice')).toEqual({ ...record('a'), version: written.ok && written.version });
  });

  it('that has lost its key, the tokens are not taken for absent', async () => {
    await open().write('alice', record('a'), undefined);
    keyring.entries.clear();
    await expect(open().read('alice')).rejects.toMatchObject({ code: 'ERR_AUTH_STORE' });
    await open().write('bob', record('b'), undefined);
    await expect(open().read('alice')).rejects.toThrow('another key');
  });
});

describe('without a keyring', () => {
  beforeEach(() => {
    keyring.locked = true;
  });

  it('files in the clear are used aloud, and shown', async () => {
    const store = open();
    await store.probe('alice');
    await store.write('alice', record('a'), undefined);
    await store.write('bob', record('b'), undefined);
    expect(said).toEqual([
      `the keyring is locked: new logins are kept in the clear in ${path}, in files that only you may read.`,
    ]);
    expect(await store.status()).toEqual({ kind: 'file', path, notes: said });
    expect(await fileTokenStore(path).read('alice')).toMatchObject(record('a'));
  });

  it('that comes back, the next write encrypts and leaves nothing in the clear', async () => {
    const written = await open().write('alice', record('former'), undefined);
    keyring.locked = false;
    const store = open();
    const found = await store.read('alice');
    expect(found).toMatchObject(record('former'));
    await store.write('alice', record('a'), written.ok ? written.version : undefined);
    expect(await onDisk()).not.toContain('former');
  });

  it('memory is used aloud, and nothing is written', async () => {
    const store = open({ fallback: 'memory' });
    await store.probe('alice');
    const written = await store.write('alice', record('a'), undefined);
    expect(await store.read('alice')).toMatchObject(record('a'));
    expect(await store.write('alice', record('b'), written.ok ? written.version : '')).toMatchObject({ ok: true });
    expect(said).toEqual(['the keyring is locked: new logins are kept in memory and end with the process.']);
    expect(await store.status()).toEqual({ kind: 'memory', notes: said });
    expect(await onDisk()).toBe('');
    await store.delete('alice');
    expect(await store.read('alice')).toBeUndefined();
  });

  it('nothing is used if nothing is to be used', async () => {
    const store = open({ fallback: 'none' });
    await expect(store.probe('alice')).rejects.toThrow('Unlock the keyring');
    await expect(store.write('alice', record('a'), undefined)).rejects.toMatchObject({ code: 'ERR_AUTH_STORE' });
    expect(said).toEqual([]);
  });
});

describe("the system's keyring", () => {
  it('that never answers is left in time', async () => {
    const path = fileURLToPath(new URL('../../../helpers/stores/hanging-keyring.cjs', import.meta.url));
    const start = performance.now();
    await expect(systemKeyring('authwire-test', 300, path).get('key')).rejects.toMatchObject({ trouble: 'silent' });
    expect(performance.now() - start).toBeLessThan(3000);
  });

  it('without its package has the line that installs it', async () => {
    const ring = systemKeyring('authwire-test', 5000, '/nonexistent/keyring.js');
    await expect(ring.get('key')).rejects.toBeInstanceOf(KeyringUnavailable);
  });
});
