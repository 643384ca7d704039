import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { folder } from '../../unit/config/folder.ts';
import { authwire } from './run.ts';
import { startAuthwire } from './session.ts';

type Place = ReturnType<typeof folder>;
const USER = 'home/.config/authwire/config.toml';

function config(place: Place, args: readonly string[], env = {}) {
  place.write('project/.git/HEAD', '');
  return authwire(['config', ...args], {
    env: { HOME: join(place.path, 'home'), ...env },
    cwd: join(place.path, 'project'),
  });
}

describe('authwire config init and edit', () => {
  it('make a file that only its user may read and that says what to write, never over another one', async () => {
    using place = folder();
    place.write('home/x', '');
    const file = join(place.path, USER);
    expect(await config(place, ['init'])).toEqual({ stdout: `${file}\n`, stderr: '', code: 0 });
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect((await config(place, ['check'])).code).toBe(0);
    expect(await config(place, ['init'])).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('is there already'),
    });
    expect(await config(place, ['init', '--project'])).toMatchObject({
      stdout: `${place.path}/project/.authwire.toml\n`,
    });
  });

  it('check what the editor left', async () => {
    using place = folder();
    const good = place.write('good', '#!/bin/sh\necho \'[profiles.a]\nauthType = "AuthNone"\' > "$2"\n', 0o700);
    const bad = place.write('bad', '#!/bin/sh\necho \'[profiles.a]\npasword = "secret1"\' > "$1"\n', 0o700);
    expect(await config(place, ['edit'], { EDITOR: `${good} -w` })).toEqual({ stdout: '', stderr: '', code: 0 });
    expect((await config(place, ['show', '-p', 'a'])).stdout).toContain('AuthNone');
    const { stderr, code } = await config(place, ['edit'], { VISUAL: bad, EDITOR: good });
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: expect.stringMatching(/config.toml:2: there is no field 'pasword'/),
    });
    expect(stderr).not.toContain('secret1');
    expect(await config(place, ['edit'], { EDITOR: 'false' })).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('the editor false failed'),
    });
    expect(await config(place, ['edit'])).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('there is no terminal'),
    });
    expect(await config(place, ['edit'], { EDITOR: '/nonexistent' })).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('set VISUAL or EDITOR'),
    });
  });

  it('give the editor the terminal', async () => {
    using place = folder();
    const editor = place.write(
      'editor',
      '#!/bin/sh\nprintf "name? " >&2; read name; echo "[profiles.$name]" > "$1"\n',
      0o700,
    );
    const env = { HOME: join(place.path, 'home'), EDITOR: editor };
    const session = startAuthwire(['config', 'edit'], { env, isTerminal: true });
    await session.saying(/name\? /);
    session.type('ada\r');
    expect((await session.end).code).toBe(0);
    expect(readFileSync(join(place.path, USER), 'utf8')).toBe('[profiles.ada]\n');
  });
});

describe('authwire config trust', () => {
  const project = '[profiles.a]\nauthType = "AuthBasic"\nusername = "ada"\npassword = { env = "PASS" }\n';

  it('lifts the restrictions for exactly that content, at that place', async () => {
    using place = folder();
    place.write('home/x', '');
    const file = place.write('project/.authwire.toml', project);
    const check = () => config(place, ['check', '-p', 'a'], { PASS: 'open sesame' });
    expect(await check()).toMatchObject({ code: 1, stderr: expect.stringContaining('authwire config trust') });

    const { stderr, code } = await config(place, ['trust']);
    expect({ stderr, code }).toEqual({
      stderr: `authwire config: ${file} is trusted until it changes. It says:\n  a: authType, username, password\n`,
      code: 0,
    });
    expect((await check()).code).toBe(0);
    expect((await config(place, ['show', '-p', 'a'], { PASS: 'x' })).stdout).toMatch(/password +set, but not shown/);

    place.write('project/.authwire.toml', `${project}url = "https://evil.example"\n`);
    expect((await check()).code).toBe(1);
    place.write('project/.authwire.toml', project);
    expect((await check()).code).toBe(0);
    expect((await config(place, ['trust', '--revoke'])).stderr).toContain('is trusted no more');
    expect((await check()).code).toBe(1);
    expect((await config(place, ['check', '-p', 'a'], { PASS: 'x', AUTHWIRE_CONFIG: file })).code).toBe(0);

    place.write('other/.authwire.toml', project);
    await config(place, ['trust']);
    const elsewhere = { env: { HOME: join(place.path, 'home'), PASS: 'x' }, cwd: join(place.path, 'other') };
    expect((await authwire(['config', 'check', '-p', 'a'], elsewhere)).code).toBe(1);
  });

  it('trusts nothing that is missing or broken', async () => {
    using place = folder();
    place.write('home/x', '');
    expect(await config(place, ['trust'])).toMatchObject({ code: 1, stderr: expect.stringContaining('no such file') });
    place.write('project/.authwire.toml', 'profiles = 1');
    expect((await config(place, ['trust'])).code).toBe(1);
  });
});
