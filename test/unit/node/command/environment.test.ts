import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { secret } from '../../../../src/index.ts';
import { type EnvironmentOptions, environment } from '../../../../src/node/command/environment.ts';

const OURS = {
  PATH: '/usr/bin',
  HOME: '/home/ada',
  LC_ALL: 'C',
  TMPDIR: '/tmp',
  XDG_CONFIG_HOME: '/home/ada/.config',
  HTTPS_PROXY: 'http://proxy:3128',
  no_proxy: 'localhost',
  NODE_OPTIONS: '--require /tmp/evil.js',
  LD_PRELOAD: '/tmp/evil.so',
  PYTHONPATH: '/tmp',
  BASH_ENV: '/tmp/evil.sh',
  DB_PASSWORD: 'open sesame',
  AWS_PROFILE: 'dev',
  AWS_SECRET_ACCESS_KEY: 'aws-secret-1',
  Path: 'C:\\Windows',
  SystemRoot: 'C:\\Windows',
};

const before = process.env;
beforeEach(() => {
  process.env = { ...OURS };
});
afterEach(() => {
  process.env = before;
});

function read(options: EnvironmentOptions = {}, platform: NodeJS.Platform = 'linux', register = vi.fn()) {
  return environment(options, register, platform)();
}

describe('the environment of a command', () => {
  it('is a short list without what the user names', async () => {
    expect(await read()).toEqual({
      PATH: '/usr/bin',
      HOME: '/home/ada',
      LC_ALL: 'C',
      TMPDIR: '/tmp',
      XDG_CONFIG_HOME: '/home/ada/.config',
      HTTPS_PROXY: 'http://proxy:3128',
      no_proxy: 'localhost',
    });
  });

  it.each<[string, readonly string[], readonly string[]]>([
    ['a name', ['AWS_PROFILE'], ['AWS_PROFILE']],
    ['the beginning of names', ['AWS_*'], ['AWS_PROFILE', 'AWS_SECRET_ACCESS_KEY']],
    ['a name that is not set', ['AWS_REGION'], []],
    ['no name in another case', ['aws_*'], []],
    ['no part of a name', ['AWS'], []],
  ])('has what passEnv names: %s', async (_name, passEnv, more) => {
    const shortList = Object.keys(await read());

    expect(Object.keys(await read({ passEnv })).filter((name) => !shortList.includes(name))).toEqual(more);
  });

  it('is all there is for *', async () => {
    expect(await read({ passEnv: ['*'] })).toEqual(OURS);
  });

  it('has what env says, which wins', async () => {
    const env = { HOME: '/srv/robot', LC_ALL: '', NEW: 'value' };

    expect(await read({ env })).toMatchObject(env);
  });

  it('asks functions at each run, and opens secrets', async () => {
    let asked = 0;
    const env = { COUNT: async () => `count-${++asked}`, TOKEN: secret('token-1') };
    const again = environment({ env }, vi.fn());

    expect(await again()).toMatchObject({ COUNT: 'count-1', TOKEN: 'token-1' });
    expect((await again()).COUNT).toBe('count-2');
  });

  it('registers what is secret: by its kind, or by its name', async () => {
    const register = vi.fn();
    const env = { A: secret('secret-a'), B: () => 'secret-b', C_TOKEN: 'secret-c', D: 'plain', E_TOKEN: 'short' };
    await read({ env, passEnv: ['AWS_*', 'DB_PASSWORD'] }, 'linux', register);

    expect(Object.fromEntries(register.mock.calls)).toEqual({
      A: 'secret-a',
      B: 'secret-b',
      C_TOKEN: 'secret-c',
      AWS_SECRET_ACCESS_KEY: 'aws-secret-1',
      DB_PASSWORD: 'open sesame',
    });
  });

  it('knows no case on Windows, and what Windows needs', async () => {
    process.env = { Path: 'C:\\Windows', systemroot: 'C:\\Windows', HOME: '/home/ada', aws_profile: 'dev' };

    const env = await read({ env: { PATH: 'C:\\tools' }, passEnv: ['AWS_*'] }, 'win32');

    expect(env).toEqual({ PATH: 'C:\\tools', systemroot: 'C:\\Windows', aws_profile: 'dev' });
  });

  it.each<[string, EnvironmentOptions, string]>([
    ['an empty name', { env: { '': 'value' } }, 'env'],
    ['a name that holds the value', { env: { 'A=b': '' } }, 'env'],
    ['a name with NUL', { env: { 'A\0': '' } }, 'env'],
    ['a passed name that holds a value', { passEnv: ['DB_PASSWORD=open sesame'] }, 'passEnv'],
    ['a star in the middle', { passEnv: ['AWS_*_KEY'] }, 'passEnv'],
    ['text instead of a list', { passEnv: 'PATH' as never }, 'passEnv'],
    ['what is no text', { passEnv: [1 as never] }, 'passEnv'],
  ])('refuses %s', (_name, options, option) => {
    const refusal = expect.objectContaining({ code: 'ERR_AUTH_CONFIGURATION', option });

    expect(() => environment(options, vi.fn())).toThrow(refusal);
    expect(() => environment(options, vi.fn())).not.toThrow(/open sesame/);
  });

  it.each<[string, EnvironmentOptions['env']]>([
    ['a NUL', { VARIABLE: 'open\0sesame' }],
    ['no text', { VARIABLE: 1 as never }],
    ['a function that fails', { VARIABLE: () => Promise.reject(new Error('no vault')) }],
  ])('cannot be made of %s', async (_name, env) => {
    const failure = expect.objectContaining({
      name: 'CredentialError',
      message: expect.stringContaining("'VARIABLE'"),
    });

    await expect(read(env === undefined ? {} : { env })).rejects.toEqual(failure);
  });
});
