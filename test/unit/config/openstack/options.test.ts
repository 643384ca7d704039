import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type OpenStackOptionsRequest, openStackOptions } from '../../../../src/config/openstack/options.ts';
import { leaks } from '../../../helpers/leaks.ts';
import { cloud, expected, home, opened, optionsOf, password, refusal, SECRET, URL_LINE } from './home.ts';

describe('clouds.yaml says', () => {
  it('a password, which comes wrapped', async () => {
    const options = await openStackOptions({ env: { HOME: await home({ 'clouds.yaml': password }) } });
    expect(opened(options)).toEqual(expected);
    expect(leaks(options, SECRET)).toEqual([]);
  });

  it.each<[string, string, object]>([
    [
      'a project with its domain',
      `username: u\npassword: ${SECRET}\nuser_domain_id: d\nproject_name: p\nproject_domain_name: e`,
      { username: 'u', password: SECRET, userDomainId: 'd', projectName: 'p', projectDomainName: 'e' },
    ],
    [
      'one domain for user and project',
      `username: u\npassword: ${SECRET}\nproject_name: p\ndomain_name: d`,
      { username: 'u', password: SECRET, userDomainName: 'd', projectName: 'p', projectDomainName: 'd' },
    ],
    [
      'a default domain',
      `username: u\npassword: ${SECRET}\ntenant_name: p\ndefault_domain: d`,
      { username: 'u', password: SECRET, userDomainId: 'd', projectName: 'p', projectDomainId: 'd' },
    ],
    [
      'ids, which win over names',
      `user_id: u\nusername: n\npassword: ${SECRET}\nuser_domain_name: d\nproject_id: p\nproject_name: q\nproject_domain_id: d`,
      { userId: 'u', password: SECRET, projectId: 'p' },
    ],
    [
      'a domain as scope',
      `user_id: u\npassword: ${SECRET}\ndomain_id: d`,
      { userId: 'u', password: SECRET, domainId: 'd' },
    ],
    [
      'the system as scope',
      `user_id: u\npassword: ${SECRET}\nsystem_scope: all`,
      { userId: 'u', password: SECRET, systemScope: 'all' },
    ],
    ['dashes', `user-id: u\npassword: ${SECRET}\nproject-id: p`, { userId: 'u', password: SECRET, projectId: 'p' }],
    ['a password that looks like a number', 'user_id: u\npassword: 0123', { userId: 'u', password: '0123' }],
    ['a password that looks like no', 'user_id: u\npassword: no', { userId: 'u', password: 'no' }],
    ['a token', `token: ${SECRET}\nproject_id: p`, { token: SECRET, projectId: 'p' }],
    [
      'an application credential by id, which has its scope already',
      `application_credential_id: a\napplication_credential_secret: ${SECRET}\nproject_id: p\nuser_id: u`,
      { applicationCredentialId: 'a', applicationCredentialSecret: SECRET },
    ],
    [
      'an application credential by name',
      `application_credential_name: a\napplication_credential_secret: ${SECRET}\nuser_id: u`,
      { applicationCredentialName: 'a', applicationCredentialSecret: SECRET, userId: 'u' },
    ],
  ])('%s', async (_name, lines, options) => {
    expect(await optionsOf({ 'clouds.yaml': cloud(`${URL_LINE}\n${lines}`) })).toEqual({
      authUrl: expected.authUrl,
      ...options,
    });
  });

  it.each<[string, string, object]>([
    ['v3password', `user_id: u\npassword: ${SECRET}`, { userId: 'u', password: SECRET }],
    ['password', `user_id: u\npassword: ${SECRET}\ntoken: other`, { userId: 'u', password: SECRET }],
    ['v3token', `token: ${SECRET}\npassword: other`, { token: SECRET }],
    ['v3totp', 'user_id: u\npasscode: "012345"', { userId: 'u', passcode: '012345' }],
    [
      'v3applicationcredential',
      `application_credential_id: a\napplication_credential_secret: ${SECRET}`,
      { applicationCredentialId: 'a', applicationCredentialSecret: SECRET },
    ],
    [
      'v3multifactor',
      `user_id: u\npassword: ${SECRET}\npasscode: "012345"`,
      { userId: 'u', password: SECRET, passcode: '012345' },
    ],
  ])('the auth_type %s', async (type, lines, options) => {
    const more = `    auth_type: ${type}\n    auth_methods: [v3password, v3totp]\n`;
    const found = await optionsOf({ 'clouds.yaml': cloud(`${URL_LINE}\n${lines}`, more) });
    expect(found).toEqual({ authUrl: expected.authUrl, ...options });
  });

  it.each<[string, string, OpenStackOptionsRequest, object]>([
    ['one region', '    region_name: One\n', {}, { region: 'One' }],
    ['several, the first', '    regions: [One, Two]\n', {}, { region: 'One' }],
    ['several, the chosen one', '    regions: [One, Two]\n', { region: 'Two' }, { region: 'Two' }],
    [
      'several, that of the environment',
      '    regions: [One, Two]\n',
      { env: { OS_REGION_NAME: 'Two' } },
      { region: 'Two' },
    ],
    [
      'several with values of their own',
      '    regions:\n    - name: One\n      values: {interface: internal, auth: {username: grace}}\n    - Two\n',
      {},
      { region: 'One', interface: 'internal', username: 'grace' },
    ],
    ['none, the chosen one', '', { region: 'Two' }, { region: 'Two' }],
    ['an interface', '    interface: internal\n', {}, { interface: 'internal' }],
    ['an interface in the old way', '    endpoint_type: adminURL\n', {}, { interface: 'admin' }],
  ])('of regions and interfaces %s', async (_name, more, request, options) => {
    expect(await optionsOf({ 'clouds.yaml': password + more }, request)).toEqual({ ...expected, ...options });
  });

  it('what aliases and merge keys stand for', async () => {
    const text = `
common: &common {auth_url: https://keystone.example/v3, user_domain_name: Default}
clouds:
  prod:
    auth:
      <<: *common
      username: ada
      password: ${SECRET}
`;
    expect(await optionsOf({ 'clouds.yaml': text })).toEqual(expected);
  });
});

describe('files are laid together', () => {
  const bare = cloud('username: ada\nuser_domain_name: Default', '    profile: vendor\n');
  const secure = `clouds: {prod: {auth: {password: ${SECRET}}}}`;
  const vendor =
    'public-clouds: {vendor: {region_name: One, auth: {auth_url: https://keystone.example/v3, username: other}}}';

  it('clouds.yaml, secure.yaml on top, and the profile of clouds-public.yaml below', async () => {
    const files = { 'clouds.yaml': bare, 'secure.yaml': secure, 'clouds-public.yaml': vendor };
    expect(await optionsOf(files)).toEqual({ ...expected, region: 'One' });
  });

  it('whatever their suffixes', async () => {
    const json = JSON.stringify({ clouds: { prod: { auth: { password: SECRET } } } });
    const files = { 'clouds.yml': bare, 'secure.json': json, 'clouds-public.yml': vendor };
    expect(await optionsOf(files)).toEqual({ ...expected, region: 'One' });
  });

  it('a profile that nobody knows is no matter where the cloud has all it needs', async () => {
    const more = '    profile: unknown\n';
    expect(await optionsOf({ 'clouds.yaml': password + more })).toEqual(expected);
    const error = await refusal({ 'clouds.yaml': bare, 'secure.yaml': secure });
    expect(error.message).toMatch(/clouds\.yaml: clouds\.prod\.profile names a profile/);
  });

  it('the first place counts: XDG_CONFIG_HOME, then ~/.config', async () => {
    const other = password.replace('username: ada', 'username: grace');
    const HOME = await home({ 'clouds.yaml': password, 'xdg/openstack/clouds.yaml': other });
    expect(await openStackOptions({ env: { HOME } })).toMatchObject({ username: 'ada' });
    expect(await openStackOptions({ env: { HOME, XDG_CONFIG_HOME: join(HOME, 'xdg') } })).toMatchObject({
      username: 'grace',
    });
  });

  it('a file that is named counts alone, with secure.yaml beside it', async () => {
    const HOME = await home({
      'clouds.yaml': 'clouds: {}',
      'here/clouds.yaml': bare,
      'here/secure.yaml': secure,
      'here/clouds-public.yaml': vendor,
    });
    const file = join(HOME, 'here', 'clouds.yaml');
    const found = [
      await openStackOptions({ env: { HOME, OS_CLIENT_CONFIG_FILE: file } }),
      await openStackOptions({ env: { HOME }, files: [join(HOME, 'nowhere.yaml'), file] }),
    ];
    expect(found.map(opened)).toEqual(Array(2).fill({ ...expected, region: 'One' }));
  });

  it('a file in the working directory is none of ours', async () => {
    const HOME = await home({ 'project/clouds.yaml': password });
    const before = process.cwd();
    onTestFinished(() => process.chdir(before));
    process.chdir(join(HOME, 'project'));
    await expect(openStackOptions({ env: { HOME } })).rejects.toThrow(/No file names one/);
  });
});

describe('a cloud is chosen', () => {
  const two = `${password}  test:\n    auth: {auth_url: "https://test.example/v3", token: ${SECRET}}\n`;
  const variables = {
    OS_AUTH_URL: 'https://env.example/v3',
    OS_TOKEN: SECRET,
    OS_PROJECT_ID: 'p',
    OS_REGION_NAME: 'One',
    OS_INTERFACE: 'internal',
    OS_USERNAME: '',
  };

  it.each<[string, OpenStackOptionsRequest, string]>([
    ['by its name', { cloud: 'test' }, 'https://test.example/v3'],
    ['by OS_CLOUD', { env: { OS_CLOUD: 'test' } }, 'https://test.example/v3'],
    ['by its name before OS_CLOUD', { cloud: 'prod', env: { OS_CLOUD: 'test' } }, 'https://keystone.example/v3'],
    ['by OS_CLOUD before other variables', { env: { ...variables, OS_CLOUD: 'test' } }, 'https://test.example/v3'],
    ['by the variables', { env: variables }, 'https://env.example/v3'],
    ['by the name of the variables', { cloud: 'envvars', env: variables }, 'https://env.example/v3'],
    [
      'by their own name for them',
      { cloud: 'mine', env: { ...variables, OS_CLOUD_NAME: 'mine' } },
      'https://env.example/v3',
    ],
  ])('%s', async (_how, request, authUrl) => {
    expect(await optionsOf({ 'clouds.yaml': two }, request)).toMatchObject({ authUrl });
  });

  it('the variables say all that a file says', async () => {
    expect(await optionsOf({}, { env: variables })).toEqual({
      authUrl: 'https://env.example/v3',
      token: SECRET,
      projectId: 'p',
      region: 'One',
      interface: 'internal',
    });
    expect(await optionsOf({}, { env: variables, region: 'Two' })).toMatchObject({ region: 'Two' });
    const factors = { OS_AUTH_TYPE: 'v3multifactor', OS_AUTH_METHODS: 'v3password, v3totp', OS_PASSCODE: '012345' };
    const user = { OS_AUTH_URL: variables.OS_AUTH_URL, OS_USER_ID: 'u', OS_PASSWORD: SECRET, OS_SYSTEM_SCOPE: 'all' };
    expect(await optionsOf({}, { env: { ...user, ...factors } })).toEqual({
      authUrl: variables.OS_AUTH_URL,
      userId: 'u',
      password: SECRET,
      passcode: '012345',
      systemScope: 'all',
    });
  });

  it.each<[string, OpenStackOptionsRequest, RegExp]>([
    ['no name among several', {}, /no cloud is selected.*There are: prod, test\./],
    ['an unknown name', { cloud: 'staging' }, /no cloud 'staging'\. There are: prod, test\./],
    ['a name of Object', { cloud: 'constructor' }, /no cloud 'constructor'/],
  ])('but not by %s', async (_how, request, message) => {
    expect(await refusal({ 'clouds.yaml': two }, request)).toMatchObject({
      message: expect.stringMatching(message),
      option: 'cloud',
    });
  });
});
