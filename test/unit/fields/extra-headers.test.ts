import { describe, expect, it } from 'vitest';
import { ConfigurationError, CredentialError } from '../../../src/errors.ts';
import type { CredentialFields } from '../../../src/fields/credential-fields.ts';
import { extraHeaders } from '../../../src/fields/extra-headers.ts';
import { refuseUnsupported } from '../../../src/fields/refuse-unsupported.ts';

describe('extraHeaders', () => {
  it('come in the order httpHeader1, httpHeader2, httpHeaders', () => {
    const fields = { httpHeaders: '{"C":"3","A":"4"}', httpHeader2: 'B:2', httpHeader1: 'A:1' };
    expect(extraHeaders(fields)).toEqual([
      ['A', '1'],
      ['B', '2'],
      ['C', '3'],
      ['A', '4'],
    ]);
  });

  it.each([
    ['X-A: b', 'X-A', 'b'],
    ['  X-A :  b c  ', 'X-A', 'b c'],
    ['X-Time: 12:30:00', 'X-Time', '12:30:00'],
    ['X-Empty:', 'X-Empty', ''],
  ])('split %j at the first colon and trim', (httpHeader1, name, value) => {
    expect(extraHeaders({ httpHeader1 })).toEqual([[name, value]]);
  });

  it.each<[CredentialFields, string]>([
    [{ httpHeader1: 'no colon' }, 'httpHeader1'],
    [{ httpHeader1: ': value' }, 'httpHeader1'],
    [{ httpHeader2: 'two words: value' }, 'httpHeader2'],
    [{ httpHeaders: 'a: b' }, 'httpHeaders'],
    [{ httpHeaders: '{"a b":"c"}' }, 'httpHeaders'],
  ])('refuse %o', (fields, option) => {
    expect(() => extraHeaders(fields)).toThrow(ConfigurationError);
    expect(() => extraHeaders(fields)).toThrow(expect.objectContaining({ option }));
  });

  it('refuse a value that cannot be sent', () => {
    expect(() => extraHeaders({ httpHeader1: 'X-A: b\nX-Evil: 1' })).toThrow(CredentialError);
    expect(() => extraHeaders({ httpHeaders: '{"a":"\\r"}' })).toThrow(/field 'httpHeaders'/);
  });
});

describe('refuseUnsupported', () => {
  it.each<CredentialFields>([
    {},
    { proxy: false, proxyHost: 'proxy.example', proxyPort: 8080 },
    { proxy: 'false', sslverifypeer: 'true', ca_path: '' },
  ])('lets %o pass', (fields) => {
    expect(() => refuseUnsupported(fields)).not.toThrow();
  });

  it.each<[CredentialFields, string]>([
    [{ proxy: true }, 'proxy'],
    [{ proxy: 'true', proxyHost: 'proxy.example' }, 'proxy'],
    [{ sslverifypeer: false }, 'sslverifypeer'],
    [{ ca_path: '/etc/ca.pem' }, 'ca_path'],
  ])('refuses %o, and says what to do', (fields, option) => {
    expect(() => refuseUnsupported(fields)).toThrow(ConfigurationError);
    expect(() => refuseUnsupported(fields)).toThrow(expect.objectContaining({ option }));
    expect(() => refuseUnsupported(fields)).toThrow(/[Ll]eave (it|this)/);
  });
});
