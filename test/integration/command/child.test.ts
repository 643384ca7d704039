import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { CommandOptions } from '../../../src/node/command/source.ts';
import { executableFile, failureOf, program, run, testFolder } from '../../helpers/commands.ts';

/** What a command sees of itself. */
interface Seen {
  readonly env: Readonly<Record<string, string>>;
  readonly argv: readonly string[];
  /** As everybody on the machine sees it. */
  readonly commandLine: readonly string[];
  readonly directory: string;
  readonly input: string;
  readonly pid: number;
  readonly parent: number;
  readonly group: number;
}

const LOOK = `
import { readFileSync } from 'node:fs';
const nulSeparated = (file) => readFileSync(file, 'utf8').split('\\0').slice(0, -1);
const seen = {
  env: Object.fromEntries(nulSeparated('/proc/self/environ').map((pair) => pair.split(/=(.*)/s, 2))),
  argv: process.argv.slice(2),
  commandLine: nulSeparated('/proc/self/cmdline'),
  directory: process.cwd(),
  input: readFileSync(0, 'utf8'),
  pid: process.pid,
  parent: process.ppid,
  group: Number(readFileSync('/proc/self/stat', 'utf8').split(') ')[1].split(' ')[2]),
};
console.log(Buffer.from(JSON.stringify(seen)).toString('base64url'));
`;

async function look(options: Partial<CommandOptions> = {}, ...args: readonly string[]): Promise<Seen> {
  const { accessToken } = await run({ command: await program(LOOK, ...args), ...options });
  return JSON.parse(Buffer.from(accessToken, 'base64url').toString());
}

afterEach(() => {
  vi.unstubAllEnvs();
});

describe('a command', () => {
  it('gets its arguments as they are: no shell reads them', async () => {
    const folder = await testFolder();
    const args = [
      `$(touch ${folder}/a)`,
      `; touch ${folder}/b`,
      '`id`',
      '*',
      '$HOME',
      '"',
      "'",
      '',
      ' a  b ',
      '漢',
      '%PATH%',
      '|',
      '-x',
    ];

    const { argv, commandLine, parent } = await look({}, ...args);

    expect(argv).toEqual(args);
    expect(commandLine.slice(2)).toEqual(args);
    expect(commandLine[0]).toBe(process.execPath);
    expect(parent).toBe(process.pid);
    await expect(readFile(join(folder, 'a'))).rejects.toThrow('ENOENT');
    await expect(readFile(join(folder, 'b'))).rejects.toThrow('ENOENT');
  });

  it('sees of our environment what every program needs, and what was named', async () => {
    vi.stubEnv('HOME', '/home/ada');
    vi.stubEnv('NODE_OPTIONS', '--no-warnings');
    vi.stubEnv('DB_PASSWORD', 'open sesame');
    vi.stubEnv('AUTHWIRE_TEST', 'passed');

    const { env } = await look({ passEnv: ['AUTHWIRE_*'], env: { MINE: 'a=b\nc', LANG: 'C' } });

    expect(env).toMatchObject({ HOME: '/home/ada', AUTHWIRE_TEST: 'passed', MINE: 'a=b\nc', LANG: 'C' });
    expect(env).not.toHaveProperty('NODE_OPTIONS');
    expect(env).not.toHaveProperty('DB_PASSWORD');
    const allowed =
      /^(?:PATH|HOME|USER|LOGNAME|LANG|LANGUAGE|LC_.*|TZ|TMPDIR|XDG_.*|SSL_CERT_(?:FILE|DIR)|(?:HTTPS?|ALL|NO)_PROXY|AUTHWIRE_TEST|MINE)$/i;
    expect(Object.keys(env).filter((name) => !allowed.test(name))).toEqual([]);
  });

  it('gets no input', async () => {
    expect((await look()).input).toBe('');
  });

  it('runs in the root, wherever we are, or in the stated directory', async () => {
    const directory = await testFolder();

    expect((await look()).directory).toBe('/');
    expect((await look({ directory })).directory).toBe(directory);
  });

  it('leads a process group of its own', async () => {
    const { pid, group } = await look();

    expect(group).toBe(pid);
  });

  it('is not the file of its name that lies in the working directory', async () => {
    const [trap, directory] = [await testFolder(), await testFolder()];
    for (const folder of [trap, directory]) await executableFile(folder, 'authwire-tool', '#!/bin/sh\necho trapped\n');
    const before = process.cwd();
    process.chdir(trap);
    try {
      for (const PATH of [`:${process.env.PATH}`, '.', '', `${process.env.PATH}:./`]) {
        const options = { command: ['authwire-tool'], directory, env: { PATH } };
        expect(await failureOf(options)).toMatchObject({ kind: 'start' });
      }
    } finally {
      process.chdir(before);
    }
  });

  it('begins in the stated directory where it is a relative path', async () => {
    const directory = await testFolder();
    await executableFile(directory, 'tool', '#!/bin/sh\necho token-1\n');

    expect((await run({ command: ['./tool'], directory })).accessToken).toBe('token-1');
  });
});
