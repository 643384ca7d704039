import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type AuthenticateOptions, authenticate } from '../../../src/node/login/freva/authenticate.ts';
import { nativeClient, startAuthorizationServer } from '../../helpers/authorization-server.ts';
import { TestBrowser } from '../../helpers/login/browser.ts';

/** A freva server: its endpoints, and behind them a login page that sends the browser straight back. */
let server: Server;
let host: string;
let asked: { path: string; form: Record<string, string> }[];
let answers: Record<string, (form: Record<string, string>) => { status?: number; body: unknown }>;
let folder: string;
let file: string;
const now = () => Math.floor(Date.now() / 1000);
const fresh = (n: number) => ({
  access_token: `access-${n}`,
  token_type: 'Bearer',
  expires: now() + 300,
  refresh_token: `refresh-${n}`,
  refresh_expires: now() + 3600,
  scope: 'profile',
});

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'authwire-freva-'));
  vi.stubEnv('XDG_DATA_HOME', join(folder, 'data'));
  file = join(folder, 'token.json');
  asked = [];
  answers = {
    '/auth/v2/token': () => ({ body: fresh(asked.length) }),
    '/auth/v2/device': () => ({ status: 503, body: { detail: 'no device flow' } }),
    '/auth/v2/auth-ports': () => ({ body: { valid_ports: [54_123, 54_124, 54_125] } }),
  };
  server = createServer(async (request, response) => {
    const url = new URL(request.url ?? '', 'http://127.0.0.1');
    const form = Object.fromEntries(new URLSearchParams(await text(request)));
    asked.push({ path: url.pathname, form });
    if (url.pathname === '/auth/v2/login') {
      const back = `${host}/idp?${new URLSearchParams({ back: url.searchParams.get('redirect_uri') ?? '', state: 'abc|verifier' })}`;
      response.writeHead(307, { location: back }).end();
    } else if (url.pathname === '/idp') {
      const query = new URLSearchParams({ code: 'the-code', state: url.searchParams.get('state') ?? '' });
      response.writeHead(302, { location: `${url.searchParams.get('back')}?${query}` }).end();
    } else {
      const { status = 200, body } = answers[url.pathname]?.(form) ?? { status: 404, body: { detail: 'Not Found' } };
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  host = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(async () => {
  vi.unstubAllEnvs();
  server.close();
  server.closeAllConnections();
  await rm(folder, { recursive: true });
});

const open = async (url: string) => void new TestBrowser().go(url);
const call = (more: AuthenticateOptions = {}) =>
  authenticate({ host, tokenFile: file, terminal: false, openBrowser: false, ...more });
const save = (token: object) => writeFile(file, JSON.stringify(token), { mode: 0o600 });
const saved = async () => JSON.parse(await readFile(file, 'utf8'));

describe('authenticate', () => {
  it('uses a token that is good for another minute, and asks nobody', async () => {
    await save(fresh(1));
    const token = await call();
    expect(token).toMatchObject({ access_token: 'access-1', headers: { Authorization: 'Bearer access-1' } });
    expect(asked).toEqual([]);
  });

  it.each([
    ['expires', () => ({ expires: now() + 59 })],
    ['exp', () => ({ expires: undefined, exp: now() + 59 })],
    ['expires_at as text', () => ({ expires: undefined, expires_at: new Date(Date.now() + 59_000).toISOString() })],
    ['expires_in since the file was written', () => ({ expires: undefined, expires_in: 30 })],
    ['expiresAt in milliseconds', () => ({ expires: undefined, expiresAt: Date.now() + 59_000 })],
  ])('refreshes one that is not, by %s, and writes the new one back', async (_name, more) => {
    await save({ ...fresh(0), ...more() });
    expect(await call()).toMatchObject({ access_token: 'access-1' });
    expect(asked).toEqual([{ path: '/auth/v2/token', form: { 'refresh-token': 'refresh-0' } }]);
    expect(await saved()).toMatchObject({ access_token: 'access-1', refresh_token: 'refresh-1' });
    expect((await stat(file)).mode & 0o777).toBe(0o600);
  });

  it('keeps the refresh token where the server gives no other', async () => {
    answers['/auth/v2/token'] = () => ({ body: { access_token: 'a', expires_in: 300 } });
    await save({ ...fresh(0), expires: 0 });
    expect(await call()).toMatchObject({ refresh_token: 'refresh-0' });
    expect(await saved()).toMatchObject({ refresh_token: 'refresh-0' });
  });

  it('refreshes once for many callers', async () => {
    await save({ ...fresh(0), expires: now() });
    const tokens = await Promise.all(Array.from({ length: 8 }, () => call()));
    expect(new Set(tokens.map(({ access_token: token }) => token))).toEqual(new Set(['access-1']));
    expect(asked).toHaveLength(1);
  });

  it("replaces one server's token in freva's file of all servers", async () => {
    await save({
      [host]: { token: { ...fresh(0), expires: 1 }, stored_at: 1 },
      'https://other.example': { token: fresh(9) },
    });
    expect(await call()).toMatchObject({ access_token: 'access-1' });
    expect(await saved()).toMatchObject({
      [host]: { token: { access_token: 'access-1' } },
      'https://other.example': { token: { access_token: 'access-9' } },
    });
  });

  it('loses no login by trouble on the way', async () => {
    answers['/auth/v2/token'] = () => ({ status: 502, body: {} });
    await save({ ...fresh(0), expires: 1 });
    await expect(call({ openBrowser: open })).rejects.toMatchObject({ code: 'ERR_AUTH_TOKEN_ENDPOINT', status: 502 });
    expect(await saved()).toMatchObject({ refresh_token: 'refresh-0' });
  });

  it('signs in with the browser where the server has no device codes: state checked, verifier sent', async () => {
    await save({ ...fresh(0), expires: 1, refresh_expires: 1 });
    expect(await call({ openBrowser: open })).toMatchObject({ access_token: expect.stringMatching(/^access-/) });
    expect(asked.at(-1)).toEqual({
      path: '/auth/v2/token',
      form: { code: 'the-code', code_verifier: 'verifier', redirect_uri: 'http://localhost:54123/callback' },
    });
  });

  it('signs in with a device code', async () => {
    const codes = {
      device_code: 'd',
      user_code: 'ABCD',
      verification_uri: 'https://idp.example/d',
      expires_in: 60,
      interval: 0.01,
    };
    answers['/auth/v2/device'] = () => ({ body: codes });
    answers['/auth/v2/token'] = () =>
      asked.length < 4 ? { status: 400, body: { error: 'authorization_pending' } } : { body: fresh(7) };
    const shown: string[] = [];
    const token = await call({ onCode: ({ userCode }) => void shown.push(userCode) });
    expect(token).toMatchObject({ access_token: 'access-7' });
    expect(shown).toEqual(['ABCD']);
    expect(asked.at(-1)?.form).toEqual({ 'device-code': 'd' });
  });

  it('signs in anew if it must', async () => {
    await save(fresh(0));
    await call({ force: true, openBrowser: open });
    expect(asked.map(({ path }) => path)).toContain('/auth/v2/login');
  });

  it('is an error in batch jobs, and asks nobody', async () => {
    vi.stubEnv('SLURM_JOB_ID', '1');
    await expect(call()).rejects.toMatchObject({
      code: 'ERR_AUTH_LOGIN_REQUIRED',
      message: expect.stringContaining('SLURM_JOB_ID'),
    });
  });

  it('ends in time', async () => {
    const idle = async () => undefined;
    await expect(call({ openBrowser: idle, timeoutMs: 50 })).rejects.toThrow('no one signed in within');
  });

  it('keeps a token of its own where no file is named', async () => {
    const { access_token: first } = await authenticate({ host, terminal: false, openBrowser: open });
    expect(await authenticate({ host: `${host}/`, terminal: false, openBrowser: false })).toMatchObject({
      access_token: first,
    });
  });

  it('finds the endpoints below the path of freva', async () => {
    answers['/api/freva-nextgen/auth/v2/token'] = () => ({ body: fresh(5) });
    delete answers['/auth/v2/token'];
    await save({ ...fresh(0), expires: 1 });
    expect(await call()).toMatchObject({ access_token: 'access-5' });
  });

  it('discovers an authorization server where there is no freva', async () => {
    const as = await startAuthorizationServer({
      clients: [nativeClient('cli')],
    });
    const own = { host: as.issuer, clientId: 'cli', scope: 'openid read' };
    const token = await call({ ...own, openBrowser: open });
    expect(token).toMatchObject({ access_token: expect.any(String), refresh_token: expect.stringMatching(/.+/) });
    await save({ ...token, expires: 1 });
    expect((await call(own)).access_token).not.toBe(token.access_token);
    await as.close();
  });

  it.each(['', 'http://freva.example', 'https://ada:secret@freva.example'])('takes no host like %j', async (wrong) => {
    await expect(call({ host: wrong })).rejects.toMatchObject({ option: 'host' });
  });

  it('does not take a broken file for none, and quotes nothing of it', async () => {
    await writeFile(file, '{"access_token": "secret', { mode: 0o600 });
    await expect(call()).rejects.toThrow('it is not JSON');
    await save({ something: 'else' });
    await expect(call()).rejects.toThrow('holds no token');
  });
});
