import { pipe, regex, string } from 'valibot';
import { describe, expect, it } from 'vitest';
import { ConfigurationError } from '../../../src/errors.ts';
import type { CredentialFields } from '../../../src/fields/credential-fields.ts';
import type { FieldName } from '../../../src/fields/credential-schema.ts';
import { parseCredentialFields, readFields, refuseUnknown } from '../../../src/fields/parse.ts';
import { flag } from '../../../src/fields/values.ts';
import { secret } from '../../../src/secret.ts';

const asFields = (value: object) => value as CredentialFields;
const read = (name: FieldName, value: unknown): unknown => readFields(asFields({ [name]: value }), [name])[name];

/** What each refusal must be: the right kind of error, with the field's name, without the value. */
function expectRefusal(action: () => unknown, option: string, message: RegExp) {
  expect(action).toThrow(ConfigurationError);
  expect(action).toThrow(expect.objectContaining({ option }));
  expect(action).toThrow(new RegExp(`field '${option}' must be ${message.source}`));
  expect(action).not.toThrow(/s3cret/);
}

const TEXTS: readonly FieldName[] = [
  'authType',
  'authOverride',
  'authEndpoint',
  'username',
  'proxyHost',
  'proxyUser',
  'ca_path',
  'prefix',
  'suffix',
  'oauth2ClientId',
  'oauth2TokenURL',
  'oauth2ClientCredentialsScope',
  'oauth2ResourceOwnerUsername',
  'oauth2ResourceOwnerScope',
];
const HEADERS: readonly FieldName[] = ['authHeader', 'oauth2TokenLabel'];
const FORMATS: readonly FieldName[] = ['tokenFormat', 'oauth2TokenFormat'];
const PATHS: readonly FieldName[] = ['tokenKey', 'oauth2TokenKey', 'tokenExpiresInSelector'];
const SECRETS: readonly FieldName[] = ['password', 'proxyPasswd', 'apikey', 'oauth2ClientSecret'];
const NUMBERS: readonly FieldName[] = ['timeToNextRequest', 'tokenRefreshTTL', 'proxyPort'];
const FLAGS: readonly FieldName[] = ['debug', 'proxy', 'sslverifypeer'];
const LINES: readonly FieldName[] = ['httpHeader1', 'httpHeader2'];
const OBJECTS: readonly FieldName[] = ['httpHeaders', 'oauth2ResourceOwnerAdditionalParams'];

describe('a field', () => {
  it.each([
    {},
    { authHeader: '' },
    { authHeader: undefined },
    { authHeader: null },
    Object.create({ authHeader: 'x' }),
  ])('has its default when absent, empty or inherited', (value) => {
    expect(readFields(asFields(value), ['authHeader']).authHeader).toBe('Authorization');
  });

  it('has no value from a polluted prototype', () => {
    Object.assign(Object.prototype, { apikey: 's3cret' });
    try {
      expect(readFields({}, ['apikey']).apikey).toBeUndefined();
    } finally {
      Reflect.deleteProperty(Object.prototype, 'apikey');
    }
  });

  it.each(TEXTS)('%s takes text, and nothing else', (name) => {
    expect(read(name, ' x ')).toBe(' x ');
    for (const value of [5, true, {}, ['s3cret'], () => 's3cret', secret('s3cret')]) {
      expectRefusal(() => read(name, value), name, /text/);
    }
  });

  it.each(HEADERS)('%s takes the name of a header', (name) => {
    expect(read(name, 'x-api-key')).toBe('x-api-key');
    for (const value of ['a b', 's3cret:', 'ü', 5])
      expectRefusal(() => read(name, value), name, /(the name of a header|text)/);
  });

  it.each(FORMATS)('%s needs {}', (name) => {
    expect(read(name, 'Token token="{}"')).toBe('Token token="{}"');
    for (const value of ['Bearer', 's3cret', '{ }', '{0}'])
      expectRefusal(() => read(name, value), name, /text with '{}'/);
  });

  it.each(PATHS)('%s takes names separated by dots', (name) => {
    expect(read(name, 'data.0.token')).toBe('data.0.token');
    for (const value of ['a..b', '.', 'a.__proto__', 'constructor']) {
      expectRefusal(() => read(name, value), name, /names separated by dots/);
    }
  });

  it.each(SECRETS)('%s takes text, a secret or a function', (name) => {
    const [ask, wrapped] = [() => 'x', secret('x')];
    for (const value of ['x', wrapped, ask]) expect(read(name, value)).toBe(value);
    for (const value of ['', secret('')]) expect(read(name, value)).toBeUndefined();
    for (const value of [5, {}, ['s3cret']])
      expectRefusal(() => read(name, value), name, /text, a secret or a function/);
  });

  it.each(NUMBERS)('%s takes numbers that are not negative, also as text', (name) => {
    for (const [value, number] of [
      [0, 0],
      [1.5, 1.5],
      ['60', 60],
      [' 60 ', 60],
      ['0', 0],
    ])
      expect(read(name, value)).toBe(number);
    for (const value of ['s3cret', '-1', -1, Number.NaN, Number.POSITIVE_INFINITY, '1e3', '0x10', true, {}]) {
      expectRefusal(() => read(name, value), name, /a number that is not negative/);
    }
  });

  it.each(FLAGS)('%s takes true and false, also as text', (name) => {
    for (const [value, flag] of [
      [true, true],
      ['true', true],
      [false, false],
      ['false', false],
    ]) {
      expect(read(name, value)).toBe(flag);
    }
    for (const value of ['s3cret', 'yes', 0, 1, 'FALSE', {}])
      expectRefusal(() => read(name, value), name, /true or false/);
  });

  it.each(LINES)("%s takes 'Name: value', split at the first colon", (name) => {
    expect(read(name, ' X-Time :  12:30 ')).toEqual(['X-Time', '12:30']);
    expect(read(name, ' ')).toBeUndefined();
    for (const value of ['s3cret', ': s3cret', 'a b: s3cret'])
      expectRefusal(() => read(name, value), name, /'Name: value'/);
  });

  it.each(OBJECTS)('%s takes an object of strings, also as JSON, in its order', (name) => {
    for (const value of ['{"b":"1","a":""}', { b: '1', a: '' }]) {
      expect([...(read(name, value) as Map<string, string>)]).toEqual([
        ['b', '1'],
        ['a', ''],
      ]);
    }
    expect((read(name, ' ') as Map<string, string>).size).toBe(0);
    for (const value of [
      '{s3cret}',
      '[]',
      '["s3cret"]',
      '"s3cret"',
      'null',
      '5',
      '{"a":5}',
      { a: { b: 's3cret' } },
      5,
    ]) {
      expectRefusal(() => read(name, value), name, /a JSON object of strings/);
    }
  });

  it('of choices takes one of them, and lists them', () => {
    expect(read('oauth2AuthType', 'post_body')).toBe('post_body');
    expect(read('oauth2Type', '')).toBe('None');
    expectRefusal(() => read('oauth2AuthType', 's3cret'), 'oauth2AuthType', /one of basic_auth, post_body/);
    expectRefusal(() => read('oauth2Type', 's3cret'), 'oauth2Type', /one of None, ClientCredentials, ResourceOwner/);
    expectRefusal(
      () => read('tokenAuthRefresh', true),
      'tokenAuthRefresh',
      /one of tokenAuthRefreshDynamic, tokenAuthRefreshStatic/,
    );
  });

  it('url takes an absolute URL', () => {
    expect(read('url', 'https://api.example/v1')).toEqual(new URL('https://api.example/v1'));
    expect(read('url', '')).toBeUndefined();
    for (const value of ['s3cret', 's3cret:443', 'ftp://s3cret/', 'https://*.s3cret/']) {
      expectRefusal(() => read('url', value), 'url', /an absolute URL that begins with https/);
    }
  });
});

describe('parseCredentialFields', () => {
  it('reads what is used and what all share, and nothing else', () => {
    const fields = { username: 'ada', url: 'https://h/', prefix: '', tokenFormat: 'no braces' };
    const given = parseCredentialFields(fields, { uses: ['username', 'prefix'] });
    expect(Object.keys(given).sort()).toEqual(
      ['debug', 'httpHeader1', 'httpHeader2', 'httpHeaders', 'opts', 'prefix', 'url', 'username'].sort(),
    );
  });

  it.each([{}, { username: '' }, { username: null }])('says what a needed field must be set to', (fields) => {
    const parse = () => parseCredentialFields(asFields(fields), { needs: { username: 'the user name' } });
    expectRefusal(parse, 'username', /set to the user name/);
  });

  it('does not take a secret that holds nothing for one', () => {
    const parse = () => parseCredentialFields({ apikey: secret('') }, { needs: { apikey: 'the key' } });
    expectRefusal(parse, 'apikey', /set to the key/);
  });

  it('tells of all problems at once, and names the first one', () => {
    const fields = asFields({ usrname: 's3cret', tokenFormat: 's3cret', opts: '{"skew":1}' });
    const parse = () =>
      parseCredentialFields(fields, {
        uses: ['tokenFormat'],
        needs: { username: 'the user name' },
        opts: { skewMs: flag },
      });
    expect(parse).toThrow(expect.objectContaining({ option: 'usrname' }));
    expect(parse).toThrow(
      "field 'usrname' is not known. Did you mean 'username'? " +
        "field 'tokenFormat' must be text with '{}' where the token belongs, such as 'Bearer {}'. " +
        "field 'username' must be set to the user name. " +
        "field 'opts' has no option 'skew' here. Did you mean 'skewMs'?",
    );
  });

  it('lets an authenticator have another use for a field', () => {
    const use = {
      needs: { authHeader: 'a letter' },
      as: { authHeader: pipe(string(), regex(/^\w$/, 'must be a letter')) },
    };
    expect(parseCredentialFields({ authHeader: 'a' }, use).authHeader).toBe('a');
    expectRefusal(() => parseCredentialFields({ authHeader: 'ab' }, use), 'authHeader', /a letter/);
    expectRefusal(() => parseCredentialFields({}, use), 'authHeader', /set to a letter/);
  });

  it.each([undefined, null, 's3cret', 5])('refuses %o as fields', (fields) => {
    const given = fields as unknown as CredentialFields;
    for (const parse of [() => parseCredentialFields(given), () => readFields(given, []), () => refuseUnknown(given)]) {
      expect(parse).toThrow(ConfigurationError);
      expect(parse).not.toThrow(/s3cret/);
    }
  });
});

describe('an unknown field', () => {
  it.each([
    ['usrname', 'username'],
    ['Password', 'password'],
    ['oauth2clientid', 'oauth2ClientId'],
    ['client_id', 'oauth2ClientId'],
    ['sslVerifyPeer', 'sslverifypeer'],
    ['capath', 'ca_path'],
    ['httpHeader3', 'httpHeader1'],
  ])('%s is refused with the nearest known name', (name, nearest) => {
    const refuse = () => refuseUnknown(asFields({ [name]: 's3cret' }));
    expect(refuse).toThrow(ConfigurationError);
    expect(refuse).toThrow(expect.objectContaining({ option: name }));
    expect(refuse).toThrow(new RegExp(`^field '${name}' is not known\\. .*'${nearest}'[?.]$`));
    expect(refuse).not.toThrow(/s3cret/);
  });

  it('may be suggested from names that only one authenticator knows, and those are known', () => {
    expect(() => refuseUnknown(asFields({ tennant: 'a' }), ['tenant'])).toThrow(/Did you mean 'tenant'\?$/);
    expect(() => refuseUnknown(asFields({ tenant: 'a' }), ['tenant'])).not.toThrow();
  });

  it.each(['__proto__', 'toString', 'constructor'])('is %s as well', (name) => {
    expect(() => refuseUnknown(JSON.parse(`{"${name}": "s3cret"}`))).toThrow(/is not known/);
  });

  it('is not repeated where it looks like no name', () => {
    const refuse = () => refuseUnknown(asFields({ 'sk-s3cret/77': 'x' }));
    expect(refuse).toThrow(/^a field whose name looks like none is not known\./);
    expect(refuse).toThrow(expect.objectContaining({ option: undefined }));
    expect(refuse).not.toThrow(/s3cret/);
  });
});
