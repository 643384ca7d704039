import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { buildAuthenticator } from '../../../src/builders/build-authenticator.ts';
import { loadConfig } from '../../../src/config/load.ts';
import { ConfigurationError } from '../../../src/errors.ts';
import { reveal, type Secret, secret } from '../../../src/secret.ts';
import { folder, type Layers } from './folder.ts';

/** Fields with their secrets open. */
function opened(fields: object): Record<string, unknown> {
  const entries = Object.entries(fields).map(([name, value]) => {
    return [name, typeof value === 'object' ? reveal(value as Secret) : value];
  });
  return Object.fromEntries(entries);
}

const USER = `
profile = "prod"

[profiles.prod]
authType = "AuthBasic"
url = "https://api.example.com"
username = "ada"
password = "from the file"
timeToNextRequest = 5
debug = false

[profiles.dev]
apikey = "a key"
`;

describe('profiles', () => {
  it('are credential fields, with wrapped secrets, for buildAuthenticator', () => {
    using place = folder();
    const fields = place.load({ user: USER }).profile();
    expect(opened(fields)).toEqual({
      authType: 'AuthBasic',
      url: 'https://api.example.com',
      username: 'ada',
      password: 'from the file',
      timeToNextRequest: 5,
      debug: false,
    });
    expect(String(fields.password)).toBe('*****');
    expect(buildAuthenticator(fields).getName()).toBe('AuthBasic');
    expect(buildAuthenticator({ ...fields, debug: true }).origins).toEqual(['https://api.example.com']);
  });

  it.each<[name: string, layers: Layers, password: string]>([
    ['the file', { user: USER }, 'from the file'],
    ['the environment', { user: USER, env: { AUTHWIRE__PASSWORD: 'from env' } }, 'from env'],
    ['the environment, by name', { user: USER, env: { AUTHWIRE_PROD__PASSWORD: 'from env' } }, 'from env'],
    [
      'the environment, for another profile',
      { user: USER, env: { AUTHWIRE_DEV__PASSWORD: 'another one' } },
      'from the file',
    ],
    [
      'the caller',
      { user: USER, env: { AUTHWIRE__PASSWORD: 'from env' }, fields: { password: 'from code' } },
      'from code',
    ],
    ['the caller, wrapped', { user: USER, fields: { password: secret('from code') } }, 'from code'],
  ])('have the value of the highest layer: %s', (_name, layers, password) => {
    using place = folder();
    const fields = place.load(layers).profile();
    expect(opened(fields)).toMatchObject({ password, username: 'ada' });
  });

  it.each<[name: string, layers: Layers, selected: string]>([
    ['default, where nobody says', { user: '[profiles.default]' }, 'default'],
    ["the file's", { user: USER }, 'prod'],
    ["the project's", { user: USER, project: 'profile = "dev"' }, 'dev'],
    ["the environment's", { user: USER, project: 'profile = "prod"', env: { AUTHWIRE_PROFILE: 'dev' } }, 'dev'],
    ["not the environment's where that is empty", { user: USER, env: { AUTHWIRE_PROFILE: '' } }, 'prod'],
    ["the caller's", { user: USER, env: { AUTHWIRE_PROFILE: 'prod' }, profile: 'dev' }, 'dev'],
  ])('one is in use: %s', (_name, layers, selected) => {
    using place = folder();
    expect(place.load(layers).selected).toBe(selected);
  });

  it.each<[Layers, string]>([
    [{ user: USER, profile: 'prdo' }, "option 'profile': there is no profile 'prdo'. There are: prod, dev."],
    [
      { user: USER, env: { AUTHWIRE_PROFILE: 'prdo' } },
      "AUTHWIRE_PROFILE: there is no profile 'prdo'. There are: prod, dev.",
    ],
    [{ user: 'profile = "prdo"\n[profiles.dev]' }, "config.toml:1: there is no profile 'prdo'. There are: dev."],
  ])('that are not there are no secret: %j', (layers, message) => {
    using place = folder();
    expect(() => place.load(layers)).toThrow(message);
    expect(() => place.load({ ...layers, profile: 'dev' }).profile('other')).toThrow("there is no profile 'other'.");
  });

  it('name the places that were looked into where there is none at all', () => {
    using place = folder();
    const user = join(place.path, 'home/.config/authwire/config.toml');
    const project = join(place.path, 'project/.authwire.toml');
    expect(() => place.load({}).profile()).toThrow(
      `there is no profile 'default', and no other: looked into /etc/authwire/config.toml, ${user}, ${project}.`,
    );
    expect(() => place.load({ fields: {} }).profile()).toThrow("there is no profile 'default'");
  });

  it('come from the caller or the environment alone, too', () => {
    using place = folder();
    expect(place.load({ fields: { username: 'ada' } }).profile()).toEqual({ username: 'ada' });
    const env = { AUTHWIRE_PROFILE: 'prod', AUTHWIRE__USERNAME: 'ada', AUTHWIRE_OTHER__USERNAME: 'bob' };
    const config = place.load({ env });
    expect([config.profile().username, config.profile('other').username]).toEqual(['ada', 'bob']);
  });

  it('lose what a higher layer leaves empty', () => {
    using place = folder();
    const config = place.load({ user: USER, env: { AUTHWIRE__PASSWORD: '', AUTHWIRE__URL: '' } });
    expect(Object.keys(config.profile()).toSorted()).toEqual(['authType', 'debug', 'timeToNextRequest', 'username']);
  });

  it.each([
    [{ pasword: 'open sesame' }, "option 'fields': there is no field 'pasword'. Did you mean 'password'?"],
    [{ debug: 'open sesame' }, "option 'fields': field 'debug' must be true or false."],
    [{ password: 5 }, "option 'fields': field 'password' must be text, a secret or a function."],
  ])('refuse what the caller gives wrong: %j', (fields, message) => {
    using place = folder();
    expect(() => place.load({ fields: fields as object })).toThrow(message);
  });

  it('keep functions that the caller gives for secrets', () => {
    using place = folder();
    const password = () => 'asked';
    expect(place.load({ fields: { password } }).profile().password).toBe(password);
  });

  it('have no prototype to be polluted, whatever their names', () => {
    using place = folder();
    const config = place.load({ user: '[profiles.constructor]\nusername = "ada"' });
    expect(config.profile('constructor')).toEqual({ username: 'ada' });
    expect(() => config.profile('toString')).toThrow(ConfigurationError);
    expect(() => place.load({ user: '[profiles.__proto__]\nusername = "ada"' })).toThrow('a profile has a name of');
    expect(() => place.load({ user: '[profiles.a]\n__proto__ = {}' })).toThrow("there is no field '__proto__'.");
    expect(({} as { username?: string }).username).toBeUndefined();
  });
});

describe('files that the caller names', () => {
  it('stand in for all others, in their order', () => {
    using place = folder();
    place.write('home/.config/authwire/config.toml', 'broken');
    const files = [place.write('a.toml', '[profiles.x]\nurl = "https://a"\nusername = "ada"'), 'b.toml'];
    place.write('b.toml', '[profiles.x]\nurl = "https://b"\npassword = { env = "PW" }');
    const env = { HOME: join(place.path, 'home'), PW: 'from env' };
    const config = loadConfig({ env, files, directory: place.path });
    expect(opened(config.profile('x'))).toEqual({ url: 'https://b', username: 'ada', password: 'from env' });
  });

  it.each(['files', 'AUTHWIRE_CONFIG'])('must be there: %s', (way) => {
    using place = folder();
    const file = join(place.path, 'none.toml');
    const options = way === 'files' ? { files: [file] } : { env: { AUTHWIRE_CONFIG: file } };
    expect(() => place.load(options)).toThrow(`${file}: no such file.`);
  });

  it("may be the environment's, in the place of the user's", () => {
    using place = folder();
    place.write('own.toml', '[profiles.default]\nusername = "own"');
    const env = { AUTHWIRE_CONFIG: '~/own.toml', HOME: place.path };
    expect(place.load({ user: 'broken', env }).profile()).toEqual({ username: 'own' });
  });
});
