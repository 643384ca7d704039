import { describe, expect, it } from 'vitest';
import { ConfigurationError } from '../../../../src/errors.ts';
import type { CredentialFields } from '../../../../src/fields/credential-fields.ts';
import { needsTransport, transportOptions } from '../../../../src/node/transport/from-fields.ts';
import { transportFor } from '../../../../src/node/transport/transport-for.ts';

describe('transportOptions', () => {
  it.each<[CredentialFields, object]>([
    [{}, {}],
    [{ proxy: false, proxyHost: 'p.example', proxyPort: 3128, proxyUser: 'ada' }, {}],
    [{ proxy: true, proxyHost: 'p.example' }, { proxy: { host: 'p.example' } }],
    [{ proxy: 'true', proxyHost: 'p.example', proxyPort: '3128' }, { proxy: { host: 'p.example', port: 3128 } }],
    [{ proxy: true, proxyHost: 'https://p.example/' }, { proxy: { url: 'https://p.example/' } }],
    [{ proxy: true, proxyHost: 'https://[::1]:8443' }, { proxy: { url: 'https://[::1]:8443' } }],
    [{ proxy: true, proxyHost: '[::1]' }, { proxy: { host: '[::1]' } }],
    [
      { proxy: true, proxyHost: '::1', proxyPort: 1, proxyUser: 'a b@c', proxyPasswd: 'd:e%f' },
      { proxy: { host: '::1', port: 1, username: 'a b@c', password: 'd:e%f' } },
    ],
    [{ sslverifypeer: 'false' }, { rejectUnauthorized: false }],
    [{ sslverifypeer: true, ca_path: '/etc/ca.pem' }, { caFile: '/etc/ca.pem' }],
  ])('%o is %o', (fields, expected) => {
    expect(transportOptions(fields)).toEqual(expected);
    expect(needsTransport(fields)).toBe(Object.keys(expected).length > 0);
  });

  it.each<[CredentialFields, keyof CredentialFields]>([
    [{ proxy: 'perhaps' }, 'proxy'],
    [{ proxy: true }, 'proxyHost'],
    [{ proxy: true, proxyHost: 'ada:unspeakable@p.example' }, 'proxyHost'],
    [{ proxy: true, proxyHost: 'http://p.example/path' }, 'proxyHost'],
    [{ proxy: true, proxyHost: 'p.example:3128' }, 'proxyHost'],
    [{ proxy: true, proxyHost: 'p.example?x' }, 'proxyHost'],
    [{ proxy: true, proxyHost: 'https://p.example:99999' }, 'proxyHost'],
    [{ proxy: true, proxyHost: 'p', proxyPort: 'abc' }, 'proxyPort'],
    [{ proxy: true, proxyHost: 'p', proxyPort: 0 }, 'proxyPort'],
    [{ proxy: true, proxyHost: 'p', proxyPort: 65_536 }, 'proxyPort'],
    [{ proxy: true, proxyHost: 'p', proxyPasswd: 'unspeakable' }, 'proxyUser'],
    [{ sslverifypeer: 'maybe' }, 'sslverifypeer'],
    [{ ca_path: '/no/such/file.pem' }, 'ca_path'],
    [{ ca_path: '/' }, 'ca_path'],
    [{ ca_path: '/dev/null' }, 'ca_path'],
  ])('refuses %o, and names the field', (fields, option) => {
    const read = () => transportFor(fields);
    expect(read).toThrow(ConfigurationError);
    expect(read).toThrow(expect.objectContaining({ option }));
    expect(read).toThrow(new RegExp(`field '${option}'`));
    expect(read).not.toThrow(/unspeakable/);
  });
});
