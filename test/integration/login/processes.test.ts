import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type AuthorizationServer, startAuthorizationServer } from '../../helpers/authorization-server.ts';

const run = promisify(execFile);
const PROGRAM = fileURLToPath(new URL('../../helpers/login/program.ts', import.meta.url));
let as: AuthorizationServer;
let folder: string;
beforeEach(async () => {
  as = await startAuthorizationServer();
  folder = await mkdtemp(join(tmpdir(), 'authwire-processes-'));
});
afterEach(async () => {
  await as.close();
  await rm(folder, { recursive: true });
});

it('several processes that start at once open one browser, and share the token', async () => {
  const [store, log] = [join(folder, 'tokens'), join(folder, 'log')];
  const program = () => run(process.execPath, [PROGRAM, as.issuer, store, log], { timeout: 25_000 });
  const tokens = await Promise.all(Array.from({ length: 4 }, program));
  expect(new Set(tokens.map(({ stdout }) => stdout)).size).toBe(1);
  expect((await readFile(log, 'utf8')).trim().split('\n')).toHaveLength(1);
});
