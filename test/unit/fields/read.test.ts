import { describe, expect, it } from 'vitest';
import { ConfigurationError } from '../../../src/errors.ts';
import { type CredentialFields, FIELD_DEFAULTS } from '../../../src/fields/credential-fields.ts';
import {
  booleanField,
  choiceField,
  jsonField,
  numberField,
  requiredSecretField,
  requiredTextField,
  secretField,
  textField,
} from '../../../src/fields/read.ts';
import { secret } from '../../../src/secret.ts';

const fields = (value: object) => value as CredentialFields;

/** What each refusal must be: the right kind of error, with the field's name, without the value. */
function expectRefusal(action: () => unknown, option: string, message: RegExp) {
  expect(action).toThrow(ConfigurationError);
  expect(action).toThrow(expect.objectContaining({ option }));
  expect(action).toThrow(new RegExp(`field '${option}' must be ${message.source}`));
  expect(action).not.toThrow(/s3cret/);
}

describe('the credential fields', () => {
  it('are 41, each with a default', () => {
    expect(Object.keys(FIELD_DEFAULTS)).toHaveLength(41);
  });

  it.each([
    {},
    { authHeader: '' },
    { authHeader: undefined },
    { authHeader: null },
    Object.create({ authHeader: 'x' }),
  ])('have their default when absent, empty or inherited', (value) => {
    expect(textField(fields(value), 'authHeader')).toBe('Authorization');
  });
});

describe('textField', () => {
  it('reads text', () => {
    expect(textField({ prefix: ' x ' }, 'prefix')).toBe(' x ');
  });

  it.each([5, true, {}, ['s3cret'], () => 's3cret', secret('s3cret')])('refuses %o', (prefix) => {
    expectRefusal(() => textField(fields({ prefix }), 'prefix'), 'prefix', /text/);
  });
});

describe('requiredTextField', () => {
  it('refuses nothing', () => {
    expectRefusal(() => requiredTextField({}, 'username', 'the user name'), 'username', /set to the user name/);
  });
});

describe('choiceField', () => {
  it('reads a choice', () => {
    expect(choiceField({ oauth2AuthType: 'post_body' }, 'oauth2AuthType', ['basic_auth', 'post_body'])).toBe(
      'post_body',
    );
    expect(choiceField({}, 'oauth2AuthType', ['basic_auth', 'post_body'])).toBe('basic_auth');
  });

  it('refuses what is no choice, and lists them', () => {
    const wrong = fields({ oauth2AuthType: 's3cret' });
    const action = () => choiceField(wrong, 'oauth2AuthType', ['basic_auth', 'post_body']);
    expectRefusal(action, 'oauth2AuthType', /one of basic_auth, post_body/);
  });
});

describe('numberField', () => {
  it.each([
    [0, 0],
    [1.5, 1.5],
    ['60', 60],
    [' 60 ', 60],
    ['0', 0],
    ['', 60],
    [undefined, 60],
  ])('reads %j', (timeToNextRequest, expected) => {
    expect(numberField(fields({ timeToNextRequest }), 'timeToNextRequest')).toBe(expected);
  });

  it.each(['soon', '-1', -1, Number.NaN, Number.POSITIVE_INFINITY, '1e3', '0x10', true, {}])('refuses %j', (value) => {
    const action = () => numberField(fields({ timeToNextRequest: value }), 'timeToNextRequest');
    expectRefusal(action, 'timeToNextRequest', /a number that is not negative/);
  });
});

describe('booleanField', () => {
  it.each([
    [true, true],
    ['true', true],
    [false, false],
    ['false', false],
    ['', true],
    [undefined, true],
  ])('reads %j', (sslverifypeer, expected) => {
    expect(booleanField(fields({ sslverifypeer }), 'sslverifypeer')).toBe(expected);
  });

  it.each(['yes', 0, 1, 'FALSE', {}])('refuses %j', (debug) => {
    expectRefusal(() => booleanField(fields({ debug }), 'debug'), 'debug', /true or false/);
  });
});

describe('secretField', () => {
  const ask = () => 'x';
  const wrapped = secret('x');

  it.each([
    ['text', 'x', 'x'],
    ['a secret', wrapped, wrapped],
    ['a function', ask, ask],
    ['nothing', '', undefined],
    ['a secret that holds nothing', secret(''), undefined],
  ])('reads %s', (_name, apikey, expected) => {
    expect(secretField(fields({ apikey }), 'apikey')).toBe(expected);
  });

  it('refuses what is no secret, and nothing where something must be', () => {
    expectRefusal(() => secretField(fields({ apikey: 5 }), 'apikey'), 'apikey', /text, a secret or a function/);
    expectRefusal(() => requiredSecretField({}, 'apikey', 'the API key'), 'apikey', /set to the API key/);
  });
});

describe('jsonField', () => {
  it.each([
    ['', {}],
    [' ', {}],
    ['{}', {}],
    ['{"b":"1","a":""}', { b: '1', a: '' }],
  ])('reads %j', (httpHeaders, expected) => {
    expect(jsonField({ httpHeaders }, 'httpHeaders')).toEqual(expected);
  });

  it.each(['{s3cret}', '[]', '["s3cret"]', '"s3cret"', 'null', '5', '{"a":5}', '{"a":{"b":"s3cret"}}'])(
    'refuses %j',
    (httpHeaders) => {
      expectRefusal(() => jsonField({ httpHeaders }, 'httpHeaders'), 'httpHeaders', /a JSON object of strings/);
    },
  );
});
