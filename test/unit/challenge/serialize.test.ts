import { describe, expect, it } from 'vitest';
import { quotedParam } from '../../../src/challenge/serialize.ts';

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
});
