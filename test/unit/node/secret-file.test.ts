import { execFileSync } from 'node:child_process';
import { chmod, mkdir, rename, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { fetchAuth } from '../../../src/adapters/fetch.ts';
import { AuthApiKey } from '../../../src/authenticators/api-key.ts';
import { secretEnv, secretFile } from '../../../src/node/secret-file.ts';
import { reveal } from '../../../src/secret.ts';
import { testFolder } from '../../helpers/commands.ts';
import { leaks } from '../../helpers/leaks.ts';
import { MARK, markedSecret } from '../../helpers/leaks-mark.ts';

afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});

async function file(content: string | Uint8Array, mode = 0o600): Promise<string> {
  const path = join(await testFolder(), 'secret');
  await writeFile(path, content);
  await chmod(path, mode);
  return path;
}

const CONTENTS = [
  ['as it stands', 'secret-1', 'secret-1'],
  ['without one line break', 'secret-1\n', 'secret-1'],
  ['without one of Windows', 'secret-1\r\n', 'secret-1'],
  ['with a second line break', 'secret-1\n\n', 'secret-1\n'],
  ['with its blanks', ' secret-1 \n', ' secret-1 '],
] as const;

describe('a secret in a file', () => {
  it.each(CONTENTS)('is read %s', async (_name, content, secret) => {
    expect(reveal(await secretFile(await file(content))())).toBe(secret);
  });

  it('is found behind links, as Kubernetes mounts it, and anew when it is exchanged', async () => {
    const folder = await testFolder();
    for (const version of ['1', '2']) {
      await mkdir(join(folder, version));
      await writeFile(join(folder, version, 'token'), `token-${version}\n`, { mode: 0o600 });
    }
    await symlink('1', join(folder, '..data'));
    await symlink('..data/token', join(folder, 'token'));
    const ask = secretFile('token', { directory: folder });
    expect(reveal(await ask())).toBe('token-1');

    await symlink('2', join(folder, '..new'));
    await rename(join(folder, '..new'), join(folder, '..data'));

    expect(reveal(await ask())).toBe('token-2');
  });

  it('takes file: URLs', async () => {
    expect(reveal(await secretFile(pathToFileURL(await file('secret-1')))())).toBe('secret-1');
  });

  it.each<[string, () => Promise<string>, RegExp]>([
    [
      'a file that is not there',
      async () => '/no/such/file',
      /the secret file \/no\/such\/file cannot be read: ENOENT/,
    ],
    ['a folder', () => testFolder(), /is not a regular file/],
    ['an empty file', () => file(''), /is empty/],
    ['a line break', () => file('\n'), /is empty/],
    ['bytes that are no text', () => file(new Uint8Array([0xff, 0xfe])), /is not UTF-8/],
    ['a file that is too long', () => file('x'.repeat(1024 * 1024 + 1)), /larger than 1 MiB/],
    [
      'a pipe that nobody writes to',
      async () => {
        const pipe = join(await testFolder(), 'pipe');
        execFileSync('mkfifo', [pipe]);
        return pipe;
      },
      /is not a regular file/,
    ],
  ])('cannot be had from %s', async (_name, path, says) => {
    const name = await path();

    const failure = expect.objectContaining({ name: 'CredentialError', message: expect.stringMatching(says) });
    await expect(secretFile(name)()).rejects.toEqual(failure);
    await expect(secretFile(name)()).rejects.toThrow(name);
  });

  it.each<[string, () => unknown, RegExp]>([
    ['a relative path', () => secretFile('secret'), /is relative: make it absolute/],
    ['a path in a relative directory', () => secretFile('secret', { directory: 'here' }), /absolute path/],
    ['no path', () => secretFile(''), /must be a path/],
    ['a path with NUL', () => secretFile('/a\0'), /must be a path/],
    ['a URL of the web', () => secretFile(new URL('https://example.com/')), /file: URL/],
  ])('refuses %s', (_name, make, says) => {
    expect(make).toThrow(
      expect.objectContaining({ code: 'ERR_AUTH_CONFIGURATION', message: expect.stringMatching(says) }),
    );
  });

  it('warns once of a file that everybody may read, and only then', async () => {
    const warn = vi.spyOn(process, 'emitWarning').mockReturnValue();
    const [open, closed, ignored] = [await file('a', 0o644), await file('a', 0o640), await file('a', 0o644)];
    for (const path of [open, open, closed]) await secretFile(path)();
    await secretFile(ignored, { permissions: 'ignore' })();

    expect(warn.mock.calls).toEqual([[expect.stringContaining(open), { code: 'AUTHWIRE_READABLE_SECRET' }]]);
  });

  it('goes wherever secrets go, and stays hidden', async () => {
    const key = markedSecret('header');
    const ask = secretFile(await file(`${key}\n`));
    const sent: (string | null)[] = [];
    const send: typeof fetch = async (input, init) => {
      sent.push(new Request(input, init).headers.get('x-api-key'));
      return new Response();
    };
    await fetchAuth(new AuthApiKey({ header: 'x-api-key', key: ask }), {
      baseUrl: 'https://api.example.com',
      fetch: send,
    })('https://api.example.com/');

    expect(sent).toEqual([key]);
    expect(leaks(await ask(), MARK)).toEqual([]);
  });
});

describe('a secret in the environment', () => {
  it.each(CONTENTS)('is read %s, anew each time', (_name, content, secret) => {
    const ask = secretEnv('AUTHWIRE_TEST_SECRET');
    vi.stubEnv('AUTHWIRE_TEST_SECRET', 'another');
    expect(reveal(ask())).toBe('another');
    vi.stubEnv('AUTHWIRE_TEST_SECRET', content);

    expect(reveal(ask())).toBe(secret);
  });

  it.each<[string, string | undefined, string]>([
    ['is not set', undefined, 'the environment variable AUTHWIRE_TEST_SECRET is not set.'],
    ['is empty', '', 'the environment variable AUTHWIRE_TEST_SECRET is empty.'],
    ['is a line break', '\n', 'the environment variable AUTHWIRE_TEST_SECRET is empty.'],
  ])('cannot be had when the variable %s', (_name, value, message) => {
    vi.stubEnv('AUTHWIRE_TEST_SECRET', value);

    expect(secretEnv('AUTHWIRE_TEST_SECRET')).toThrow(expect.objectContaining({ name: 'CredentialError', message }));
  });
});
