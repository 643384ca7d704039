import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { nativeClient, startAuthorizationServer } from '../../helpers/authorization-server.ts';
import { MAIN } from '../../integration/cli/run.ts';

const run = promisify(execFile);
const PROGRAM = fileURLToPath(new URL('./keyring-program.ts', import.meta.url));
const VISIT = `${process.execPath} ${fileURLToPath(new URL('../../helpers/login/visit.ts', import.meta.url))}`;
/** GNOME's keyring on a bus of its own, with the password that it is given, or locked without one. */
const SESSION = `
set -eu
if [ -n "$KEYRING_PASSWORD" ]; then
  eval "$(printf %s "$KEYRING_PASSWORD" | gnome-keyring-daemon --unlock --components=secrets)"
else
  eval "$(gnome-keyring-daemon --start --components=secrets)"
fi
"$@"`;

let home: string;
let tokens: string;
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'authwire-gnome-'));
  tokens = join(home, 'tokens');
  await mkdir(join(home, 'run'), { mode: 0o700 });
});
afterEach(() => rm(home, { recursive: true, force: true, maxRetries: 5 }));

function program(action: string, password: string | undefined) {
  return inSession([PROGRAM, tokens, action], password).then(({ stdout }) => JSON.parse(stdout));
}

/** Runs Node in a session of somebody whose keyring has this password, is locked (empty) or missing. */
async function inSession(args: readonly string[], password: string | undefined, more: Record<string, string> = {}) {
  const own = [process.execPath, ...args];
  const env: Record<string, string | undefined> = {
    ...process.env,
    HOME: home,
    XDG_DATA_HOME: join(home, 'data'),
    XDG_RUNTIME_DIR: join(home, 'run'),
    KEYRING_PASSWORD: password ?? '',
    ...more,
  };
  delete env.DBUS_SESSION_BUS_ADDRESS;
  const words = password === undefined ? own : ['dbus-run-session', '--', 'sh', '-c', SESSION, 'sh', ...own];
  return run(String(words[0]), words.slice(1), { env, timeout: 20_000 });
}

it('keeps a login of 45 kB in an unlocked keyring, for the next session as well', async () => {
  expect(await program('write', 'open sesame')).toMatchObject({ ok: true, messages: [] });
  expect(await program('read', 'open sesame')).toMatchObject({ found: true });
  expect(await program('status', 'open sesame')).toMatchObject({ kind: 'keyring', path: tokens });
  for (const name of (await readdir(tokens)).filter((one) => one !== 'locks')) {
    expect(await readFile(join(tokens, name), 'latin1')).not.toContain('topsecret');
  }
});

it('does not lose the login when the keyring is locked, and answers in time', async () => {
  await program('write', 'open sesame');
  for (const action of ['read', 'write']) {
    const { error, ms } = await program(action, '');
    expect(error).toContain('Unlock the keyring');
    expect(ms).toBeLessThan(4000);
  }
  expect(await program('read', 'open sesame')).toMatchObject({ found: true });
});

it('says where tokens go without a session bus', async () => {
  const { ok, messages } = await program('write', undefined);
  expect(ok).toBe(true);
  expect(messages).toEqual([expect.stringContaining('kept in the clear')]);
  expect(await program('status', undefined)).toMatchObject({ kind: 'file', notes: messages });
});

it('the command line keeps a login while the keyring is locked, and says so', async () => {
  const client = nativeClient('cli');
  const as = await startAuthorizationServer({ clients: [client] });
  const authwire = (password: string, ...args: string[]) => inSession([MAIN, ...args], password, { BROWSER: VISIT });
  await authwire('open sesame', 'login', as.issuer, '--client-id', 'cli');
  const { stdout } = await authwire('open sesame', 'token');
  for (const args of [['token'], ['login', as.issuer, '--client-id', 'cli'], ['status'], ['logout']]) {
    const locked = await authwire('', ...args).catch((error: unknown) => error);
    expect(locked, args[0]).toMatchObject({
      code: 1,
      stdout: '',
      stderr: expect.stringContaining('Unlock the keyring'),
    });
  }
  expect((await authwire('open sesame', 'token')).stdout).toBe(stdout);
  await as.close();
});
