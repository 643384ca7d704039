import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type AuthorizationServer, DEVICE_CODE, startAuthorizationServer } from '../../helpers/authorization-server.ts';
import { authwire } from './run.ts';
import { startAuthwire } from './session.ts';

const VISIT = `${process.execPath} ${fileURLToPath(new URL('../../helpers/login/visit.ts', import.meta.url))}`;
let as: AuthorizationServer;
let home: string;

beforeEach(async () => {
  const client = {
    token_endpoint_auth_method: 'none',
    application_type: 'native',
    redirect_uris: ['http://127.0.0.1/callback'],
    grant_types: ['authorization_code', 'refresh_token', DEVICE_CODE],
  } as const;
  const own = { ...client, redirect_uris: [...client.redirect_uris], grant_types: [...client.grant_types] };
  as = await startAuthorizationServer({
    clients: [
      { client_id: 'cli', ...own },
      { client_id: 'other', ...own },
    ],
  });
  home = await mkdtemp(join(tmpdir(), 'authwire-login-'));
});
afterEach(async () => {
  await as.close();
  await rm(home, { recursive: true });
});

const env = (more: Record<string, string> = {}) => ({ HOME: home, AUTHWIRE_STORE: 'file', ...more });
const run = (...args: string[]) => authwire(args, { env: env({ BROWSER: VISIT }) });
const login = (...more: string[]) => run('login', as.issuer, '--client-id', 'cli', ...more);
/** What the command line keeps of a login. */
const kept = async (): Promise<{ accessToken: string; refreshToken: string; idToken: string }> => {
  const [{ file }] = JSON.parse((await run('status', '--json')).stdout).logins;
  const text = await readFile(file, 'utf8');
  const secret = (name: string) => new RegExp(`"${name}":\\s*"([^"]+)"`).exec(text)?.[1] as string;
  return { accessToken: secret('accessToken'), refreshToken: secret('refreshToken'), idToken: secret('idToken') };
};

describe('login, token, status, logout', () => {
  it('go together: somebody is signed in, has a token, and is shown without a value', async () => {
    const signedIn = await login();
    expect(signedIn.code, signedIn.stderr).toBe(0);
    expect(signedIn.stdout).toBe('');
    expect(signedIn.stderr).toContain(`authwire login: signed in at ${as.issuer} as alice\n`);

    const token = await run('token');
    expect({ code: token.code, stderr: token.stderr }).toEqual({ code: 0, stderr: '' });
    expect(token.stdout).toMatch(/^\S+\n$/);
    expect(await as.verify(token.stdout.trim())).toMatchObject({ sub: 'alice' });

    const { stdout, stderr, code } = await run('status');
    expect({ stderr, code }).toEqual({ stderr: '', code: 0 });
    expect(stdout).toContain(`${as.issuer} --client-id cli\n  alice, access token until `);
    expect(stdout).toContain(`Store: file, ${home}`);
    const json = await run('status', '--json');
    expect(JSON.parse(json.stdout)).toEqual({
      store: { kind: 'file', path: expect.stringContaining(home), notes: [expect.any(String)] },
      logins: [
        {
          profile: null,
          server: as.issuer,
          clientId: 'cli',
          account: '',
          user: 'alice',
          expiresAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
          renewable: true,
          file: expect.stringContaining(home),
        },
      ],
    });
    const secrets = await kept();
    for (const secret of Object.values(secrets)) {
      expect(secret).toMatch(/^.{20,}$/);
      expect(stdout + json.stdout + signedIn.stderr).not.toContain(secret);
    }
  });

  it('a token that has expired is refreshed, once for many commands at once', async () => {
    as.settings.accessTtl = 1;
    await login();
    const { accessToken } = await kept();
    as.settings.accessTtl = 600;
    await sleep(1000);
    const tokens = await Promise.all(Array.from({ length: 4 }, () => run('token')));
    expect(tokens.map(({ code, stderr }) => ({ code, stderr }))).toEqual(Array(4).fill({ code: 0, stderr: '' }));
    const [token = '', ...others] = new Set(tokens.map(({ stdout }) => stdout.trim()));
    expect(others).toEqual([]);
    expect(token).not.toBe(accessToken);
    expect(await as.verify(token)).toMatchObject({ sub: 'alice' });
  });

  it('Ctrl-C during a refresh loses no login', async () => {
    as.settings.accessTtl = 1;
    await login();
    await kept();
    await sleep(1000);
    const asked = as.traffic.count({ path: '/token' });
    const release = as.traffic.hold();
    const session = startAuthwire(['token'], { env: env() });
    await vi.waitFor(() => expect(as.traffic.count({ path: '/token' })).toBe(asked + 1), { timeout: 10_000 });
    session.interrupt();
    await session.saying(/interrupted/);
    release();
    expect(await session.end).toMatchObject({ code: 130, stdout: '' });
    as.settings.accessTtl = 600;
    const { code, stderr } = await run('token');
    expect(code, stderr).toBe(0);
  });

  it('logging out revokes both tokens and forgets them', async () => {
    await login();
    const { accessToken, refreshToken } = await kept();
    const out = await run('logout');
    expect({ code: out.code, stdout: out.stdout }).toEqual({ code: 0, stdout: '' });
    expect(out.stderr).toBe(`authwire logout: signed out at ${as.issuer}\n`);
    expect(await as.verify(accessToken)).toBeUndefined();
    expect(await as.provider.RefreshToken.find(refreshToken)).toBeUndefined();
    const after = await Promise.all([run('status'), run('token'), run('logout')]);
    expect(after.map(({ code }) => code)).toEqual([3, 3, 3]);
  });

  it('a login replaces the former one only when it is complete', async () => {
    await login();
    const { accessToken } = await kept();
    const late = await authwire(['login', as.issuer, '--client-id', 'cli', '--timeout', '0.5'], {
      env: env({ BROWSER: 'true' }),
    });
    expect({ code: late.code, stdout: late.stdout }).toEqual({ code: 3, stdout: '' });
    expect(late.stderr).toMatch(/authwire login: .*within/);
    expect((await run('token')).stdout.trim()).toBe(accessToken);
    await run('login', `${as.issuer}/`, '--client-id', 'cli');
    const token = (await run('token')).stdout.trim();
    expect(token).not.toBe(accessToken);
    expect(await as.verify(token)).toMatchObject({ sub: 'alice' });
  });

  it('several logins are told apart, and one that is not named is asked for', async () => {
    await login();
    await login('--account', 'work');
    await run('login', as.issuer, '--client-id', 'other');
    const { stderr, code, stdout } = await run('token', as.issuer);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toContain(`${as.issuer} --client-id cli --account work`);
    const tokens = await Promise.all([
      run('token', '--client-id', 'other'),
      run('token', '--client-id', 'cli', '--account', 'work'),
      run('token', '--client-id', 'cli', '--account', ''),
    ]);
    expect(new Set(tokens.map((one) => one.stdout)).size).toBe(3);
    expect(tokens.map((one) => one.code)).toEqual([0, 0, 0]);
  });

  it('the server that cannot be told is named, and the tokens are forgotten', async () => {
    await login();
    await as.close();
    const { stderr, code } = await run('logout');
    expect(code).toBe(1);
    expect(stderr).toContain(`the tokens are forgotten here, but not revoked at ${as.issuer}`);
    expect((await run('status')).code).toBe(3);
    as = await startAuthorizationServer();
  });

  it('a code on another screen signs in where there is no browser, in a terminal', async () => {
    const session = startAuthwire(['login', as.issuer, '--client-id', 'cli'], { env: env(), isTerminal: true });
    const [, code = ''] = await session.saying(/enter the code {2}(\S+)/);
    await as.approveDevice(code);
    expect(await session.end).toMatchObject({ code: 0, stdout: '' });
    expect((await run('token')).code).toBe(0);
  });

  it('a code that nobody enters in time is exit code 3', async () => {
    const session = startAuthwire(['login', as.issuer, '--client-id', 'cli', '--timeout', '1'], {
      env: env(),
      isTerminal: true,
    });
    const { stdout, stderr, code } = await session.end;
    expect({ stdout, code }, stderr).toEqual({ stdout: '', code: 3 });
    expect(stderr).toContain('no one signed in within 1 s');
  });

  it('Ctrl-C ends a login with 130 and keeps nothing, the terminal as it was', async () => {
    const session = startAuthwire(['login', as.issuer, '--client-id', 'cli', '--timeout', '0'], {
      env: env({ BROWSER: 'true' }),
      isTerminal: true,
    });
    await session.saying(/Press Enter for a new link/);
    session.type('\u0003');
    expect(await session.end).toMatchObject({ code: 130, stdout: '' });
    expect((await run('status')).code).toBe(3);
  });

  it.each([
    [
      'nobody who could sign in',
      ['login', 'https://login.example.com', '--client-id', 'cli', '--no-device'],
      { CI: '1' },
      3,
    ],
    ['a name for an address', ['login', 'prod', '--client-id', 'x'], {}, 1],
    ['no client', ['login', 'https://login.example.com'], {}, 1],
    ['an unknown store', ['status', '--store', 'memory'], {}, 1],
  ])('fails on %s, with nothing on standard output', async (_name, args, more, expected) => {
    const [command = '', server = '', ...rest] = args;
    const there = server === 'https://login.example.com' && expected === 3 ? as.issuer : server;
    const { stdout, stderr, code } = await authwire([command, there, ...rest], { env: env(more) });
    expect({ stdout, code }, stderr).toEqual({ stdout: '', code: expected });
    expect(stderr).not.toBe('');
  });
});
