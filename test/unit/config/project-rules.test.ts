import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { FIELD_NAMES } from '../../../src/config/check-field.ts';
import { findMarks } from '../../helpers/leaks-forms.ts';
import { markedSecret } from '../../helpers/leaks-mark.ts';
import { folder, type Layers, messageOf } from './folder.ts';

const PASSWORD = markedSecret('text');
const USER = `
[profiles.prod]
authType = "AuthBasic"
url = "https://api.example.com"
authEndpoint = "/login"
username = "ada"
password = ${JSON.stringify(PASSWORD)}

[profiles.bare]
password = ${JSON.stringify(PASSWORD)}

[profiles.referring]
url = "https://api.example.com"
apikey = { env = "API_KEY" }

[profiles.header]
url = "https://api.example.com"
httpHeader1 = "X-Api-Key: ${markedSecret('token').replaceAll(/["\\]/g, '')}"

[profiles.harmless]
url = "https://api.example.com"
`;
const ENV = { API_KEY: markedSecret('token') };

/** What a hostile repository would write to get somebody's secret. */
const attacks: [name: string, project: string, layers?: Layers][] = [
  ['another address', '[profiles.prod]\nurl = "https://evil.example"'],
  ['another login', '[profiles.prod]\nauthEndpoint = "https://evil.example/login"'],
  ['no address, so that any will do', '[profiles.prod]\nurl = ""'],
  ['no login, so that the address is it', '[profiles.prod]\nauthEndpoint = ""'],
  ['an address where there is none', '[profiles.bare]\nurl = "https://evil.example"'],
  ['a token endpoint', '[profiles.prod]\nauthType = "AuthOAuth2"\noauth2TokenURL = "https://evil.example"'],
  ['another scheme', '[profiles.prod]\nauthType = "AuthQuery"'],
  ['another scheme, by the override', '[profiles.prod]\nauthOverride = "AuthQuery"'],
  ['another header', '[profiles.prod]\nauthHeader = "x-forwarded-for"'],
  ['another user', '[profiles.prod]\nusername = "mallory"'],
  ["another account's password", '[profiles.prod]\npassword = "of mallory"'],
  ['no password', '[profiles.prod]\npassword = ""'],
  ['a header', '[profiles.prod]\nhttpHeader1 = "Host: evil.example"'],
  ['headers', '[profiles.prod]\nhttpHeaders = { Host = "evil.example" }'],
  ['more parameters', '[profiles.prod]\noauth2ResourceOwnerAdditionalParams = { audience = "evil" }'],
  ['more scope', '[profiles.prod]\noauth2ClientCredentialsScope = "admin"'],
  ['another part of the answer', '[profiles.prod]\ntokenKey = "refresh_token"'],
  ['an address for a secret that stands elsewhere', '[profiles.referring]\nurl = "https://evil.example"'],
  ['an address for a secret header', '[profiles.header]\nurl = "https://evil.example"'],
  ['an address where the user has no secret yet', '[profiles.harmless]\nurl = "https://evil.example"'],
  ['a secret of the environment', '[profiles.mine]\nurl = "https://evil.example"\npassword = { env = "API_KEY" }'],
  ['a secret of a file', '[profiles.mine]\nurl = "https://evil.example"\npassword = { file = "~/.ssh/id" }'],
  ['a header of a file', '[profiles.mine]\nurl = "https://evil.example"\nhttpHeader2 = { file = "/etc/x" }'],
  [
    'an address for a secret in a variable',
    'profile = "mine"\n[profiles.mine]\nurl = "https://evil.example"',
    { env: { AUTHWIRE__PASSWORD: markedSecret('text') } },
  ],
  [
    'an address for a secret in a variable with its name',
    '[profiles.mine]\nurl = "https://evil.example"',
    { env: { AUTHWIRE_MINE__APIKEY: markedSecret('text') } },
  ],
  [
    'an address for a secret in a file that a variable names',
    'profile = "mine"\n[profiles.mine]\nurl = "https://evil.example"',
    { env: { AUTHWIRE__PASSWORD__FILE: '/etc/hostname' } },
  ],
  [
    'an address for a secret of the caller',
    'profile = "mine"\n[profiles.mine]\nurl = "https://evil.example"',
    { fields: { password: () => markedSecret('text') } },
  ],
  [
    'an address for a secret header of the caller',
    'profile = "mine"\n[profiles.mine]\nurl = "https://evil.example"',
    { fields: { httpHeader2: 'X-Key: abcdef' } },
  ],
  ['a command', '[profiles.mine]\nauthType = "AuthCommand"'],
  ['a command, by the override', '[profiles.mine]\nauthType = "AuthNone"\nauthOverride = "AuthCommand"'],
  ['a class that the program has added', '[profiles.mine]\nauthType = "AuthOfSomebody"'],
  ['a login in the browser', '[profiles.mine]\nauthType = "AuthPkce"'],
  ["the caller's own token", '[profiles.mine]\nauthType = "AuthForward"'],
  ['a proxy', '[profiles.mine]\nproxy = true'],
  ["a proxy's host", '[profiles.mine]\nproxyHost = "evil.example"'],
  ["a proxy's port", '[profiles.mine]\nproxyPort = 1'],
  ["a proxy's user", '[profiles.mine]\nproxyUser = "x"'],
  ["a proxy's password", '[profiles.mine]\nproxyPasswd = "xyz-abc"'],
  ['no check of certificates', '[profiles.mine]\nsslverifypeer = false'],
  ['certificates of its own', '[profiles.mine]\nca_path = "ca.pem"'],
  ['options', '[profiles.mine]\nopts = { command = ["x"] }'],
];

describe("a project's file", () => {
  it.each(attacks)('may not set %s', (_name, project, layers = {}) => {
    using place = folder();
    const env = { ...ENV, ...layers.env };
    const message = messageOf(() => place.load({ user: USER, project, ...layers, env }));
    expect(message).toMatch(/project\/\.authwire\.toml:\d+: a project's file may not set field '\w+': it /);
    expect(message).toMatch(
      / look this one through and run authwire config trust, or name it in option 'files' or AUTHWIRE_CONFIG, which trusts it\.$/,
    );
    expect(findMarks(message)).toEqual([]);
  });

  it("says whose secret it is that stays the user's", () => {
    using place = folder();
    const project = '[profiles.prod]\nurl = "https://evil.example"';
    expect(messageOf(() => place.load({ user: USER, project }))).toContain(
      `project/.authwire.toml:2: a project's file may not set field 'url': it would change the profile 'prod', ` +
        `whose secret comes from ${place.path}/home/.config/authwire/config.toml:7.`,
    );
  });

  it('may set no field that nobody has thought about where the secret is not its own', () => {
    using place = folder();
    const allowed = FIELD_NAMES.filter((field) => {
      const value = /debug|proxy$|sslverifypeer/.test(field)
        ? 'true'
        : /^(time|tokenRefresh|proxyPort)/.test(field)
          ? 1
          : '""';
      return messageOf(() => place.load({ user: USER, project: `[profiles.prod]\n${field} = ${value}` })).startsWith(
        'nothing',
      );
    });
    expect(allowed).toEqual([
      'debug',
      'timeToNextRequest',
      'tokenAuthRefresh',
      'tokenRefreshTTL',
      'tokenExpiresInSelector',
    ]);
  });

  it.each<[name: string, layers: Layers]>([
    ['in a variable', { env: { AUTHWIRE__PASSWORD: markedSecret('text') } }],
    ['in a file that a variable names', { env: { AUTHWIRE__APIKEY__FILE: '/etc/hostname' } }],
    ['in a header', { env: { AUTHWIRE__HTTP_HEADER_1: `X-Key: ${markedSecret('header')}` } }],
    ['of the caller', { fields: { password: markedSecret('text') } }],
  ])('may not choose the profile that gets a secret %s', (_name, layers) => {
    using place = folder();
    const given = { user: USER, project: 'profile = "harmless"', ...layers };
    const message = messageOf(() => place.load(given));
    expect(message).toMatch(
      /project\/\.authwire\.toml:1: a project's file may not choose the profile that the secret in /,
    );
    expect(findMarks(message)).toEqual([]);
    const chosen = place.load({ ...given, env: { ...layers.env, AUTHWIRE_PROFILE: 'harmless' } });
    expect(chosen.selected).toBe('harmless');
    expect(place.load({ ...given, profile: 'prod' }).selected).toBe('prod');
  });

  it.each<[name: string, project: string, layers: Layers, fields: object]>([
    ['the profile in use', 'profile = "harmless"', {}, { url: 'https://api.example.com' }],
    [
      'what is harmless',
      'profile = "harmless"\n[profiles.harmless]\ndebug = true\ntokenRefreshTTL = 60',
      {},
      { url: 'https://api.example.com', debug: true, tokenRefreshTTL: 60 },
    ],
    [
      'once more what the user says',
      'profile = "harmless"\n[profiles.harmless]\nurl = "https://api.example.com"',
      {},
      { url: 'https://api.example.com' },
    ],
    [
      'profiles of its own whose secret somebody has taken away',
      'profile = "mine"\n[profiles.mine]\nurl = "https://p"\npassword = "of the project"',
      { env: { AUTHWIRE__PASSWORD: '' } },
      { url: 'https://p' },
    ],
    [
      'profiles of its own, without secrets',
      'profile = "mine"\n[profiles.mine]\nauthType = "AuthOAuth2"\nurl = "https://p"\nauthHeader = "x"',
      { env: { AUTHWIRE__DEBUG: 'true' } },
      { authType: 'AuthOAuth2', url: 'https://p', authHeader: 'x', debug: 'true' },
    ],
  ])('may set %s', (_name, project, layers, fields) => {
    using place = folder();
    const profile = place.load({ user: USER, project, ...layers }).profile();
    expect(Object.fromEntries(Object.entries(profile))).toEqual(fields);
  });

  it('may set a secret of its own, with the place where it goes', () => {
    using place = folder();
    const project = '[profiles.mine]\nurl = "http://localhost"\napikey = "only for tests"';
    const { url, apikey } = place.load({ user: USER, project }).profile('mine');
    expect([url, String(apikey)]).toEqual(['http://localhost', '*****']);
  });

  it('is trusted where its path is given', () => {
    using place = folder();
    const file = place.write(
      'project/.authwire.toml',
      '[profiles.mine]\nurl = "https://p"\npassword = { env = "API_KEY" }',
    );
    const profile = (options: Layers & { files?: string[] }) => String(place.load(options).profile('mine').password);
    expect(profile({ files: [file], env: ENV })).toBe('*****');
    expect(profile({ env: { ...ENV, AUTHWIRE_CONFIG: file } })).toBe('*****');
    expect(() => place.load({ env: { ...ENV } })).toThrow("a project's file may not set field 'password'");
  });

  it.runIf(process.platform !== 'win32')('is no link to somewhere else', () => {
    using place = folder();
    place.write('project/other.toml', '[profiles.mine]\nurl = "https://p"');
    symlinkSync('other.toml', join(place.path, 'project/.authwire.toml'));
    expect(() => place.load({})).toThrow('it is a symbolic link, which is not followed here');
  });
});
