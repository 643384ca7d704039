import { execFileSync } from 'node:child_process';
import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readFile } from '../../../src/config/read-file.ts';
import { folder } from './folder.ts';

const isPosix = process.platform !== 'win32';

describe('a file of settings', () => {
  it('is nothing where there is none', () => {
    using place = folder();
    const file = place.write('file', '');
    expect(readFile(join(place.path, 'none'))).toBeUndefined();
    expect(readFile(join(file, 'below'))).toBeUndefined();
  });

  it.runIf(isPosix).each([
    [0o600, true],
    [0o400, true],
    [0o640, false],
    [0o604, false],
    [0o644, false],
  ])('with the permissions %o is private: %s', (mode, isPrivate) => {
    using place = folder();
    expect(readFile(place.write('file', 'text', mode))).toEqual({ text: 'text', isPrivate });
  });

  it.runIf(isPosix)('that everybody may change is refused, with what to do', () => {
    using place = folder();
    const file = place.write('file', 'text', 0o666);
    expect(() => readFile(file)).toThrow(`${file} is writable by every user of this machine: chmod o-w '${file}'`);
  });

  it.runIf(isPosix)('behind a link is that which the link leads to, if links are followed', () => {
    using place = folder();
    const file = place.write('file', 'text', 0o666);
    const link = join(place.path, 'link');
    symlinkSync(file, link);
    expect(() => readFile(link)).toThrow('is writable by every user');
    expect(() => readFile(link, { followLink: false })).toThrow(`${link} cannot be read: it is a symbolic link`);
  });

  it('is no folder', () => {
    using place = folder();
    mkdirSync(join(place.path, 'folder'));
    expect(() => readFile(join(place.path, 'folder'))).toThrow(/not a regular file|EISDIR|EPERM/);
  });

  it.runIf(isPosix)('is no pipe, and a pipe that nobody writes to keeps nobody waiting', () => {
    using place = folder();
    const pipe = join(place.path, 'pipe');
    execFileSync('sh', ['-c', 'mkfifo "$1"', 'sh', pipe]);
    expect(() => readFile(pipe)).toThrow(`${pipe} is not a regular file.`);
  });

  it.each([
    ['more than 256 kB', 'x'.repeat(256 * 1024 + 1), 'has more than 256 kB.'],
    ['no UTF-8', new Uint8Array([0x61, 0xff]), 'is not UTF-8 text.'],
  ])('has not %s', (_name, content, message) => {
    using place = folder();
    expect(() => readFile(place.write('file', content))).toThrow(message);
  });
});
