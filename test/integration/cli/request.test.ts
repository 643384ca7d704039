import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  type AuthorizationServer,
  nativeClient,
  startAuthorizationServer,
} from '../../helpers/authorization-server.ts';
import { authwire } from './run.ts';
import { startAuthwire } from './session.ts';

const VISIT = `${process.execPath} ${fileURLToPath(new URL('../../helpers/login/visit.ts', import.meta.url))}`;
const BYTES = Buffer.from([0, 255, 10, 13, 128, 10]);
let as: AuthorizationServer;
let api: Server;
let home: string;
let base: string;
let seen: {
  method?: string | undefined;
  url?: string | undefined;
  headers: IncomingMessage['headers'];
  body: string;
}[];

beforeAll(async () => {
  as = await startAuthorizationServer({
    clients: [nativeClient('cli')],
  });
  api = createServer(async (request, response) => {
    const { method, url = '', headers } = request;
    seen.push({ method, url, headers, body: (await buffer(request)).toString('latin1') });
    const status = Number(/^\/(?:v1\/)?(\d{3})/.exec(url)?.[1] ?? 200);
    if (url === '/slow') return;
    if (url === '/cut')
      return void response.writeHead(200, { 'content-length': '99' }).write('part', () => response.destroy());
    response.writeHead(status, { 'x-name': 'value', ...(status === 304 ? {} : { 'content-type': 'application/x' }) });
    response.end(status === 304 ? undefined : BYTES);
  });
  await new Promise<void>((resolve) => api.listen(0, '127.0.0.1', resolve));
  base = `http://127.0.0.1:${(api.address() as AddressInfo).port}`;
  home = await mkdtemp(join(tmpdir(), 'authwire-request-'));
  await mkdir(join(home, '.config/authwire'), { recursive: true });
  const profiles = `[profiles.basic]\nauthType = "AuthBasic"\nurl = "${base}/v1/"\nusername = "ada"\npassword = "open sesame"\n`;
  await writeFile(join(home, '.config/authwire/config.toml'), profiles, { mode: 0o600 });
});
afterAll(async () => {
  api.closeAllConnections();
  api.close();
  await as.close();
  await rm(home, { recursive: true });
});
beforeEach(() => {
  seen = [];
});

const env = () => ({ HOME: home, AUTHWIRE_STORE: 'file', BROWSER: VISIT });
const run = (...args: string[]) => authwire(args, { env: env(), cwd: home });
const request = (...args: string[]) => run('request', ...args);
const basic = `Basic ${Buffer.from('ada:open sesame').toString('base64')}`;

describe('authwire request', () => {
  it('uses the only login, for the origin that is typed; without one it is 3', async () => {
    expect(await request(`${base}/me`)).toMatchObject({ stdout: '', code: 3 });
    await run('login', as.issuer, '--client-id', 'cli');
    const { code, stderr } = await request(`${base}/me`);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const [, token = ''] = seen.at(-1)?.headers.authorization?.split('Bearer ') ?? [];
    expect(await as.verify(token)).toMatchObject({ sub: 'alice' });
    expect((await request('--issuer', as.issuer, `${base}/me`)).code).toBe(0);
    expect(await request('http://api.example.com/')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('use https'),
    });
  });

  it('uses a profile, below its url; the body comes to standard output, byte for byte', async () => {
    const file = join(home, 'out');
    expect(await request('-p', 'basic', 'me?a=1', '-o', file)).toEqual({ code: 0, stdout: '', stderr: '' });
    expect(seen[0]).toMatchObject({ method: 'GET', url: '/v1/me?a=1', headers: { authorization: basic } });
    expect(await readFile(file)).toEqual(BYTES);
    expect((await request('-p', 'basic', 'me')).stdout).toBe(BYTES.toString());
  });

  it('sends a method, headers and a body', async () => {
    await writeFile(join(home, 'headers'), 'X-File: 1\nX-Key: 2\n');
    await writeFile(join(home, 'body'), BYTES);
    await request(
      '-p',
      'basic',
      'POST',
      '/a',
      '--json',
      '{"a":1}',
      '-H',
      'X-One: 1',
      '-H',
      `@${join(home, 'headers')}`,
    );
    await request('-p', 'basic', '/a', '-d', 'a=1');
    await request('-p', 'basic', 'put', '/a', '-d', `@${join(home, 'body')}`, '-H', 'content-type: application/pdf');
    await authwire(['request', '-p', 'basic', '/a', '-d', '@-'], { env: env(), input: 'from a pipe', cwd: home });
    const shown = seen.map(({ method, headers, body }) => [method, headers['content-type'], body]);
    expect(shown).toEqual([
      ['POST', 'application/json', '{"a":1}'],
      ['POST', 'application/x-www-form-urlencoded', 'a=1'],
      ['PUT', 'application/pdf', BYTES.toString('latin1')],
      ['POST', undefined, 'from a pipe'],
    ]);
    expect(seen[0]?.headers).toMatchObject({ 'x-one': '1', 'x-file': '1', 'x-key': '2' });
  });

  it('writes status and headers with -i', async () => {
    const { stdout } = await request('-p', 'basic', '-i', 'me');
    expect(stdout).toMatch(/^HTTP\/1\.1 200 OK\r\n[\s\S]*x-name: value\r\n\r\n/);
  });

  it.each([
    [204, 0, ''],
    [304, 6, '304 Not Modified'],
    [404, 4, '404 Not Found'],
    [503, 5, '503 Service Unavailable'],
  ])('%d is exit code %d', async (status, code, said) => {
    const result = await request('-p', 'basic', String(status));
    expect(result.code).toBe(code);
    expect(result.stderr).toBe(said === '' ? '' : `authwire request: ${said}\n`);
    expect(result.stdout.length > 0).toBe(status > 400);
  });

  it.each([
    [['-p', 'basic', 'https://elsewhere.example/'], 'is for http://127.0.0.1:'],
    [['-p', 'basic', '/a', '-H', 'Authorization: Bearer x'], 'put the header into a file'],
    [['-p', 'basic', '/a', '-H', ' Cookie : a=b'], 'put the header into a file'],
    [['-p', 'basic', '/a', '-H', 'X-Api-Key: abc'], 'put the header into a file'],
    [['-p', 'basic', '/a', '-H', 'no header'], "a header must be 'Name: value'"],
    [['-p', 'basic', '/a', '-d', 'a', '--json', '1'], 'contradict each other'],
    [['-p', 'basic', '/a', '-d', '@/nonexistent'], '/nonexistent cannot be read: ENOENT'],
    [['/a'], 'the URL must begin with https://'],
    [['https://ada:secret@api.example.com/'], 'must hold no user and password'],
    [['-p', 'basic', '/cut'], 'authwire request: '],
  ])('%j is exit code 1, with the reason', async (args, message) => {
    const sent = seen.length;
    const { stderr, code } = await request(...args);
    expect(code, stderr).toBe(1);
    expect(stderr).toContain(message);
    expect(stderr).not.toContain('secret');
    expect(stderr).not.toMatch(/Bearer x|a=b|abc/);
    if (!args.includes('/cut')) expect(seen.length).toBe(sent);
  });

  it('ends at Ctrl-C with 130', async () => {
    const session = startAuthwire(['request', '-p', 'basic', `${base}/slow`], { env: env() });
    await expect.poll(() => seen.length, { timeout: 10_000 }).toBe(1);
    session.interrupt();
    expect(await session.end).toMatchObject({ code: 130, stdout: '', stderr: 'authwire request: interrupted\n' });
  });
});

describe('authwire store', () => {
  it('lists what is kept without a value, and removes it', async () => {
    await run('login', as.issuer, '--client-id', 'cli', '--account', 'work');
    const token = (await run('token', '--account', 'work')).stdout.trim();
    const { stdout } = await run('store', 'list', '--json');
    const { credentials, store } = JSON.parse(stdout);
    expect(store).toMatchObject({ kind: 'file' });
    expect(credentials[0]).toEqual({
      id: expect.stringMatching(/^[\da-f]{12}$/),
      key: expect.stringContaining(as.issuer),
      expiresAt: expect.stringMatching(/Z$/),
      renewable: true,
      ended: null,
      file: expect.stringContaining(home),
    });
    const text = await run('store', 'list');
    expect(text.stdout).toContain(credentials[0].id);
    expect(stdout + text.stdout).not.toContain(token);

    const work = credentials.find(({ key }: { key: string }) => key.includes('work'));
    expect((await run('store', 'remove', work.id)).code).toBe(0);
    expect((await run('token', '--account', 'work')).code).toBe(3);
    expect((await run('store', 'remove', work.id)).code).toBe(1);
    expect(await run('store', 'clear')).toMatchObject({ code: 1, stderr: expect.stringContaining('--yes') });
    expect((await run('store', 'clear', '--yes')).code).toBe(0);
    expect((await run('store', 'list')).stdout).toBe('Nothing is kept.\n');
  });
});
