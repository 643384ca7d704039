import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import {
  type AuthorizationServer,
  nativeClient,
  startAuthorizationServer,
} from '../../helpers/authorization-server.ts';
import { authwire } from './run.ts';
import { startAuthwire } from './session.ts';

const VISIT = `${process.execPath} ${fileURLToPath(new URL('../../helpers/login/visit.ts', import.meta.url))}`;
let as: AuthorizationServer;
let home: string;

beforeEach(async () => {
  as = await startAuthorizationServer({
    clients: [nativeClient('cli')],
  });
  home = await mkdtemp(join(tmpdir(), 'authwire-faults-'));
});
afterEach(async () => {
  await as.close();
  await rm(home, { recursive: true });
});

const env = (more: Record<string, string> = {}) => ({ HOME: home, AUTHWIRE_STORE: 'file', ...more });
const run = (args: readonly string[], more: Record<string, string> = {}) =>
  authwire(args, { env: env({ BROWSER: VISIT, ...more }) });
const login = (more: Record<string, string> = {}) => run(['login', as.issuer, '--client-id', 'cli'], more);

describe('a home that takes no files', () => {
  it('is said before the browser opens', async () => {
    // Root may write anywhere: a file stands where the folder would be.
    await mkdir(join(home, '.local'));
    await writeFile(join(home, '.local/share'), '');
    const { stdout, stderr, code } = await login();
    expect({ stdout, code }, stderr).toEqual({ stdout: '', code: 1 });
    expect(stderr).toMatch(/authwire login: .*(?:ENOTDIR|EEXIST)/);
    expect(as.traffic.count({ path: '/auth' })).toBe(0);
    expect((await run(['config', 'init'], { XDG_CONFIG_HOME: join(home, '.local/share/config') })).stderr).toMatch(
      /ENOTDIR|EEXIST/,
    );
  });
});

describe('a clock that is wrong by an hour', () => {
  /** The clock of one process. */
  async function clock(hours: number): Promise<Record<string, string>> {
    const file = join(home, `clock${hours}.mjs`);
    const own = 'const now = Date.now; const D = Date;';
    const shifted = `const at = () => now() + ${hours} * 3_600_000;`;
    await writeFile(
      file,
      `${own}${shifted}globalThis.Date = class extends D { constructor(...a) { super(...(a.length ? a : [at()])); } static now() { return at(); } };`,
    );
    return { NODE_OPTIONS: `--import=${file}` };
  }

  it.each([1, -1])('signs in, or says that the clock may be wrong: %d', async (hours) => {
    const wrong = await clock(hours);
    const { stderr, code } = await login(wrong);
    if (code !== 0) expect(stderr).toMatch(/clock/);
    else {
      const { stdout } = await run(['token'], wrong);
      expect(await as.verify(stdout.trim())).toMatchObject({ sub: 'alice' });
    }
  });

  it.each([1, -1])('uses or renews a login of the right time: %d', async (hours) => {
    await login();
    const { stdout, stderr, code } = await run(['token'], await clock(hours));
    expect(code, stderr).toBe(0);
    expect(await as.verify(stdout.trim())).toMatchObject({ sub: 'alice' });
    expect((await run(['token'])).code).toBe(0);
  });
});

describe('Ctrl-C', () => {
  it('while the code is exchanged keeps nothing, and the former login', async () => {
    await login();
    const before = (await run(['token'])).stdout;
    const asked = as.traffic.count({ path: '/token' });
    const release = as.traffic.hold();
    const session = startAuthwire(['login', as.issuer, '--client-id', 'cli'], { env: env({ BROWSER: VISIT }) });
    await vi.waitFor(() => expect(as.traffic.count({ path: '/token' })).toBe(asked + 1), { timeout: 20_000 });
    session.interrupt();
    expect(await session.end).toMatchObject({ code: 130, stdout: '' });
    release();
    expect((await run(['token'])).stdout).toBe(before);
  });

  it('while the server is told of a logout leaves no login that looks alive', async () => {
    await login();
    const [{ file }] = JSON.parse((await run(['status', '--json'])).stdout).logins;
    let release = (): void => undefined;
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    as.settings.fault = async ({ path }) => {
      if (path === '/token/revocation') await held;
      return false;
    };
    const asked = as.traffic.count({ path: '/token/revocation' });
    const session = startAuthwire(['logout'], { env: env() });
    await vi.waitFor(() => expect(as.traffic.count({ path: '/token/revocation' })).toBe(asked + 1), {
      timeout: 20_000,
    });
    session.interrupt();
    expect(await session.end).toMatchObject({ code: 130, stdout: '' });
    release();
    expect((await run(['status'])).code).toBe(3);
    expect(await readFile(file, 'utf8')).not.toContain('refreshToken');
  });
});
