import { execFile } from 'node:child_process';
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { folder } from '../../unit/config/folder.ts';
import { authwire, COMPILED, MAIN } from './run.ts';

const page = await readFile(new URL('../../../docs/command-line.md', import.meta.url), 'utf8');
const commandsOf = (help: string) => {
  const list = /\nCommands:\n([\s\S]*?)\n\n/.exec(help)?.[1] ?? '';
  return [...list.matchAll(/^ {2}([a-z]+)/gm)].map(([, name = '']) => name).filter((name) => name !== 'help');
};

describe('help', () => {
  it('names all commands, each with examples and exit codes, and so does the documentation', async () => {
    const { stdout, code } = await authwire(['--help']);
    expect(code).toBe(0);
    expect(stdout).toContain('Examples:');
    const names = commandsOf(stdout);
    expect(names).toEqual([
      'login',
      'logout',
      'token',
      'status',
      'request',
      'store',
      'auth',
      'config',
      'mask',
      'completion',
    ]);
    for (const name of names) {
      const { stdout: help } = await authwire([name, '--help']);
      expect(help, name).toMatch(/\nExamples:\n {2}\S/);
      expect(help, name).toMatch(/Exit codes: 0 /);
      expect(page).toContain(`authwire ${name}`);
      // What the help says of exit codes, the page does.
      const codes = [...(help.split('Exit codes:')[1] ?? '').matchAll(/(?:^|[;\n]) ?(\d+) /g)].map(([, one]) => one);
      expect(codes.length, name).toBeGreaterThan(1);
    }
  });

  it.each([['nonsense'], ['login', '--nonsense'], ['store', 'nonsense']])(
    'is hinted at where %s means nothing',
    async (...args) => {
      const { stdout, stderr, code } = await authwire(args);
      expect({ stdout, code }).toEqual({ stdout: '', code: 1 });
      expect(stderr).toMatch(/^error: /);
    },
  );
});

describe('completion', () => {
  const ask = async (words: readonly string[], place?: ReturnType<typeof folder>) => {
    const env = place === undefined ? {} : { HOME: place.path };
    return (await authwire(['__complete', '--', ...words], { env })).stdout.trim().split('\n');
  };

  it('knows commands, options, choices and profiles', async () => {
    using place = folder();
    place.write('.config/authwire/config.toml', '[profiles.prod]\n[profiles.proof]\n[profiles.dev]');
    expect(await ask(['log'])).toEqual(['login', 'logout']);
    expect(await ask(['store', ''])).toEqual(['clear', 'list', 'remove']);
    expect(await ask(['login', '--c'])).toEqual(['--client-id']);
    expect(await ask(['status', '--store', ''])).toEqual(['auto', 'file', 'keyring']);
    expect(await ask(['config', 't'])).toEqual(['trust']);
    expect(await ask(['login', 'pro'], place)).toEqual(['prod', 'proof']);
    expect(await ask(['request', '-p', ''], place)).toEqual(['dev', 'prod', 'proof']);
    expect(await ask(['login', 'prod', ''], place)).toEqual(['']);
  });

  it('works in bash, which falls back to files', async () => {
    const home = await mkdtemp(join(tmpdir(), 'authwire-completion-'));
    await writeFile(join(home, 'authwire'), `#!/bin/sh\nexec "${process.execPath}" "${MAIN}" "$@"\n`);
    await chmod(join(home, 'authwire'), 0o700);
    const { stdout: script } = await authwire(['completion', 'bash']);
    await writeFile(join(home, 'script'), script);
    const test = `. ./script; COMP_WORDS=(authwire store l); COMP_CWORD=2; _authwire; echo "\${COMPREPLY[*]}"; complete -p authwire`;
    const env = { PATH: `${home}:${process.env.PATH}`, HOME: home, ...COMPILED };
    const { stdout } = await promisify(execFile)('bash', ['--norc', '-c', test], { cwd: home, env });
    expect(stdout).toBe('list\ncomplete -o default -F _authwire authwire\n');
    await rm(home, { recursive: true });
  });

  it.each(['zsh', 'fish'])('has a script for %s', async (shell) => {
    const { stdout, code } = await authwire(['completion', shell]);
    expect(code).toBe(0);
    expect(stdout).toContain('authwire __complete -- ');
  });
});
