import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { isAuthError } from '../../../src/errors.ts';
import { credentialFilter } from '../../../src/logging/credential-filter.ts';
import type { CommandOptions } from '../../../src/node/command/source.ts';
import { executableFile, failureOf, program, shell, testFolder } from '../../helpers/commands.ts';
import { leaks } from '../../helpers/leaks.ts';
import { markedJwt, markedSecret } from '../../helpers/leaks-mark.ts';

const notExecutable = async () => {
  const file = join(await testFolder(), 'file');
  await mkdir(file);
  return file;
};

describe('a command that gives no token', () => {
  it.each<[string, () => Promise<CommandOptions>, object, RegExp]>([
    [
      'another exit code than 0',
      async () => ({ command: await shell('echo "not logged in" >&2; exit 3') }),
      { kind: 'exit', exitCode: 3, stderr: 'not logged in' },
      /failed with exit code 3.*\n {2}not logged in$/s,
    ],
    [
      'a signal that is not ours',
      async () => ({ command: await shell('kill -SEGV $$') }),
      { kind: 'signal', signal: 'SIGSEGV', exitCode: undefined },
      /ended by SIGSEGV/,
    ],
    ['nothing printed', async () => ({ command: ['true'] }), { kind: 'empty', exitCode: 0 }, /printed nothing/],
    ['several lines', async () => ({ command: await shell('echo a; echo b') }), { kind: 'answer' }, /several lines/],
    [
      'control characters',
      async () => ({ command: ['printf', '\\033[1mtoken'] }),
      { kind: 'answer' },
      /control characters/,
    ],
    [
      'a bare name that is nowhere',
      async () => ({ command: ['authwire-no-such-command'] }),
      { kind: 'start', command: 'authwire-no-such-command', exitCode: undefined },
      /^The command authwire-no-such-command could not be started: it is not in PATH\./,
    ],
    [
      'a path that leads nowhere',
      async () => ({ command: ['/no/such/command'] }),
      { kind: 'start', command: '/no/such/command' },
      /its file does not exist/,
    ],
    ['a folder', async () => ({ command: [await notExecutable()] }), { kind: 'start' }, /its file is no file/],
    [
      'a directory that is not there',
      async () => ({ command: ['true'], directory: '/no/such/directory' }),
      { kind: 'start' },
      /no such directory \(option 'directory'\)/,
    ],
    [
      'an interpreter that is not there',
      async () => ({ command: [await executableFile(await testFolder(), 'script', '#!/no/such/interpreter\n')] }),
      { kind: 'start' },
      /no program to interpret its file/,
    ],
    [
      'too long a list of arguments',
      async () => ({ command: ['echo', ...Array.from({ length: 100 }, () => 'x'.repeat(100_000))] }),
      { kind: 'start' },
      /the system refused \(E2BIG\)/,
    ],
  ])('says so, and to run it oneself: %s', async (_name, options, expected, says) => {
    const error = await failureOf(await options());

    expect(error).toMatchObject({ name: 'CommandError', code: 'ERR_AUTH_CREDENTIAL', ...expected });
    expect(error.message).toMatch(says);
    expect(error.message).toContain('Run it yourself to see.');
    expect(isAuthError(error)).toBe(true);
  });

  it('says where it ran, and with which environment', async () => {
    const directory = await testFolder();

    expect((await failureOf({ command: ['false'], directory })).message).toContain(
      `it ran in ${directory}, with a short`,
    );
    expect((await failureOf({ command: ['false'] })).message).toContain('it ran in /, with a short');
  });

  it('is asked anew each time: a program that is installed meanwhile is found', async () => {
    const folder = await testFolder();
    const options = { command: ['late'], env: { PATH: folder } };
    expect((await failureOf(options)).kind).toBe('start');
    await executableFile(folder, 'late', '#!/bin/sh\nexit 7\n');

    expect((await failureOf(options)).exitCode).toBe(7);
  });
});

describe('an error', () => {
  it('never holds what was printed to standard output, nor the arguments, nor the environment', async () => {
    const secrets = Array.from({ length: 4 }, () => markedSecret('token'));
    const [printed, argument, variable, wrapped] = secrets as [string, string, string, string];
    const command = await program('console.log(process.env.PRINTED); process.exitCode = 2', argument);
    const options = { command, env: { PRINTED: printed, VARIABLE: variable, OTHER: () => wrapped } };

    expect(leaks(await failureOf(options), ...secrets)).toEqual([]);
    expect(leaks(await failureOf({ ...options, command: ['/no/such/file', argument] }), ...secrets)).toEqual([]);
    expect(leaks(await failureOf({ ...options, directory: '/no/such' }), ...secrets)).toEqual([]);
  });

  it.each([
    ['the token that standard output holds', 'console.error("got " + T); console.log(T); process.exitCode = 1'],
    ['a token in JSON', 'console.error("got " + T); console.log(JSON.stringify({ token: T })); process.exitCode = 1'],
    ['a token in base64', 'console.error("got " + btoa(T)); console.log(T); process.exitCode = 1'],
    ['a token among lines', 'console.error("got " + T); console.log("hello\\n" + T + "\\nbye")'],
    [
      'a token in colours',
      'console.error("got " + T.slice(0, 9) + "\\u001b[31m" + T.slice(9)); console.log(T); process.exitCode = 1',
    ],
  ])('masks what a command says of %s', async (_name, script) => {
    const token = markedSecret('token').replaceAll(/["'\\`]/g, '');
    const command = await program(`const T = process.env.TEXT;\n${script}`);

    const error = await failureOf({ command, env: { TEXT: token } });

    expect(error.stderr).toMatch(/^got \*{5}/);
    expect(leaks(error, token)).toEqual([]);
  });

  it.each([
    ['a bearer token', 'Authorization: Bearer T1ck3t-of-n0body-at-all', 'Authorization: Bearer *****'],
    ['a password of a URL', 'cannot reach https://ada:sesame99@host/', 'cannot reach https://ada:*****@host/'],
    ['a JWT', `decoded ${markedJwt()} badly`, 'decoded ***** badly'],
  ])('masks what looks like a credential: %s', async (_name, said, shown) => {
    const command = await program('console.error(process.env.SAID); process.exitCode = 1');

    expect((await failureOf({ command, env: { SAID: said } })).stderr).toBe(shown);
  });

  it('leaves the words alone that standard output holds as well', async () => {
    const command = await program(
      'console.log("Authentication required: login."); console.error("Error: authentication required."); process.exitCode = 1',
    );

    expect((await failureOf({ command })).stderr).toBe('Error: authentication required.');
  });

  it('masks secrets that are known to the filter, and those of its own environment', async () => {
    const [known, own] = [markedSecret('header'), markedSecret('header')];
    credentialFilter.updateSecret('test', known);
    const command = await program('console.error(process.env.A, process.env.B_TOKEN); process.exitCode = 1');

    expect((await failureOf({ command, env: { A: known, B_TOKEN: own } })).stderr).toBe('***** *****');
  });

  it('keeps lines, masks a word with a control character, and indents what it quotes', async () => {
    const printing = await shell(`printf 'one\\r\\ntwo\\a\\033[31mred\\033[0m\\n\\n' >&2; exit 1`);

    expect((await failureOf({ command: printing })).stderr).toBe('one\n*****');
    expect((await failureOf({ command: printing })).message).toMatch(/\n {2}one\n {2}\*{5}$/);
  });

  it('quotes the end of a long complaint, in at most 4,000 bytes, and no half of a character', async () => {
    const command = await program('console.error("ä漢𠮷\\n".repeat(20_000) + "the reason"); process.exitCode = 1');

    const { stderr } = await failureOf({ command });

    expect(Buffer.byteLength(stderr)).toBeLessThanOrEqual(4000);
    expect(Buffer.byteLength(stderr)).toBeGreaterThan(3900);
    expect(stderr).toMatch(/^…/);
    expect(stderr).not.toContain('\ufffd');
    expect(stderr).toMatch(/𠮷\nthe reason$/);
  });

  it('shows no half of a secret where a long complaint is cut', async () => {
    const secret = markedSecret('token');
    credentialFilter.updateSecret('cut', secret);
    const script = 'console.error(process.env.SAID + "y".repeat(Number(process.argv[2]))); process.exitCode = 1';
    const command = await program(script);
    for (let after = 4000 - secret.length; after < 4000; after += 10) {
      const { stderr } = await failureOf({ command: [...command, `${after}`], env: { SAID: secret } });
      expect(leaks(stderr, secret)).toEqual([]);
      expect(stderr).not.toContain(secret.slice(-6));
    }
  });
});
