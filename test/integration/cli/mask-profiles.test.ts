import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { findMarks } from '../../helpers/leaks-forms.ts';
import { markedSecret } from '../../helpers/leaks-mark.ts';
import { folder } from '../../unit/config/folder.ts';
import { authwire } from './run.ts';

const USER = 'home/.config/authwire/config.toml';
const PROJECT = 'project/.authwire.toml';
const quoted = (text: string) => JSON.stringify(text);

/** `authwire mask` by somebody who has these files. */
async function mask(place: ReturnType<typeof folder>, input: string, args: string[] = [], env = {}) {
  place.write('project/x', '');
  const home = { HOME: join(place.path, 'home'), ...env };
  return authwire(['mask', ...args], { input, env: home, cwd: join(place.path, 'project') });
}

describe('authwire mask', () => {
  it('masks the secrets of all profiles, in every layer, also those that another layer replaces', async () => {
    using place = folder();
    const marked = () => markedSecret('header');
    const [written, replaced, header, own] = [marked(), marked(), marked(), marked()];
    const [variable, file, env] = [marked(), marked(), marked()];
    place.write('home/secret', `${file}\n`);
    place.write(
      USER,
      `[profiles.prod]\nusername = "ada-the-user"\npassword = ${quoted(replaced)}\n` +
        `[profiles.dev]\napikey = ${quoted(written)}\nhttpHeader1 = ${quoted(`X-Api-Key: ${header}`)}\n` +
        '[profiles.elsewhere]\npassword = { env = "PLAIN_NAME" }\napikey = { file = "~/secret" }',
    );
    place.write(PROJECT, `[profiles.mine]\npassword = ${quoted(own)}`);
    const secrets = [written, replaced, header, own, variable, file, env];
    const input = secrets.map((secret) => `a ${secret} b ${encodeURIComponent(secret)}\n`).join('');
    const { stdout, stderr, code } = await mask(place, `${input}ada-the-user\n`, [], {
      PLAIN_NAME: variable,
      AUTHWIRE_PROD__OAUTH2_RESOURCE_OWNER_PASSWORD: env,
    });
    expect(code).toBe(0);
    expect(stdout).toBe(`${'a ***** b *****\n'.repeat(7)}ada-the-user\n`);
    expect(stderr).toBe('authwire mask: 14 secrets masked (14 known values)\n');
  });

  it('masks the secrets of all clouds of OpenStack', async () => {
    using place = folder();
    const [password, totp, application, variable] = [1, 2, 3, 4].map(() => markedSecret('header'));
    const cloud = (name: string, key: string, value: unknown) => ({
      [name]: { auth: { username: 'ada-the-user', [key]: value } },
    });
    const clouds = { ...cloud('a', 'password', password), ...cloud('b', 'passcode', totp) };
    place.write('home/.config/openstack/clouds.yaml', JSON.stringify({ clouds }));
    const secure = { clouds: cloud('c', 'application_credential_secret', application) };
    place.write('home/.config/openstack/secure.yaml', JSON.stringify(secure));
    const input = `${password} ${totp} ${application} ${variable} ada-the-user`;
    const env = { OS_PASSWORD: variable };
    expect((await mask(place, input, [], env)).stdout).toBe('***** ***** ***** ***** ada-the-user');
    const { stdout } = await mask(place, input, ['--no-profiles'], env);
    expect(stdout).toBe(`${password} ${totp} ${application} ***** ada-the-user`);
  });

  it('leaves them alone with --no-profiles, whatever the files are', async () => {
    using place = folder();
    place.write(USER, 'broken');
    const { stdout, stderr, code } = await mask(place, 'horse-battery', ['--no-profiles']);
    expect({ stdout, stderr, code }).toEqual({
      stdout: 'horse-battery',
      stderr: 'authwire mask: 0 secrets masked\n',
      code: 0,
    });
  });

  it('takes the profiles of the files, and of no AUTHWIRE variable, with --no-env', async () => {
    using place = folder();
    place.write(USER, '[profiles.default]\npassword = "of the file"\napikey = { env = "NAMED" }');
    const env = { AUTHWIRE__HTTP_HEADER_1: 'X-Api-Key: of the variable', NAMED: 'of the reference' };
    const { stdout } = await mask(place, 'of the file, of the variable, of the reference', ['--no-env'], env);
    expect(stdout).toBe('*****, of the variable, *****');
  });

  const value = () => quoted(markedSecret('text'));
  const broken: [name: string, file: string, text: () => string, env?: Record<string, string>, mode?: number][] = [
    ['that is not TOML', USER, () => `[profiles.prod]\npassword = ${value()} x`],
    ['with a field that nobody knows', USER, () => `[profiles.prod]\npasword = ${value()}`],
    ['with a field of another kind', USER, () => `[profiles.prod]\npassword = [${value()}]`],
    ['that everybody may change', USER, () => `[profiles.prod]\npassword = ${value()}`, {}, 0o666],
    ['of a project that wants to take a secret', PROJECT, () => '[profiles.prod]\npassword = { env = "PATH" }'],
    ['with a secret file that everybody may change', USER, () => '[profiles.prod]\npassword = { file = "~/open" }'],
    ['beside a variable that means nothing', USER, () => '', { AUTHWIRE_PASSWORD: markedSecret('text') }],
    ['of clouds that is no YAML', 'home/.config/openstack/clouds.yaml', () => `clouds: {a: ${value()}`],
    ['of clouds that a variable names and that is not there', 'other', () => '', { OS_CLIENT_CONFIG_FILE: '/no/such' }],
    ['that is not there', 'other', () => '', { AUTHWIRE_CONFIG: '/no/such.toml' }],
  ];

  it.each(broken)(
    'ends with 1 and writes nothing for a file %s',
    async (_name, file, content, env = {}, mode = 0o600) => {
      using place = folder();
      place.write(file, content(), mode);
      place.write('home/open', 'open', 0o666);
      const { stdout, stderr, code } = await mask(place, 'text', [], env);
      expect([stdout, code]).toEqual(['', 1]);
      expect(stderr).toMatch(/^authwire mask: .+ Correct it, or mask without the profiles: --no-profiles\n$/);
      expect(findMarks(stderr)).toEqual([]);
    },
  );

  it('says which secrets are not on this machine, and goes on', async () => {
    using place = folder();
    const file = place.write(USER, '[profiles.ci]\npassword = { env = "CI_PW" }\napikey = { file = "/no/such" }');
    const { stdout, stderr, code } = await mask(place, 'text', ['-q']);
    expect([stdout, code]).toEqual(['text', 0]);
    expect(stderr).toBe(
      `authwire mask: ${file}:2: the environment variable CI_PW does not exist or is empty.\n` +
        `authwire mask: ${file}:3: the file /no/such does not exist or is empty.\n`,
    );
  });
});
