import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { reveal, type Secret } from '../../../src/secret.ts';
import { findMarks } from '../../helpers/leaks-forms.ts';
import { markedSecret } from '../../helpers/leaks-mark.ts';
import { folder, messageOf } from './folder.ts';

const FILE = 'home/.config/authwire/config.toml';

describe('a field in a file', () => {
  const wrong: [line: string, message: string][] = [
    ['pasword = "x"', "there is no field 'pasword'. Did you mean 'password'?"],
    ['ghp_16C7e42F292c6912E7710c8 = "x"', 'there is no field of such a name.'],
    ['client_id = "x"', "there is no field 'client_id'."],
    ['password = 5', "field 'password' must be text"],
    ['password = true', "field 'password' must be text"],
    ['password = ["a"]', "field 'password' must be text"],
    ['password = 2020-01-01', "field 'password' must be text"],
    [
      'password = {}',
      "field 'password' must be text, { env = 'NAME' }, { file = 'path' } or { command = ['program', 'argument'] }.",
    ],
    [
      'password = { env = "" }',
      "field 'password' must be text, { env = 'NAME' }, { file = 'path' } or { command = ['program', 'argument'] }.",
    ],
    [
      'password = { env = 1 }',
      "field 'password' must be text, { env = 'NAME' }, { file = 'path' } or { command = ['program', 'argument'] }.",
    ],
    [
      'password = { env = "A", file = "b" }',
      "field 'password' must be text, { env = 'NAME' }, { file = 'path' } or { command = ['program', 'argument'] }.",
    ],
    [
      'password = { keyring = "A" }',
      "field 'password' must be text, { env = 'NAME' }, { file = 'path' } or { command = ['program', 'argument'] }.",
    ],
    ['username = { env = "A" }', "field 'username' must be text."],
    ['username = 1', "field 'username' must be text."],
    ['debug = "yes"', "field 'debug' must be true or false."],
    ['sslverifypeer = 0', "field 'sslverifypeer' must be true or false."],
    ['timeToNextRequest = "soon"', "field 'timeToNextRequest' must be a number that is not negative."],
    ['tokenRefreshTTL = -1', "field 'tokenRefreshTTL' must be a number that is not negative."],
    ['proxyPort = "http"', "field 'proxyPort' must be a number that is not negative."],
    ['oauth2Type = "Implicit"', "field 'oauth2Type' must be one of "],
    ['url = "https://ada:secret@h/"', "field 'url' must hold no user and password"],
    ['url = "https://ada:secret/x@h/"', "field 'url' must hold no user and password"],
    ['proxyHost = "ada:secret@proxy:3128"', "field 'proxyHost' must hold no user and password"],
    ['proxyHost = "http://ada:sec/ret@proxy"', "field 'proxyHost' must hold no user and password"],
  ];

  it.each(wrong)('is refused with its file and line: %s', (line, message) => {
    using place = folder();
    const user = `[profiles.prod]\nusername = "ada"\n\n[profiles.dev]\n${line}\n`;
    const said = messageOf(() => place.load({ user }));
    expect(said).toContain(`${FILE}:5: ${message}`);
    expect(said).not.toContain('secret@');
  });

  it.each([
    ['ca.pem', 'home/.config/authwire/ca.pem'],
    ['../ca.pem', 'home/.config/ca.pem'],
    ['~/ca.pem', 'home/ca.pem'],
  ])('ca_path begins where the file is, not in the working directory: %s', (written, path) => {
    using place = folder();
    const config = place.load({ user: `[profiles.default]\nca_path = "${written}"\n` });
    expect(config.profile().ca_path).toBe(join(place.path, path));
  });

  it.each(['/etc/ssl/office.pem', ''])('ca_path stays where it is absolute or nothing: %j', (written) => {
    using place = folder();
    const config = place.load({ user: `[profiles.default]\nca_path = "${written}"\n` });
    expect(config.profile().ca_path ?? '').toBe(written);
  });

  it.each([
    ['an unknown key', 'passwrod = "x"', 'there is no key '],
    ['a field', 'password = "x"', "there is no key 'password' at the top."],
    ['a profile that is no table', 'profiles = 1', "'profiles' must be tables, such as [profiles.prod]."],
    ['profiles that are no tables', '[profiles]\nprod = "x"', "'profiles.prod' must be a table of credential fields."],
    ['a list of profiles', '[[profiles]]\nurl = "x"', "'profiles' must be tables"],
    ['a profile in use that is no text', 'profile = 1', "'profile' must be the name of a profile"],
    ['a name that is none', '[profiles."a b"]', 'a profile has a name of letters, digits, - and _, at most 64.'],
  ])('stands in a profile: refused is %s', (_name, user, message) => {
    using place = folder();
    expect(() => place.load({ user })).toThrow(message);
  });

  it.each([
    'password = {{}}',
    'password = { env = 1, file = {} }',
    'debug = {}',
    'oauth2Type = {}',
    'timeToNextRequest = {}',
    'httpHeader1 = [{}]',
    '{} = 1',
    'url = "https://a:"{}',
  ])('is never quoted: %s', (line) => {
    using place = folder();
    const value = JSON.stringify(markedSecret('token'));
    const said = messageOf(() => place.load({ user: `[profiles.x]\n${line.replaceAll('{}', value)}\n` }));
    expect(said).toContain(`${FILE}:2: `);
    expect(findMarks(said)).toEqual([]);
  });

  it.each([
    ['debug = "true"', { debug: 'true' }],
    ['proxyPort = ""', {}],
    ['timeToNextRequest = "30"', { timeToNextRequest: '30' }],
    ['tokenAuthRefresh = ""', {}],
    ['httpHeader1 = "X-Tenant: a"', { httpHeader1: 'X-Tenant: a' }],
    ['httpHeaders = { X-Tenant = "a" }', { httpHeaders: '{"X-Tenant":"a"}' }],
    ['httpHeaders = \'{"X-Tenant":"a"}\'', { httpHeaders: '{"X-Tenant":"a"}' }],
  ])('may be written as %s', (line, fields) => {
    using place = folder();
    expect(place.load({ user: `[profiles.default]\n${line}` }).profile()).toEqual(fields);
  });
});

describe('a secret that stands elsewhere', () => {
  const user = (reference: string) => `[profiles.default]\npassword = ${reference}`;
  const password = (place: ReturnType<typeof folder>, reference: string, env: Record<string, string> = {}) => {
    return reveal(place.load({ user: user(reference), env }).profile().password as Secret);
  };

  it('is in a variable', () => {
    using place = folder();
    expect(password(place, '{ env = "API_PW" }', { API_PW: 'from env\n' })).toBe('from env');
  });

  it.each([
    ['~/.secrets/api', 'home/.secrets/api'],
    ['../secrets/api', 'home/.config/secrets/api'],
  ])('is in a file: %s', (path, written) => {
    using place = folder();
    place.write(written, 'from a file\r\n');
    expect(password(place, `{ file = "${path}" }`)).toBe('from a file');
  });

  it('keeps all but one line break at the end of the file', () => {
    using place = folder();
    place.write('home/api', ' a \n b \n\n');
    expect(password(place, '{ file = "~/api" }')).toBe(' a \n b \n');
  });

  it.each([
    ['{ env = "API_PW" }', `${FILE}:2: the environment variable API_PW does not exist or is empty.`],
    ['{ file = "~/none" }', '/home/none does not exist or is empty.'],
    ['{ file = "~/empty" }', '/home/empty does not exist or is empty.'],
    ['{ file = "~/" }', 'is not a regular file.'],
    ['{ file = "~/open" }', "is writable by every user of this machine: chmod o-w '"],
  ])('is missed when it is needed, and not before: %s', (reference, message) => {
    using place = folder();
    place.write('home/empty', '\n');
    place.write('home/open', 'x', 0o666);
    const config = place.load({ user: user(reference), env: { API_PW: '' } });
    expect(() => config.profile()).toThrow(message);
  });

  it('may be a header with its name', () => {
    using place = folder();
    const config = place.load({
      user: '[profiles.default]\nhttpHeader1 = { env = "HEADER" }',
      env: { HEADER: 'X-Api-Key: a key' },
    });
    expect(config.profile()).toEqual({ httpHeader1: 'X-Api-Key: a key' });
  });
});
