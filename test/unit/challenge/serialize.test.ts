import { describe, expect, it } from 'vitest';
import { quotedParam } from '../../../src/challenge/serialize.ts';
import { CredentialError } from '../../../src/errors.ts';

describe('quotedParam', () => {
  it.each([
    ['a"b', '"a\\"b"'],
    ['a\\b', '"a\\\\b"'],
    ['', '""'],
    ['$&', '"$&"'],
    ['\t \xff', '"\t \xff"'],
  ])('escapes nothing but quotes and backslashes: %j', (value, quoted) => {
    expect(quotedParam('a', value)).toBe(`a=${quoted}`);
  });

  it.each([
    ['a line break', 'hunter2\r\nX: y'],
    ['a control character', 'hunter2\0'],
    ['a character beyond Latin-1', 'hunter2\u20ac'],
  ])('refuses %s, without showing the value', (_name, value) => {
    expect(() => quotedParam('a', value)).toThrow(CredentialError);
    expect(() => quotedParam('a', value)).not.toThrow(/hunter2/);
  });
});
