import { describe, expect, it } from 'vitest';
import type { CredentialFields } from '../../../src/fields/credential-fields.ts';
import {
  booleanField,
  isSet,
  numberField,
  requiredTextField,
  secretField,
  textField,
  urlField,
} from '../../../src/fields/read.ts';

describe('a single field', () => {
  it('is read with its type and default', () => {
    const fields = { username: 'ada', apikey: 'k', proxyPort: '80', debug: 'true', url: 'https://h/' };
    expect(textField(fields, 'username')).toBe('ada');
    expect(textField({}, 'authHeader')).toBe('Authorization');
    expect(requiredTextField(fields, 'username', 'the user name')).toBe('ada');
    expect(secretField(fields, 'apikey')).toBe('k');
    expect(secretField({}, 'apikey')).toBeUndefined();
    expect(numberField(fields, 'proxyPort')).toBe(80);
    expect(booleanField(fields, 'debug')).toBe(true);
    expect(urlField(fields, 'url')).toEqual(new URL('https://h/'));
  });

  it('is refused by name', () => {
    expect(() => requiredTextField({ username: '' }, 'username', 'the user name')).toThrow(
      "field 'username' must be set to the user name.",
    );
    expect(() => numberField({}, 'proxyPort')).toThrow("field 'proxyPort' must be a number that is not negative.");
    expect(() => booleanField({ debug: 'x' }, 'debug')).toThrow("field 'debug' must be true or false.");
  });

  it('is set when it is own and holds something', () => {
    for (const fields of [{}, { apikey: '' }, { apikey: null }, Object.create({ apikey: 'k' })]) {
      expect(isSet(fields as CredentialFields, 'apikey')).toBe(false);
    }
    expect(isSet({ apikey: 'k' }, 'apikey')).toBe(true);
  });
});
