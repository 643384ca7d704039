import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { findMarks } from '../../helpers/leaks-forms.ts';
import { markedSecret } from '../../helpers/leaks-mark.ts';
import { folder } from '../../unit/config/folder.ts';
import { authwire } from './run.ts';

const quoted = (text: string) => JSON.stringify(text);
const USER = 'home/.config/authwire/config.toml';

async function config(place: ReturnType<typeof folder>, args: readonly string[] = [], env = {}) {
  place.write('project/x', '');
  const home = { HOME: join(place.path, 'home'), ...env };
  const result = await authwire(['config', ...args], { env: home, cwd: join(place.path, 'project') });
  expect(findMarks(result.stdout + result.stderr)).toEqual([]);
  return result;
}

function userFile(mode?: number): [string, string, number?] {
  const text =
    `profile = "prod"\n[profiles.prod]\nurl = "https://api.example.com"\npassword = ${quoted(markedSecret('text'))}\n` +
    `[profiles.dev]\nhttpHeader1 = ${quoted(`X-Key: ${markedSecret('header')}`)}\n`;
  return mode === undefined ? [USER, text] : [USER, text, mode];
}

describe('authwire config', () => {
  it('shows every value of the profile in use, and where it comes from', async () => {
    using place = folder();
    const file = place.write(...userFile());
    const { stdout, stderr, code } = await config(place, [], { AUTHWIRE__APIKEY: markedSecret('text') });
    expect([stderr, code]).toEqual(['', 0]);
    const lines = stdout.split('\n').map((line) => line.split(/ {2,}/));
    expect(lines).toEqual(
      expect.arrayContaining([
        ['profile', 'prod'],
        ['profiles', 'prod, dev'],
        ['url', 'https://api.example.com', `${file}:3`],
        ['password', 'set, but not shown', `${file}:4`],
        ['apikey', 'set, but not shown', 'AUTHWIRE__APIKEY'],
        ['oauth2ClientSecret', 'not set'],
        ['user', file, 'read', '0600'],
      ]),
    );
  });

  it('shows another profile, and JSON', async () => {
    using place = folder();
    place.write(...userFile());
    const { stdout } = await config(place, ['show', '--profile', 'dev', '--json']);
    expect(JSON.parse(stdout)).toMatchObject({
      profile: 'dev',
      profiles: ['prod', 'dev'],
      fields: expect.arrayContaining([expect.objectContaining({ field: 'httpHeader1', value: 'set, but not shown' })]),
    });
  });

  it('knows the paths, also where the files are broken', async () => {
    using place = folder();
    const file = place.write(USER, 'broken');
    const { stdout, code } = await config(place, ['path']);
    expect(code).toBe(0);
    expect(stdout).toBe(
      `system  /etc/authwire/config.toml (not there)\nuser    ${file}\n` +
        `project ${place.path}/project/.authwire.toml (not there)\n`,
    );
  });

  it('checks all profiles, and the secrets that they refer to', async () => {
    using place = folder();
    const [path, text] = userFile();
    const file = place.write(path, `${text}[profiles.ci]\npassword = { env = "CI_PW" }\n`, 0o644);
    const warning = `authwire config: warning: ${file} holds secrets, and others on this machine may read it: chmod 600 '${file}'\n`;
    expect(await config(place, ['check'])).toEqual({
      stdout: '2 of 3 profiles can be used\n',
      stderr: `${warning}authwire config: ${file}:8: the environment variable CI_PW does not exist or is empty.\n`,
      code: 1,
    });
    const good = { stdout: '3 of 3 profiles can be used\n', stderr: warning, code: 0 };
    expect(await config(place, ['check'], { CI_PW: markedSecret('text') })).toEqual(good);
    expect((await config(place, ['check', '-p', 'dev'])).stdout).toBe('1 of 1 profiles can be used\n');
  });

  it.each([
    [
      'a file',
      [],
      `[profiles.prod]\npassword = [${quoted(markedSecret('text'))}]`,
      /:2: field 'password' must be text/,
    ],
    ['a profile', ['-p', 'prdo'], '[profiles.prod]', /there is no profile 'prdo'\. There are: prod\.$/],
    ['an action', ['rename'], '', /Allowed choices are show, path, check, init, edit, trust\.$/],
  ])('ends with 1 where %s is wrong', async (_name, args, text, message) => {
    using place = folder();
    place.write(USER, text);
    const { stdout, stderr, code } = await config(place, args);
    expect([stdout, code]).toEqual(['', 1]);
    expect(stderr.trimEnd()).toMatch(message);
  });
});
