import { describe, expect, it } from 'vitest';
import { CredentialError } from '../../../src/errors.ts';
import { basicCredentials } from '../../../src/oauth/basic-credentials.ts';

describe('basicCredentials', () => {
  it.each([
    ['Aladdin', 'open sesame', 'raw', 'QWxhZGRpbjpvcGVuIHNlc2FtZQ=='],
    ['test', '123£', 'raw', 'dGVzdDoxMjPCow=='],
    ['s6BhdRkqt3', '7Fjfp0ZBr1KtDRbnfVdmIw', 'form', 'czZCaGRSa3F0Mzo3RmpmcDBaQnIxS3REUmJuZlZkbUl3'],
    ['f81d4fae-7dec', 'a.b_c-d*', 'form', btoa('f81d4fae-7dec:a.b_c-d*')],
    ['a:b', 'ü', 'form', btoa('a%3Ab:%C3%BC')],
    ['a b', 'a b', 'secret-only', btoa('a b:a+b')],
  ] as const)('%s with %s, %s', (username, password, encoding, expected) => {
    expect(basicCredentials(username, password, encoding)).toBe(expected);
  });

  it('encodes long secrets', () => {
    const password = 'x'.repeat(300_000);
    expect(basicCredentials('a', password)).toBe(Buffer.from(`a:${password}`).toString('base64'));
  });

  it.each([
    ['a:b', 'c'],
    ['a\n', 'c'],
    ['a', 'c\x1b'],
    ['a', '\udc00'],
  ])('refuses %j with %j', (username, password) => {
    expect(() => basicCredentials(username, password)).toThrow(CredentialError);
  });
});
