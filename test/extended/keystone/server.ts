/**
 * OpenStack's own Keystone on the loopback, in a folder of its own that goes away with it: one on which tokens live for
 * an hour, and the same once more, on which they live for two seconds.
 */

import { execFile } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { promisify } from 'node:util';
import { atExit, freePort, type RunningServer, serverFolder, startProcess } from '../server-process.ts';
import { type Configured, configure } from './configure.ts';

/** Where a started Keystone is. */
export interface Keystone extends Configured {
  readonly origin: string;
  /** The same users and services, and tokens that live for two seconds. */
  readonly shortLived: string;
}

declare module 'vitest' {
  export interface ProvidedContext {
    keystone: Keystone;
  }
}

const run = promisify(execFile);
/** Python takes its time to read it all, more so while others are busy. */
const START_DEADLINE_MS = 120_000;

export async function startKeystone(): Promise<Keystone & RunningServer> {
  const { stdout } = await run('keystone-manage', ['--version']);
  const { folder, remove } = serverFolder('keystone');
  const running: Pick<RunningServer, 'pid' | 'stop'>[] = [];
  const stop = async () => {
    for (const one of running) await one.stop();
    remove();
  };
  try {
    const [port, shortPort] = [await freePort(), await freePort()];
    const [origin, shortLived] = [port, shortPort].map((one) => `http://127.0.0.1:${one}`) as [string, string];
    configurationFile(folder, 'keystone.conf', 3600);
    configurationFile(folder, 'short.conf', 2);
    await prepare(folder, `${origin}/v3`);
    running.push(await serve(folder, 'keystone.conf', port), await serve(folder, 'short.conf', shortPort));
    const configured = await configure(origin);
    const pid = running[0]?.pid as number;
    return { origin, shortLived, ...configured, pid, version: `keystone ${stdout.trim()}`, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function prepare(folder: string, url: string): Promise<void> {
  const { uid, gid } = userInfo();
  const leaving = new AbortController();
  atExit(() => leaving.abort());
  const limits = { timeout: START_DEADLINE_MS, signal: leaving.signal };
  const manage = (...args: string[]) =>
    run('keystone-manage', ['--config-file', join(folder, 'keystone.conf'), ...args], limits);
  await manage('db_sync');
  for (const keys of ['fernet', 'receipts', 'credential']) mkdirSync(join(folder, keys), { mode: 0o700 });
  const owner = ['--keystone-user', String(uid), '--keystone-group', String(gid)];
  for (const command of ['fernet_setup', 'receipt_setup', 'credential_setup']) await manage(command, ...owner);
  const urls = ['admin', 'public', 'internal'].flatMap((face) => [`--bootstrap-${face}-url`, url]);
  await manage('bootstrap', '--bootstrap-password', 'admin-pass', '--bootstrap-region-id', 'RegionOne', ...urls);
  // Otherwise one request in six fails with "database is locked".
  const database = new DatabaseSync(join(folder, 'keystone.db'));
  database.exec('PRAGMA journal_mode=WAL');
  database.close();
}

function serve(folder: string, file: string, port: number): Promise<Pick<RunningServer, 'pid' | 'stop'>> {
  const { PATH, HOME } = process.env;
  return startProcess({
    command: 'keystone-wsgi-public',
    // By default it listens on all interfaces.
    args: ['-b', '127.0.0.1', '-p', String(port)],
    env: { PATH, HOME, OS_KEYSTONE_CONFIG_DIR: folder, OS_KEYSTONE_CONFIG_FILES: file },
    answers: async () => (await fetch(`http://127.0.0.1:${port}/v3`)).arrayBuffer(),
    deadlineMs: START_DEADLINE_MS,
  });
}

function configurationFile(folder: string, file: string, tokensLiveForSeconds: number): void {
  writeFileSync(
    join(folder, file),
    `
[DEFAULT]
log_file = ${folder}/${file}.log
[auth]
methods = password,token,application_credential,totp
[database]
connection = sqlite:///${folder}/keystone.db
[token]
provider = fernet
expiration = ${tokensLiveForSeconds}
allow_expired_window = 0
[fernet_tokens]
key_repository = ${folder}/fernet
[fernet_receipts]
key_repository = ${folder}/receipts
[credential]
key_repository = ${folder}/credential
[cache]
enabled = false
[identity]
password_hash_rounds = 4
`,
  );
}
