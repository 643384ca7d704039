import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import {
  type AuthorizationServer,
  DEVICE_CODE,
  nativeClient,
  startAuthorizationServer,
} from '../../helpers/authorization-server.ts';
import { TestBrowser } from '../../helpers/login/browser.ts';
import { authwire } from './run.ts';
import { startAuthwire } from './session.ts';

const VISIT = `${process.execPath} ${fileURLToPath(new URL('../../helpers/login/visit.ts', import.meta.url))}`;
/** A browser that opens and shows nothing. */
const IDLE = 'true';
let as: AuthorizationServer;
let home: string;
let file: string;

beforeEach(async () => {
  as = await startAuthorizationServer({
    clients: [nativeClient('cli', DEVICE_CODE)],
  });
  home = await mkdtemp(join(tmpdir(), 'authwire-auth-'));
  file = join(home, 'token.json');
});
afterEach(async () => {
  await as.close();
  await rm(home, { recursive: true });
});

const now = () => Math.floor(Date.now() / 1000);
const fresh = () => ({ access_token: 'kept', token_type: 'Bearer', expires: now() + 300, scope: 'read' });
const save = (token: object) => writeFile(file, JSON.stringify(token), { mode: 0o600 });
const atServer = (...more: string[]) => [
  'auth',
  ...['--host', as.issuer, '--client-id', 'cli', '--scope', 'openid read', '--token-file', file],
  ...more,
];
const env = (more: Record<string, string> = {}) => ({ HOME: home, ...more });
const good = async (token: string) => (await as.verify(token)) !== undefined;

describe('authwire auth, in a pipe', () => {
  it('prints the token of the file that is still good, and nothing else', async () => {
    await save(fresh());
    const { stdout, stderr, code } = await authwire(['auth', '--token-file', file], { env: env() });
    expect({ stderr, code }).toEqual({ stderr: '', code: 0 });
    expect(JSON.parse(stdout)).toEqual({
      ...fresh(),
      expires: expect.any(Number),
      refresh_token: '',
      refresh_expires: 0,
      headers: { Authorization: 'Bearer kept' },
    });
    expect(stdout).toMatch(/^\{\n {3}"access_token"[\s\S]*\}\n$/);
  });

  it.each(['OIDC_TOKEN_FILE', 'FREVA_TOKEN_FILE'])('takes the file from %s', async (name) => {
    await save(fresh());
    const { stdout, code } = await authwire(['auth'], { env: env({ [name]: file }) });
    expect({ token: JSON.parse(stdout).access_token, code }).toEqual({ token: 'kept', code: 0 });
  });

  it('signs in with the browser, keeps the token in the file, and refreshes it when its time comes', async () => {
    const first = await authwire(atServer('--timeout', '0'), { env: env({ BROWSER: VISIT }) });
    expect(first.code, first.stderr).toBe(0);
    const token = JSON.parse(first.stdout);
    expect(await good(token.access_token)).toBe(true);
    expect(JSON.parse(await readFile(file, 'utf8'))).toEqual(token);
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect(first.stderr).not.toContain(token.access_token);

    await save({ ...token, expires: now() });
    const second = await authwire(atServer(), { env: env() });
    expect({ code: second.code, stderr: second.stderr }).toEqual({ code: 0, stderr: '' });
    expect(JSON.parse(second.stdout).access_token).not.toBe(token.access_token);
  });

  it('signs in with --force though the token is good', async () => {
    await save(fresh());
    const { stdout } = await authwire(atServer('-f'), { env: env({ BROWSER: VISIT }) });
    expect(await good(JSON.parse(stdout).access_token)).toBe(true);
  });

  it('says with -v what it asks for, without a value', async () => {
    const { stdout, stderr } = await authwire(atServer('-v'), { env: env({ BROWSER: VISIT }) });
    expect(stderr).toMatch(/^authwire auth: POST http:\S+\/token: 200, \d+ ms$/m);
    const token = JSON.parse(stdout);
    expect(stderr).not.toContain(token.access_token);
    expect(stderr).not.toContain(token.refresh_token);
  });

  it('fails where nobody can sign in', async () => {
    const { stdout, stderr, code } = await authwire(atServer(), { env: env() });
    expect({ stdout, code }).toEqual({ stdout: '', code: 1 });
    expect(stderr).toMatch(/^authwire auth: .*sign in/);
  });

  it('fails when the time is over', async () => {
    const { stdout, stderr, code } = await authwire(atServer('--timeout', '0.5'), { env: env({ BROWSER: IDLE }) });
    expect({ stdout, code }).toEqual({ stdout: '', code: 1 });
    expect(stderr).toContain('no one signed in within');
  });

  it('names what is missing as the command line spells it', async () => {
    const { stderr, code } = await authwire(['auth'], { env: env() });
    expect({ stderr, code }).toEqual({
      stderr: 'authwire auth: --host is missing, or --token-file with a valid token.\n',
      code: 1,
    });
  });

  it.each(['-1', 'soon', ''])('takes no --timeout %j', async (timeout) => {
    const { stdout, stderr, code } = await authwire(['auth', '--timeout', timeout], { env: env() });
    expect({ stdout, code }).toEqual({ stdout: '', code: 1 });
    expect(stderr).toContain('--timeout');
  });

  it('tells its version with -V', async () => {
    const { stdout, code } = await authwire(['auth', '-V']);
    expect(stdout).toMatch(/^\d+\.\d+\.\d+\S*\n$/);
    expect(code).toBe(0);
  });

  it('exits with 150 when it is interrupted, and leaves the file as it was', async () => {
    await save({ ...fresh(), expires: 1 });
    const before = await readFile(file, 'utf8');
    const session = startAuthwire(atServer(), { env: env({ BROWSER: IDLE }) });
    await session.saying(/http:\S+\/auth\?\S+/);
    session.interrupt();
    const { stdout, stderr, code } = await session.end;
    expect({ stdout, code }).toEqual({ stdout: '', code: 150 });
    expect(stderr).toMatch(/authwire auth: interrupted\n$/);
    expect(await readFile(file, 'utf8')).toBe(before);
  });
});

describe('Ctrl-C during a refresh', () => {
  async function refreshing() {
    const { stdout } = await authwire(atServer(), { env: env({ BROWSER: VISIT }) });
    await save({ ...JSON.parse(stdout), expires: 1 });
    const asked = as.traffic.count({ path: '/token' });
    const release = as.traffic.hold();
    const session = startAuthwire(atServer(), { env: env() });
    await vi.waitFor(() => expect(as.traffic.count({ path: '/token' })).toBe(asked + 1), { timeout: 10_000 });
    session.interrupt();
    await session.saying(/interrupted/);
    return { session, release, before: JSON.parse(stdout) };
  }

  it('keeps the answer, and prints nothing', async () => {
    const { session, release, before } = await refreshing();
    release();
    expect(await session.end).toMatchObject({ code: 150, stdout: '', stderr: 'authwire auth: interrupted\n' });
    const kept = JSON.parse(await readFile(file, 'utf8'));
    expect(kept.refresh_token).not.toBe(before.refresh_token);
    const { stdout } = await authwire(atServer(), { env: env() });
    expect(JSON.parse(stdout).access_token).toBe(kept.access_token);
  });

  it('does not wait a second time', async () => {
    const { session, release } = await refreshing();
    session.interrupt();
    expect(await session.end).toMatchObject({ code: 150, stdout: '' });
    release();
  });
});

describe('authwire auth, in a terminal', () => {
  const inTerminal = (args: readonly string[], more: Record<string, string> = {}) =>
    startAuthwire(args, { env: env(more), isTerminal: true });

  it('takes the pasted address of the last page', async () => {
    const session = inTerminal(atServer('--timeout', '25'), { BROWSER: IDLE });
    await session.saying(/Waiting for \S+, \d+ s left/);
    await session.saying(/Press Enter for a new link/);
    session.type('\r');
    // The first link answers with a form; the address after the second one holds the code.
    const [link] = await session.saying(
      /http:[\w.:/]+\/auth\?response_type=code&(?!response_mode=form_post)[\w.~%&=+-]+=S256/,
    );
    const { url } = await new TestBrowser().go(link, {}, '/callback');
    session.type(`${url.href}\r`);
    const { stdout, stderr, code } = await session.end;
    expect(code, stderr).toBe(0);
    expect(await good(JSON.parse(stdout).access_token)).toBe(true);
    expect(stderr).not.toContain(url.searchParams.get('code'));
  });

  it('signs in with a code where there is no browser', async () => {
    const session = inTerminal(atServer('--timeout', '25'));
    const [, code = ''] = await session.saying(/enter the code {2}(\S+)/);
    await as.approveDevice(code);
    const { stdout, stderr, code: status } = await session.end;
    expect(status, stderr).toBe(0);
    expect(await good(JSON.parse(stdout).access_token)).toBe(true);
  });

  it('ends at Ctrl-C with 150, the terminal as it was', async () => {
    const session = inTerminal(atServer('--timeout', '0'), { BROWSER: IDLE });
    await session.saying(/Press Enter for a new link/);
    await session.saying(/Waiting for/);
    session.type('\u0003');
    const { stdout, stderr, code } = await session.end;
    expect({ stdout, code }, stderr).toEqual({ stdout: '', code: 150 });
    expect(stderr.lastIndexOf('\u001b[?25h')).toBeGreaterThan(stderr.lastIndexOf('\u001b[?25l'));
  });

  it.each([
    ['has colours', {}, true],
    ['has none with NO_COLOR', { NO_COLOR: '1' }, false],
  ])('%s', async (_name, more, expected) => {
    const session = inTerminal(atServer(), { BROWSER: IDLE, ...more });
    await session.saying(/Waiting for/);
    session.type('\u0003');
    const { stderr } = await session.end;
    // biome-ignore lint/suspicious/noControlCharactersInRegex: colours are made of them.
    expect(/\u001b\[3\dm/.test(stderr)).toBe(expected);
  });
});
