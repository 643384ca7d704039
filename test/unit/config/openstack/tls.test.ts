import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openStackTransportOptions } from '../../../../src/config/openstack/options.ts';
import { cloud, home, URL_LINE } from './home.ts';

async function tlsOf(more: string, variables: Readonly<Record<string, string>> = {}) {
  const HOME = await home({ 'clouds.yaml': cloud(URL_LINE, more) });
  return { HOME, options: await openStackTransportOptions({ env: { HOME, ...variables } }) };
}

describe('what a cloud says of TLS', () => {
  it.each([
    ['nothing', '', {}],
    ['a CA', '    cacert: /ca.pem\n', { caFile: '/ca.pem' }],
    ['a certificate and its key', '    cert: /c.pem\n    key: /k.pem\n', { certFile: '/c.pem', keyFile: '/k.pem' }],
    ['a certificate with its key in it', '    cert: /c.pem\n', { certFile: '/c.pem', keyFile: '/c.pem' }],
    ['no checks', '    verify: False\n', { rejectUnauthorized: false }],
    ['no checks either', '    insecure: true\n', { rejectUnauthorized: false }],
    ['checks', '    verify: true\n    insecure: false\n', {}],
  ])('%s', async (_name, more, expected) => {
    expect((await tlsOf(more)).options).toEqual(expected);
  });

  it('is read from variables too', async () => {
    const variables = { OS_AUTH_URL: 'https://keystone.example/v3', OS_CACERT: '/ca.pem', OS_INSECURE: '1' };
    expect((await tlsOf('', variables)).options).toEqual({ caFile: '/ca.pem', rejectUnauthorized: false });
  });

  it('may begin at home', async () => {
    const { HOME, options } = await tlsOf('    cacert: ~/ca.pem\n');
    expect(options).toEqual({ caFile: join(HOME, 'ca.pem') });
  });

  it.each([
    ['    cacert: ca.pem\n', /clouds\.prod\.cacert must be an absolute path/],
    ['    cert: ~ada/c.pem\n', /clouds\.prod\.cert must be an absolute path/],
    ['    key: /k.pem\n', /clouds\.prod\.key names a key, but no 'cert'/],
  ])('is refused where it is wrong: %j', async (more, message) => {
    await expect(tlsOf(more)).rejects.toThrow(message);
  });
});
