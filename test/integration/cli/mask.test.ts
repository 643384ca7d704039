import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { authwire, MAIN } from './run.ts';

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'authwire-mask-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

function file(name: string, content: string | Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

const HAR = {
  log: {
    version: '1.2',
    entries: Array.from({ length: 300 }, (_, i) => ({
      request: {
        method: 'POST',
        url: `https://api.example/items?page=${i}&access_token=marker-q${i}`,
        headers: [
          { name: 'Accept', value: 'application/json' },
          { name: 'Authorization', value: `Bearer marker-h${i}` },
          { name: 'Cookie', value: `sid=marker-c${i}` },
        ],
        cookies: [{ name: 'sid', value: `marker-c${i}`, path: '/' }],
        queryString: [{ name: 'access_token', value: `marker-q${i}` }],
        postData: { mimeType: 'application/json', text: JSON.stringify({ password: `marker-p${i}`, n: i }) },
      },
      response: { status: 200, content: { text: JSON.stringify({ refresh_token: `marker-r${i}` }) } },
    })),
  },
};

describe('authwire mask', () => {
  it.each([
    ['one line', undefined],
    ['many lines', 2],
  ])('cleans a HAR file of %s, which stays JSON with as many lines', async (_name, indent) => {
    const har = JSON.stringify(HAR, null, indent);
    const { stdout, stderr, code } = await authwire(['mask', file('session.har', har)]);
    expect(code).toBe(0);
    expect(stdout).not.toContain('marker');
    expect(stdout.split('\n')).toHaveLength(har.split('\n').length);
    const { entries } = (JSON.parse(stdout) as typeof HAR).log;
    expect(entries).toHaveLength(300);
    expect(entries[7]?.request).toMatchObject({
      url: 'https://api.example/items?page=7&access_token=*****',
      headers: [{}, { name: 'Authorization', value: 'Bearer *****' }, { value: 'sid=*****' }],
      postData: { text: '{"password":"*****","n":7}' },
    });
    expect(stderr).toBe(
      'authwire mask: 2100 secrets masked (300 authorization headers, 600 cookies, 1200 parameters)\n',
    );
  });

  it('masks what the environment knows in every encoding, and says how often', async () => {
    const password = 'correct horse';
    const input = `a ${password} b\n${encodeURIComponent(password)}\n${Buffer.from(password).toString('base64')}\n/usr/bin true\n`;
    const env = { DB_PASSWORD: password, KEY_TOKEN: '/usr/bin', OTHER_SECRET: 'true' };
    const { stdout, stderr } = await authwire(['mask'], { input, env });
    expect(stdout).toMatch(/^a \*{5} b\n\*{5}\n\*{5}\S{0,4}\n\/usr\/bin true\n$/);
    expect(stderr).toBe('authwire mask: 3 secrets masked (3 known values)\n');
  });

  it('masks a secret of several lines line by line', async () => {
    const SIGNING_SECRET = 'first line of it\nsecond line of it';
    const { stdout } = await authwire(['mask'], { input: `x ${SIGNING_SECRET} y\n`, env: { SIGNING_SECRET } });
    expect(stdout).toBe('x *****\n***** y\n');
  });

  it('takes only named variables with --env and --no-env', async () => {
    const env = { DB_PASS: 'first-one', DB_PASSWORD: 'second-one' };
    const { stdout } = await authwire(['mask', '--env', 'DB_PASS', '--no-env', '-q'], {
      input: 'first-one second-one',
      env,
    });
    expect(stdout).toBe('***** second-one');
  });

  it('masks the secrets of credential fields, and not the other fields', async () => {
    const fields = {
      username: 'bob-the-user',
      password: 'field-pass',
      httpHeader1: 'X-Auth: header-value',
      url: 'https://h',
    };
    const path = file('credentials.json', JSON.stringify({ api: fields }));
    const input = 'bob-the-user field-pass header-value https://h';
    const { stdout, stderr } = await authwire(['mask', '--quiet', '--credentials', path], { input });
    expect(stdout).toBe('bob-the-user ***** ***** https://h');
    expect(stderr).toBe('');
  });

  it('writes several files one after the other, and survives bytes that are no UTF-8', async () => {
    const first = file('a.log', 'token=abc');
    const second = file('b.log', new Uint8Array([0xff, 0xfe, 0x00, 0x0a]));
    const { stdout, code } = await authwire(['mask', first, '-', second], { input: '|password=x|\n' });
    expect(stdout).toBe('token=*****|password=*****\n\uFFFD\uFFFD\0\n');
    expect(code).toBe(0);
  });

  it('keeps a private key together that comes between other lines', async () => {
    const key = `-----BEGIN PRIVATE KEY-----\n${'MIIEvQIBADANBgkqhkiG9w0BAQ\n'.repeat(40)}-----END PRIVATE KEY-----\n`;
    const { stdout, stderr } = await authwire(['mask'], { input: `${'a line\n'.repeat(9000)}${key}`.repeat(5) });
    expect(stdout).not.toContain('MIIE');
    expect(stderr).toBe('authwire mask: 5 secrets masked (5 private keys)\n');
  });

  it.each([
    ['a file', ['mask', '/no/such.log'], 'authwire mask: /no/such.log: no such file.\n'],
    ['a folder', ['mask', '/'], 'authwire mask: / is a directory.\n'],
    ['a variable', ['mask', '--env', 'NOT_SET'], 'authwire mask: the environment variable NOT_SET is not set.\n'],
    ['a credential file', ['mask', '--credentials', '/no.json'], 'authwire mask: /no.json cannot be read: ENOENT.\n'],
  ])('ends with 1 where %s is missing, and writes nothing', async (_name, args, message) => {
    expect(await authwire(args, { input: 'text' })).toEqual({ stdout: '', stderr: message, code: 1 });
  });

  it('does not quote a credential file that is no JSON', async () => {
    const path = file('broken.json', 'marker-secret');
    const { stderr, code } = await authwire(['mask', '--credentials', path]);
    expect(code).toBe(1);
    expect(stderr).not.toContain('marker');
  });

  it('ends quietly when nobody reads on', async () => {
    const child = spawn(process.execPath, [MAIN, 'mask', file('long.log', 'a line\n'.repeat(500_000))]);
    child.stdout.once('data', () => child.stdout.destroy());
    const exit = new Promise((resolve) => child.on('close', resolve));
    expect([await text(child.stderr), await exit]).toEqual(['', 0]);
  });

  it('explains itself', async () => {
    const { stdout, code } = await authwire(['mask', '--help']);
    expect(code).toBe(0);
    expect(stdout).toContain('authwire mask app.log > clean.log');
    expect(stdout).toContain('Exit codes: 0');
  });
});
