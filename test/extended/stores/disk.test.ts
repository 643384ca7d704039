import { execFile } from 'node:child_process';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { fileTokenStore } from '../../../src/node/stores/file-token-store.ts';
import type { TokenRecord } from '../../../src/tokens/store.ts';
import { nativeClient, startAuthorizationServer } from '../../helpers/authorization-server.ts';
import { authwire } from '../../integration/cli/run.ts';

const VISIT = `${process.execPath} ${fileURLToPath(new URL('../../helpers/login/visit.ts', import.meta.url))}`;
const run = promisify(execFile);
let disk: string;
beforeEach(async () => {
  disk = await mkdtemp(join(tmpdir(), 'authwire-disk-'));
  await run('mount', ['-t', 'tmpfs', '-o', 'size=64k,mode=700', 'tmpfs', disk]);
});
afterEach(async () => {
  await run('umount', [disk]);
  await rm(disk, { recursive: true });
});

const record = (accessToken: string): TokenRecord => ({ token: { accessToken, tokenType: 'Bearer' } });

it('a full disk is an error that says so, and the token that was there stays', async () => {
  const store = fileTokenStore(join(disk, 'tokens'));
  const written = await store.write('key', record('a'), undefined);
  await writeFile(join(disk, 'filler'), Buffer.alloc(60_000)).catch(() => undefined);
  const version = written.ok ? written.version : undefined;
  for (const attempt of [() => store.write('key', record('b'.repeat(40_000)), version), () => store.probe('key')]) {
    await expect(attempt()).rejects.toMatchObject({
      code: 'ERR_AUTH_STORE',
      message: expect.stringContaining('ENOSPC'),
    });
  }
  expect(await store.read('key')).toMatchObject({ token: { accessToken: 'a' } });
  await rm(join(disk, 'filler'));
  expect(await store.write('key', record('c'), version)).toMatchObject({ ok: true });
  expect((await readdir(join(disk, 'tokens'))).filter((name) => /tmp|probe|corrupt/.test(name))).toEqual([]);
});

it('a disk that has become read-only still gives its tokens, and says why it takes none', async () => {
  const store = fileTokenStore(join(disk, 'tokens'));
  await store.write('key', record('a'), undefined);
  await run('mount', ['-o', 'remount,ro', disk]);
  expect(await store.read('key')).toMatchObject({ token: { accessToken: 'a' } });
  await expect(store.probe('key')).rejects.toMatchObject({ message: expect.stringContaining('EROFS') });
});

it('the command line signs nobody in on a full disk, and uses a login on a read-only one', async () => {
  const client = nativeClient('cli');
  const as = await startAuthorizationServer({ clients: [client] });
  const env = { HOME: '/nonexistent', XDG_DATA_HOME: disk, AUTHWIRE_STORE: 'file', BROWSER: VISIT };
  const login = () => authwire(['login', as.issuer, '--client-id', 'cli'], { env });
  expect((await login()).code).toBe(0);
  const { stdout } = await authwire(['token'], { env });

  await writeFile(join(disk, 'filler'), Buffer.alloc(60_000)).catch(() => undefined);
  const asked = as.traffic.count({ path: '/auth' });
  expect(await login()).toMatchObject({ code: 1, stderr: expect.stringContaining('ENOSPC') });
  expect(as.traffic.count({ path: '/auth' })).toBe(asked);
  await rm(join(disk, 'filler'));

  await run('mount', ['-o', 'remount,ro', disk]);
  expect(await login()).toMatchObject({ code: 1, stderr: expect.stringContaining('EROFS') });
  expect(await authwire(['token'], { env })).toMatchObject({ code: 0, stdout });
  await as.close();
});
