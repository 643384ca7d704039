import { describe, expect, it } from 'vitest';
import { AuthApiKey, type AuthApiKeyOptions } from '../../../src/authenticators/api-key.ts';
import { ConfigurationError, CredentialError } from '../../../src/errors.ts';
import { credentialFilter } from '../../../src/logging/credential-filter.ts';
import { fakeRequest } from '../../helpers/fake-request.ts';

function signed(options: AuthApiKeyOptions, headers: Record<string, string> = {}) {
  const auth = new AuthApiKey(options);
  const request = fakeRequest({ headers });
  auth.modifyRequest(request, auth.authenticate() as string);
  return request.headers;
}

describe('AuthApiKey in a header', () => {
  it.each([
    [{ key: 'k' }, 'authorization', 'k'],
    [{ key: 'k', header: 'X-Api-Key' }, 'x-api-key', 'k'],
    [{ key: 'k', prefix: 'Token' }, 'authorization', 'Token k'],
    [{ key: 'k', suffix: 'end' }, 'authorization', 'k end'],
    [{ key: 'k', prefix: ' ApiKey ', suffix: ' v1 ' }, 'authorization', 'ApiKey k v1'],
    [{ key: 'k', prefix: '', suffix: '' }, 'authorization', 'k'],
    [{ key: 'k', prefix: '  ' }, 'authorization', 'k'],
    [{ key: () => 'asked' }, 'authorization', 'asked'],
  ])('%o', (options, name, value) => {
    expect(signed(options as AuthApiKeyOptions).get(name)).toBe(value);
  });

  it('replaces the header that is there', () => {
    expect(signed({ key: 'k', header: 'x-api-key' }, { 'X-API-KEY': 'old' }).get('x-api-key')).toBe('k');
  });
});

describe('AuthApiKey in a cookie', () => {
  it.each([
    ['no cookies', undefined, 'sid=k'],
    ['other cookies', 'a=1; b=2', 'a=1; b=2; sid=k'],
    ['an older one of the same name', 'a=1; sid=old; b=2', 'a=1; b=2; sid=k'],
    ['a name that begins alike', 'sidx=1; xsid=2', 'sidx=1; xsid=2; sid=k'],
    ['a value with equals signs', 'a=b=c', 'a=b=c; sid=k'],
    ['stray separators', '; a=1;; ', 'a=1; sid=k'],
  ])('joins %s', (_name, cookie, expected) => {
    expect(signed({ key: 'k', cookie: 'sid' }, cookie === undefined ? {} : { cookie }).get('cookie')).toBe(expected);
  });

  it('is added once, however often a request is signed', () => {
    const auth = new AuthApiKey({ key: 'k', cookie: 'sid' });
    const request = fakeRequest({ headers: { cookie: 'a=1' } });
    auth.modifyRequest(request, 'k');
    auth.modifyRequest(request, 'k');
    expect(request.headers.get('cookie')).toBe('a=1; sid=k');
  });

  it('cannot smuggle in a second cookie', () => {
    expect(() => new AuthApiKey({ key: 'k; admin=1', cookie: 'sid' })).toThrow(CredentialError);
  });
});

describe('AuthApiKey refuses before any I/O', () => {
  it.each([
    ['CR', 'hunter2\r'],
    ['LF', 'hunter2\n'],
    ['NUL', 'hunter2\0'],
    ['non-Latin-1', 'hunter2€'],
    ['an empty key', ''],
  ])('%s, without printing the key', (_name, key) => {
    expect(() => new AuthApiKey({ key })).toThrow(CredentialError);
    expect(() => new AuthApiKey({ key })).not.toThrow(/hunter2/);
    expect(() => new AuthApiKey({ key: () => key }).authenticate()).toThrow(CredentialError);
  });

  it.each([
    [{ key: 'k', header: 'x api' }, 'header'],
    [{ key: 'k', header: '' }, 'header'],
    [{ key: 'k', cookie: 'a=b' }, 'cookie'],
    [{ key: 'k', header: 'x', cookie: 'y' }, 'cookie'],
  ])('%o, naming the option', (options, option) => {
    const make = () => new AuthApiKey(options as unknown as AuthApiKeyOptions);
    expect(make).toThrow(ConfigurationError);
    expect(make).toThrow(expect.objectContaining({ option }));
  });

  it.each([undefined, null, 5])('a key that is %s', (key) => {
    expect(() => new AuthApiKey({ key } as unknown as AuthApiKeyOptions)).toThrow(ConfigurationError);
  });
});

it('masks the key', () => {
  new AuthApiKey({ key: 'api-key-31337', prefix: 'Token' });
  expect(credentialFilter.mask('Token api-key-31337')).toBe('Token *****');
});
