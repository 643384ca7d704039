import { describe, expect, it } from 'vitest';
import { CredentialError } from '../../src/errors.ts';
import { assertHeaderValue } from '../../src/header-value.ts';

const controls = Array.from({ length: 0x20 }, (_, code) => code).filter((code) => code !== 0x09);

describe('assertHeaderValue', () => {
  it.each(['', 'Bearer abc', 'a\tb', ' padded ', '~!@#$%^&*()', '\x80', 'ÿ', 'zürich'])('lets %j pass', (value) => {
    expect(() => assertHeaderValue(value, 'the key')).not.toThrow();
  });

  it.each([...controls, 0x7f, 0x100, 0x2028, 0xd800, 0xfeff])('refuses U+%i anywhere in it', (code) => {
    const character = String.fromCharCode(code);
    for (const value of [character, `${character}a`, `a${character}b`, `a${character}`]) {
      expect(() => assertHeaderValue(value, 'the key')).toThrow(CredentialError);
    }
  });

  it('says what is wrong with what, and never the value', () => {
    expect(() => assertHeaderValue('S3CR3T\n', "option 'key'")).toThrow(
      /^option 'key' cannot be sent: it holds a line break/,
    );
    expect(() => assertHeaderValue('S3CR3T\n', "option 'key'")).not.toThrow(/S3CR3T/);
  });

  it('does not let a refused value pass the second time, nor a value because another has passed', () => {
    for (const value of ['good', 'good\n', 'good', 'good\n']) {
      const check = () => assertHeaderValue(value, 'the key');
      if (value === 'good') expect(check).not.toThrow();
      else expect(check).toThrow();
    }
  });
});
