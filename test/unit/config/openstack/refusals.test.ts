import { describe, expect, it } from 'vitest';
import type { OpenStackOptionsRequest } from '../../../../src/config/openstack/options.ts';
import { cloud, expected, optionsOf, refusal, SECRET, URL_LINE } from './home.ts';

describe('an error names the place, and no value', () => {
  const env = { OS_AUTH_URL: 'https://env.example/v3', OS_PASSWORD: SECRET };
  const lines = (text: string, more = '') => ({ 'clouds.yaml': cloud(text, more) });
  const whole = `${URL_LINE}\nusername: ada\npassword: ${SECRET}\nuser_domain_name: Default`;

  it.each<[string, Readonly<Record<string, string>>, RegExp]>([
    ['no auth_url', lines(`password: ${SECRET}`), /cloud 'prod' of .*clouds\.yaml lacks 'auth_url'/],
    ['no user', lines(`${URL_LINE}\npassword: ${SECRET}`), /lacks 'username'/],
    ['no domain', lines(`${URL_LINE}\nusername: u\npassword: ${SECRET}`), /lacks 'user_domain_name'/],
    ['no password', lines(`${URL_LINE}\nuser_id: u`), /lacks 'password'/],
    [
      'no secret',
      lines(`${URL_LINE}\napplication_credential_id: u`, '    auth_type: v3applicationcredential\n'),
      /lacks 'application_credential_secret'/,
    ],
    [
      'http',
      lines(whole.replace('https', 'http')),
      /clouds\.yaml: clouds\.prod\.auth\.auth_url: option 'authUrl' must be https/,
    ],
    ['a secret as the URL', lines(`auth_url: ${SECRET}\nuser_id: u\npassword: p`), /clouds\.prod\.auth\.auth_url: /],
    ['two scopes', lines(`${whole}\nproject_id: p\nsystem_scope: all`), /auth\.system_scope: option 'systemScope'/],
    [
      'an unknown auth_type',
      lines(whole, '    auth_type: v3oidcpassword\n'),
      /clouds\.prod\.auth_type names a way to log in that is not known/,
    ],
    ['version 2', lines(whole, '    identity_api_version: "2.0"\n'), /identity_api_version must be 3/],
    ['a CA', lines(whole, '    cacert: /ca.pem\n'), /clouds\.prod\.cacert names a CA/],
    ['no checks', lines(whole, '    verify: false\n'), /clouds\.prod\.verify switches checks off/],
    ['no checks either', lines(whole, '    insecure: true\n'), /clouds\.prod\.insecure switches checks off/],
    ['a client certificate', lines(whole, '    cert: /cert.pem\n'), /clouds\.prod\.cert names a client certificate/],
    [
      'broken YAML',
      { 'clouds.yaml': `clouds:\n  prod: {auth: "${SECRET}` },
      /clouds\.yaml is not valid YAML: look at line \d/,
    ],
    ['the same key twice', { 'clouds.yaml': `a: ${SECRET}\na: ${SECRET}\n` }, /is not valid YAML/],
    ['a list', { 'clouds.yaml': `- ${SECRET}` }, /holds no settings by name/],
    ['too many aliases', { 'clouds.yaml': bomb() }, /references/],
    ['a huge file', { 'clouds.yaml': `# ${'x'.repeat(1024 * 1024)}` }, /larger than 1 MiB/],
    ['a folder', { 'clouds.yaml/file': '' }, /cannot be read \(EISDIR\)/],
  ])('%s', async (_name, files, message) => {
    const placed = Object.fromEntries(
      Object.entries(files).map(([name, text]) => [
        name.replace(/^clouds.yaml\/file$/, '.config/openstack/clouds.yaml/file'),
        text,
      ]),
    );
    expect((await refusal(placed)).message).toMatch(message);
  });

  it.each<[string, OpenStackOptionsRequest, RegExp]>([
    ['no user', { env }, /the environment lacks 'OS_USERNAME'/],
    ['a CA', { env: { ...env, OS_USER_ID: 'u', OS_CACERT: '/ca.pem' } }, /variable 'OS_CACERT' names a CA/],
    [
      'a file that is not there',
      { env: { OS_CLIENT_CONFIG_FILE: '/nowhere.yaml' } },
      /variable 'OS_CLIENT_CONFIG_FILE' names \/nowhere\.yaml/,
    ],
    ['files that are not there', { files: ['/nowhere.yaml'] }, /option 'files' names \/nowhere\.yaml/],
    [
      'a secure file that is not there',
      { env: { ...env, OS_CLIENT_SECURE_FILE: '/nowhere.yaml' } },
      /'OS_CLIENT_SECURE_FILE' names/,
    ],
  ])('of the environment: %s', async (_name, request, message) => {
    expect((await refusal({}, request)).message).toMatch(message);
  });

  it('unless there is a fetch that knows better, or Node trusts that CA', async () => {
    const files = lines(whole, '    cacert: /ca.pem\n');
    expect(await optionsOf(files, { fetch })).toEqual({ ...expected, fetch });
    expect(await optionsOf(files, { env: { NODE_EXTRA_CA_CERTS: '/ca.pem' } })).toEqual(expected);
  });

  it('http is allowed where the user says so', async () => {
    const files = lines(whole.replace('https', 'http'));
    expect(await optionsOf(files, { allowInsecureRequests: true })).toMatchObject({ allowInsecureRequests: true });
  });
});

/** Ten aliases of ten aliases of … */
function bomb(): string {
  const levels = Array.from({ length: 9 }, (_, i) => `a${i + 1}: &a${i + 1} [${Array(10).fill(`*a${i}`).join(', ')}]`);
  return ['a0: &a0 x', ...levels, 'clouds: {prod: {auth: {auth_url: x}}}'].join('\n');
}
