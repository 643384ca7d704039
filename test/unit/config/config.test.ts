import { Console } from 'node:console';
import { inspect } from 'node:util';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { credentialFilter } from '../../../src/logging/credential-filter.ts';
import { markedLeaks } from '../../helpers/leaks.ts';
import { findMarks } from '../../helpers/leaks-forms.ts';
import { markedSecret } from '../../helpers/leaks-mark.ts';
import { paper } from '../../helpers/leaks-printers.ts';
import { folder } from './folder.ts';

afterEach(() => {
  vi.restoreAllMocks();
});

const quoted = (text: string) => JSON.stringify(text);
const header = () => `X-Api-Key: ${markedSecret('header')}`;

/** A configuration whose every secret is marked. */
function secretive(place: ReturnType<typeof folder>) {
  const secrets = {
    password: markedSecret('text'),
    apikey: markedSecret('text'),
    proxyPasswd: markedSecret('text'),
    oauth2ClientSecret: markedSecret('text'),
    oauth2ResourceOwnerPassword: markedSecret('text'),
    httpHeader1: header(),
    httpHeaders: JSON.stringify({ 'X-Token': markedSecret('header') }),
    oauth2ResourceOwnerAdditionalParams: JSON.stringify({ client_assertion: markedSecret('text') }),
    opts: JSON.stringify({ passphrase: markedSecret('text') }),
  };
  const lines = Object.entries(secrets).map(([name, value]) => `${name} = ${quoted(value)}`);
  const references = 'password = { env = "PW" }\napikey = { file = "~/key" }\nhttpHeader2 = { env = "HEADER" }';
  place.write('home/key', markedSecret('text'));
  return place.load({
    user: `[profiles.default]\nurl = "https://h/?key=${markedSecret('token').replaceAll(/["\\]/g, '')}"\n${lines.join('\n')}\n[profiles.other]\n${references}\n`,
    env: { PW: markedSecret('text'), HEADER: header(), AUTHWIRE_OTHER__OAUTH2_CLIENT_SECRET: markedSecret('text') },
  });
}

describe('a configuration that is printed', () => {
  it('shows no secret, however it is printed', () => {
    using place = folder();
    const config = secretive(place);
    expect(markedLeaks(config, config.describe(), config.describe('other'), { config })).toEqual([]);
    const sheet = paper();
    const table = new Console({ stdout: sheet.stream });
    table.table(config.describe().fields);
    table.table(config.describe('other').fields);
    table.log('%s %o %O %j', config, config, config, config);
    expect(findMarks(sheet.take() + inspect(config, { depth: 9, showHidden: true }))).toEqual([]);
  });

  it('shows no secret as the fields of a profile', () => {
    using place = folder();
    const config = secretive(place);
    const print = (fields: object) => inspect(fields) + JSON.stringify(fields) + inspect([{ fields }], { depth: 9 });
    expect(findMarks(print(config.profile()) + print(config.profile('other')))).toEqual([]);
    const { password, apikey } = { ...config.profile('other') };
    expect(inspect({ password, apikey })).toBe('{ password: *****, apikey: ***** }');
  });

  it('has told its secrets to the credential filter: those in files at once, the others when they are read', () => {
    using place = folder();
    const [written, referred, named] = [markedSecret('text'), markedSecret('text'), markedSecret('header')];
    const config = place.load({
      user: `[profiles.default]\npassword = ${quoted(written)}\napikey = { env = "KEY" }\nhttpHeader1 = "X-Key: ${named.replaceAll(/["\\]/g, (c) => `\\${c}`)}"`,
      env: { KEY: referred },
    });
    expect(findMarks(credentialFilter.mask(`${written} ${btoa(named)} ${encodeURIComponent(written)}`))).toEqual([]);
    config.profile();
    expect(findMarks(credentialFilter.mask(referred))).toEqual([]);
  });
});

describe('the description', () => {
  it('says where every value comes from, and of secrets whether they are set', () => {
    using place = folder();
    const user = '\n[profiles.prod]\nurl = "https://api.example.com"\n';
    const config = place.load({
      user: `${user}authEndpoint = "/login?k=v"\npassword = { env = "PW" }\napikey = { env = "KEY" }\nusername = "x"\nproxyHost = "http://proxy"\n`,
      project: '[profiles.prod]\ndebug = true',
      env: { AUTHWIRE__USERNAME: 'ada', AUTHWIRE__PROXY_PASSWD: '', KEY: 'a key', AUTHWIRE_PROFILE: 'prod' },
      fields: { tokenRefreshTTL: 60, oauth2ClientSecret: () => 'asked' },
    });
    const [own, projects] = [`${place.path}/home/.config/authwire/config.toml`, `${place.path}/project/.authwire.toml`];
    const { fields, ...rest } = config.describe();
    expect(fields.map(({ field, value, layer, source }) => [field, value, layer, source])).toEqual([
      ['url', 'https://api.example.com', 'user', `${own}:3`],
      ['authEndpoint', '/login?*****', 'user', `${own}:4`],
      ['password', 'not set', 'user', `${own}:5: the environment variable PW`],
      ['apikey', 'set, but not shown', 'user', `${own}:6: the environment variable KEY`],
      ['username', 'ada', 'environment', 'AUTHWIRE__USERNAME'],
      ['proxyHost', 'http://proxy', 'user', `${own}:8`],
      ['debug', true, 'project', `${projects}:2`],
      ['proxyPasswd', 'not set', 'environment', 'AUTHWIRE__PROXY_PASSWD'],
      ['tokenRefreshTTL', 60, 'arguments', "option 'fields'"],
      ['oauth2ClientSecret', 'set, but not shown', 'arguments', "option 'fields'"],
      ['oauth2ResourceOwnerPassword', 'not set', '', ''],
    ]);
    expect(rest).toEqual({
      profile: 'prod',
      profiles: ['prod'],
      files: [
        { file: '/etc/authwire/config.toml', layer: 'system', exists: false, readable: false, permissions: '' },
        { file: own, layer: 'user', exists: true, readable: true, permissions: '0600' },
        { file: projects, layer: 'project', exists: true, readable: true, permissions: '0600' },
      ],
      warnings: [],
    });
    expect(JSON.parse(JSON.stringify(config))).toEqual({ fields, ...rest });
  });

  it('is text for people, without control characters', () => {
    using place = folder();
    const file = place.write('a.toml', '[profiles.default]\nusername = "\\u001b[2J\\u202eada"\npassword = "abcdef"');
    const lines = String(place.load({ files: [file] })).split('\n');
    expect(lines).toEqual([
      'profile   default',
      'profiles  default',
      '',
      'field                        value                 source',
      `username                     \\u{1b}[2J\\u{202e}ada  ${file}:2`,
      `password                     set, but not shown    ${file}:3`,
      'proxyPasswd                  not set',
      'apikey                       not set',
      'oauth2ClientSecret           not set',
      'oauth2ResourceOwnerPassword  not set',
      '',
      `layer  file${' '.repeat(file.length - 4)}  state  permissions`,
      `given  ${file}  read   0600`,
    ]);
  });

  it('says of a secret file that cannot be read just that', () => {
    using place = folder();
    place.write('home/open', 'abcdef', 0o666);
    const config = place.load({ user: '[profiles.default]\npassword = { file = "~/open" }\napikey = { file = "~/" }' });
    expect(config.describe().fields.slice(0, 2)).toMatchObject([
      { field: 'password', value: process.platform === 'win32' ? 'set, but not shown' : 'cannot be read' },
      { field: 'apikey', value: 'cannot be read' },
    ]);
  });

  it('is of no profile where there is none, and of none that is not there', () => {
    using place = folder();
    const config = place.load({});
    expect(config.describe().profiles).toEqual([]);
    expect(() => config.describe('other')).toThrow("there is no profile 'other'");
  });
});

describe.runIf(process.platform !== 'win32')('a file with secrets that others may read', () => {
  const open = (place: ReturnType<typeof folder>, text: string) => [place.write('open.toml', text, 0o640)];
  const warning = (place: ReturnType<typeof folder>) => {
    const file = `${place.path}/open.toml`;
    return `${file} holds secrets, and others on this machine may read it: chmod 600 '${file}'`;
  };

  it('is warned of, with what to do', () => {
    using place = folder();
    const onWarning = vi.fn();
    const files = open(place, '[profiles.default]\npassword = "abcdef"');
    const config = place.load({ onWarning, files });
    expect(onWarning.mock.calls).toEqual([[warning(place)]]);
    expect(config.warnings).toEqual([warning(place)]);
    expect(String(config)).toContain(`warning: ${warning(place)}`);
  });

  it('is warned of once in a process that says nothing else', () => {
    using place = folder();
    const emit = vi.spyOn(process, 'emitWarning').mockImplementation(() => {});
    const files = open(place, '[profiles.default]\nhttpHeader1 = "X-Api-Key: abcdef"');
    place.load({ files });
    place.load({ files });
    expect(emit.mock.calls).toEqual([[`authwire: ${warning(place)}`, { code: 'AUTHWIRE_READABLE_SECRET' }]]);
  });

  it.each(['username = "ada"', 'password = { env = "PW" }', 'httpHeader1 = "X-Tenant: a"'])(
    'has secrets: no warning of %s',
    (line) => {
      using place = folder();
      const files = open(place, `[profiles.default]\n${line}`);
      expect(place.load({ files }).warnings).toEqual([]);
    },
  );
});
