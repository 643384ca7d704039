import { describe, expect, it } from 'vitest';
import { serializeAuthParams, serializeCredentials } from '../../../src/challenge/serialize.ts';
import { CredentialError } from '../../../src/errors.ts';

describe('serializeCredentials', () => {
  it('quotes every value but those that must not be (RFC 7616 §3.4)', () => {
    const params = { username: 'Mufasa', qop: 'auth', nc: '00000001', Algorithm: 'SHA-256', uri: '/a?b=c,d' };
    expect(serializeCredentials('Digest', Object.entries(params), new Set(['qop', 'nc', 'algorithm']))).toBe(
      'Digest username="Mufasa", qop=auth, nc=00000001, Algorithm=SHA-256, uri="/a?b=c,d"',
    );
  });

  it.each([
    ['a"b', '"a\\"b"'],
    ['a\\b', '"a\\\\b"'],
    ['', '""'],
    ['$&', '"$&"'],
    ['\t \xff', '"\t \xff"'],
  ])('escapes nothing but quotes and backslashes: %j', (value, quoted) => {
    expect(serializeAuthParams([['a', value]])).toBe(`a=${quoted}`);
  });

  it.each(['YWJj', 'YWI=', 'YQ==', '-._~+/'])('writes the token68 %j as it is', (text) => {
    expect(serializeCredentials('Negotiate', text)).toBe(`Negotiate ${text}`);
  });

  it('writes a scheme alone', () => {
    expect(serializeCredentials('Negotiate', [])).toBe('Negotiate');
  });

  it.each<[string, Parameters<typeof serializeCredentials>]>([
    ['a line break', ['A', [['a', 'hunter2\r\nX: y']]]],
    ['a control character', ['A', [['a', 'hunter2\0']]]],
    ['a character beyond Latin-1', ['A', [['a', 'hunter2\u20ac']]]],
    ['a bare value that is no token', ['A', [['a', 'hunter2,']], new Set(['a'])]],
    ['an empty bare value', ['A', [['a', '']], new Set(['a'])]],
    ['a name that is no token', ['A', [['a b', 'hunter2']]]],
    ['an empty name', ['A', [['', 'hunter2']]]],
    ['a scheme that is no token', ['A,B', [['a', 'hunter2']]]],
    ['an empty scheme', ['', []]],
    ['an empty token68', ['A', '']],
    ['a token68 that is none', ['A', 'hunter2, B']],
    ['a token68 of equals signs', ['A', '==']],
  ])('refuses %s, without showing the value', (_name, args) => {
    expect(() => serializeCredentials(...args)).toThrow(CredentialError);
    expect(() => serializeCredentials(...args)).not.toThrow(/hunter2/);
  });
});
