import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { executable } from '../../../../src/node/command/executable.ts';
import { executableFile, testFolder } from '../../../helpers/commands.ts';

const NOTHING = '#!/bin/sh\n';

/** Looks from within another working directory. */
async function within<T>(folder: string, look: () => Promise<T>): Promise<T> {
  const before = process.cwd();
  process.chdir(folder);
  try {
    return await look();
  } finally {
    process.chdir(before);
  }
}

describe('a bare name', () => {
  it('is the first in PATH that may be executed', async () => {
    const folders = await Promise.all([testFolder(), testFolder(), testFolder(), testFolder()]);
    const [first, second, third, fourth] = folders as [string, string, string, string];
    await mkdir(join(first, 'tool'));
    await writeFile(join(second, 'tool'), NOTHING);
    await executableFile(third, 'tool', NOTHING);
    await executableFile(fourth, 'tool', NOTHING);

    expect(await executable('tool', undefined)(folders.join(delimiter))).toEqual({ file: join(third, 'tool') });
  });

  it.each(['', '.', './', '..', 'bin', `.${delimiter}`, delimiter, `${delimiter}/nowhere`, './bin'])(
    'is never found in the working directory, whatever PATH says: %j',
    async (path) => {
      const folder = await testFolder();
      await mkdir(join(folder, 'bin'));
      await executableFile(folder, 'tool', NOTHING);
      await executableFile(join(folder, 'bin'), 'tool', NOTHING);

      const found = await within(folder, () => executable('tool', folder)(path));

      expect(found).toEqual({ problem: expect.stringContaining('it is not in PATH') });
    },
  );

  it('is nowhere without PATH', async () => {
    expect(await executable('sh', undefined)(undefined)).toHaveProperty('problem');
  });

  it('says so when there is only a file that may not be executed', async () => {
    const folder = await testFolder();
    await writeFile(join(folder, 'tool'), NOTHING);

    expect(await executable('tool', undefined)(folder)).toEqual({
      problem: 'could not be started: in PATH it may not be executed.',
    });
  });

  it('has an extension on Windows, and is no batch file', async () => {
    const [batch, program] = [await testFolder(), await testFolder()];
    await executableFile(batch, 'tool.cmd', NOTHING);
    await executableFile(program, 'tool.exe', NOTHING);
    const find = executable('tool', undefined, 'win32');

    expect(await find(program)).toEqual({ file: join(program, 'tool.exe') });
    expect(await find([batch, program].join(delimiter))).toEqual({ problem: expect.stringContaining('batch file') });
  });
});

describe('a path', () => {
  it('is taken as it is when it is absolute', async () => {
    const file = await executableFile(await testFolder(), 'tool', NOTHING);

    expect(await executable(file, undefined)(undefined)).toEqual({ file });
  });

  it.each(['./tool', 'bin/tool', '../tool'])('begins in the stated directory: %s', async (path) => {
    const folder = await testFolder();
    await mkdir(join(folder, 'a/bin'), { recursive: true });
    const file = await executableFile(join(folder, 'a', path, '..'), 'tool', NOTHING);

    expect(await within('/', () => executable(path, join(folder, 'a'))('/'))).toEqual({ file });
  });

  it.each(['./tool', 'bin/tool', '../tool', '.\\tool', 'C:tool'])(
    'is refused when it is relative to nothing: %s',
    (path) => {
      const platform = path.startsWith('.\\') || path.startsWith('C') ? 'win32' : 'linux';

      expect(() => executable(path, undefined, platform)).toThrow(expect.objectContaining({ option: 'directory' }));
    },
  );

  it('is looked at anew each time', async () => {
    const file = join(await testFolder(), 'tool');
    const find = executable(file, undefined);
    expect(await find(undefined)).toEqual({ problem: 'could not be started: its file does not exist.' });

    await writeFile(file, NOTHING);
    expect(await find(undefined)).toEqual({ problem: 'could not be started: its file may not be executed.' });

    await chmod(file, 0o755);
    expect(await find(undefined)).toEqual({ file });
  });
});

describe('a file without a line that says who runs it', () => {
  it.each([
    ['a script', 'echo trapped\n'],
    ['nothing', ''],
    ['a short word', 'x'],
  ])('is refused, because the system would give it to a shell: %s', async (_name, text) => {
    const folder = await testFolder();
    const file = await executableFile(folder, 'tool', text);
    const problem = expect.stringContaining("has no line '#!'");

    expect(await executable(file, undefined)(undefined)).toEqual({ problem });
    expect(await executable('tool', undefined)(folder)).toEqual({ problem });
  });

  it('is fine when it is a program', async () => {
    expect(await executable(process.execPath, undefined)(undefined)).toEqual({ file: process.execPath });
  });
});

describe('a batch file', () => {
  it.each([
    ...['tool.bat', 'tool.cmd', 'TOOL.BAT', 'tool.Cmd', 'C:\\tools\\tool.cmd', '/opt/tool.bat', './tool.cmd'],
    ...['tool.bat.', 'tool.cmd ', 'tool.cmd. . ', 'tool.bat::$DATA', 'tool.cmd:stream'],
  ])('is refused on every platform: %j', (program) => {
    const refusal = expect.objectContaining({ code: 'ERR_AUTH_CONFIGURATION', option: 'command' });

    expect(() => executable(program, '/srv', 'win32')).toThrow(refusal);
    expect(() => executable(program, '/srv', 'linux')).toThrow(refusal);
  });

  it('is only one by the end of its name', () => {
    expect(() => executable('tool.cmd.exe', undefined)).not.toThrow();
    expect(() => executable('batch', undefined)).not.toThrow();
  });
});
