import { describe, expect, it } from 'vitest';
import { CredentialError } from '../../../src/errors.ts';
import { secret } from '../../../src/secret.ts';
import { fromFunction, staticToken, type TokenFunction } from '../../../src/tokens/sources.ts';
import { token } from './by-hand.ts';

const request = { signal: new AbortController().signal, previous: token('t0') };

const TIME = Date.UTC(2030, 0, 31);

describe('staticToken', () => {
  it.each([
    ['a string', 'abc'],
    ['a Secret', secret('abc')],
    ['a token', { accessToken: 'abc' }],
  ])('takes %s', async (_name, input) => {
    expect(await staticToken(input).requestToken(request)).toEqual({ accessToken: 'abc', tokenType: 'Bearer' });
  });

  it('refuses an empty one when it is made', () => {
    expect(() => staticToken('')).toThrow(CredentialError);
  });
});

describe('fromFunction', () => {
  it('hands the request on and takes what the function returns', async () => {
    let seen: unknown;
    const source = fromFunction(async (given) => {
      seen = given;
      return { accessToken: 'abc', tokenType: 'DPoP', expiresAt: TIME, refreshToken: 'r' };
    });
    expect(await source.requestToken(request)).toEqual({
      accessToken: 'abc',
      tokenType: 'DPoP',
      expiresAt: TIME,
      refreshToken: 'r',
    });
    expect(seen).toBe(request);
  });

  it('takes a function that is not async', async () => {
    expect(await fromFunction(() => 'abc').requestToken(request)).toMatchObject({ accessToken: 'abc' });
  });

  it('rejects when the function throws at once', async () => {
    const source = fromFunction(() => {
      throw new Error('boom');
    });
    await expect(source.requestToken(request)).rejects.toThrow('boom');
  });

  it.each([undefined, null, 7, '', {}, { access_token: '' }])('explains what is wrong with %j', async (wrong) => {
    const source = fromFunction((() => wrong) as unknown as TokenFunction);
    await expect(source.requestToken(request)).rejects.toBeInstanceOf(CredentialError);
  });
});
