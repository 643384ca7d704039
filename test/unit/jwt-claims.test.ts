import { decodeJwt, UnsecuredJWT } from 'jose';
import { describe, expect, it } from 'vitest';
import { jwtClaims, jwtExpiry } from '../../src/jwt-claims.ts';

const encode = (text: string) => Buffer.from(text).toString('base64url');
const jwt = (payload: string) => `${encode('{"alg":"none"}')}.${encode(payload)}.c2ln`;

describe('what a JWT claims', () => {
  it('is what jose reads, whatever the bytes', () => {
    for (const name of ['ada', 'Zoë', '数据', '🔑', '~~~???>>>']) {
      const token = new UnsecuredJWT({ name, exp: 2_000_000_000 }).encode();
      expect(jwtClaims(token)).toEqual({ ...decodeJwt(token) });
    }
  });

  it.each([
    ['opaque text', 'ghp_abcdef'],
    ['nothing', ''],
    ['dots', '..'],
    ['two parts', `${encode('{}')}.${encode('{}')}`],
    ['an encrypted one', 'a.b.c.d.e'],
    ['no base64', 'a.%%%.c'],
    ['no UTF-8', `a.${Buffer.from([0xff, 0xfe]).toString('base64url')}.c`],
    ['no JSON', jwt('exp')],
    ['a list', jwt('[1]')],
    ['null', jwt('null')],
  ])('is unknown for %s', (_name, token) => {
    expect(jwtClaims(token)).toBeUndefined();
    expect(jwtExpiry(token)).toBeUndefined();
  });

  it('comes in time linear in its length', () => {
    expect(jwtClaims('.'.repeat(1_000_000))).toBeUndefined();
  });

  it('says when the token expires, in milliseconds', () => {
    expect(jwtExpiry(jwt('{"exp":2000000000}'))).toBe(2_000_000_000_000);
    expect(jwtExpiry(jwt('{"exp":"2000000000"}'))).toBeUndefined();
    expect(jwtExpiry(jwt('{}'))).toBeUndefined();
  });
});
