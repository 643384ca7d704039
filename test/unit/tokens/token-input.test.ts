import { describe, expect, it } from 'vitest';
import { CredentialError } from '../../../src/errors.ts';
import { secret } from '../../../src/secret.ts';
import { expiryTime } from '../../../src/tokens/expires-at.ts';
import { type TokenInput, toToken } from '../../../src/tokens/token-input.ts';

const TIME = Date.UTC(2030, 0, 31, 12);

describe('the time when a token expires', () => {
  it.each<[unknown, number | undefined]>([
    [undefined, undefined],
    [null, undefined],
    [TIME, TIME],
    [TIME / 1000, TIME],
    [0, 0],
    [99_999_999_999, 99_999_999_999_000],
    [100_000_000_000, 100_000_000_000],
    [new Date(TIME), TIME],
    ['2030-01-31T12:00:00Z', TIME],
    ['2030-01-31T12:00:00.000Z', TIME],
    ['2030-01-31T13:00:00+01:00', TIME],
    ['2030-01-31T13:00+0100', TIME],
    ['2030-01-31', Date.UTC(2030, 0, 31)],
  ])('of %o is %o', (given, time) => {
    expect(expiryTime(given)).toBe(time);
  });

  it.each([
    Number.NaN,
    Number.POSITIVE_INFINITY,
    -1,
    '',
    'soon',
    '1234567890',
    '2030-01-31T12:00:00',
    '31 Jan 2030',
    new Date('x'),
    {},
    true,
    5n,
  ])('cannot be read of %o', (given) => {
    expect(() => expiryTime(given)).toThrow(CredentialError);
    expect(() => expiryTime(given)).toThrow(/^a token's expiresAt must be a Date, ISO 8601 text/);
  });
});

describe('a token as users give it', () => {
  const now = () => TIME;

  it.each<[TokenInput, object]>([
    ['t', { accessToken: 't', tokenType: 'Bearer' }],
    [secret('t'), { accessToken: 't', tokenType: 'Bearer' }],
    [{ accessToken: 't' }, { accessToken: 't', tokenType: 'Bearer' }],
    [
      { accessToken: 't', tokenType: 'DPoP', expiresAt: new Date(TIME), refreshToken: 'r' },
      { accessToken: 't', tokenType: 'DPoP', expiresAt: TIME, refreshToken: 'r' },
    ],
    [{ access_token: 't' }, { accessToken: 't', tokenType: 'Bearer' }],
    [
      { access_token: 't', token_type: 'bearer', expires_in: 60, refresh_token: 'r', id_token: 'i', scope: 'a b' },
      {
        accessToken: 't',
        tokenType: 'bearer',
        expiresAt: TIME + 60_000,
        refreshToken: 'r',
        idToken: 'i',
        scope: ['a', 'b'],
      },
    ],
    [
      { access_token: 't', expires_in: '60' },
      { accessToken: 't', tokenType: 'Bearer', expiresAt: TIME + 60_000 },
    ],
  ])('%o', (given, token) => {
    expect(toToken(given, now)).toEqual(token);
  });

  it.each([
    '',
    secret(''),
    { accessToken: '' },
    { accessToken: 7 },
    { access_token: '' },
    { access_token: 't', expires_in: 'soon' },
    { access_token: 't', expires_in: -1 },
    { accessToken: 't', expiresAt: 'soon' },
    {},
    7,
    null,
    undefined,
  ])('is explained where it is wrong: %o', (given) => {
    expect(() => toToken(given as TokenInput)).toThrow(CredentialError);
  });
});
