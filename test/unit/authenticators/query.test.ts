import { describe, expect, it } from 'vitest';
import { AuthQuery } from '../../../src/authenticators/query.ts';
import { ConfigurationError, CredentialError } from '../../../src/errors.ts';
import { credentialFilter } from '../../../src/logging/credential-filter.ts';
import { fakeRequest } from '../../helpers/fake-request.ts';

function signed(url: string, key: string, name = 'api_key'): string {
  const auth = new AuthQuery({ name, key });
  const request = fakeRequest({ url });
  auth.modifyRequest(request, auth.authenticate() as string);
  return request.url.href;
}

describe('AuthQuery', () => {
  it.each([
    ['no query', 'https://h/p', 'https://h/p?api_key=k'],
    ['an empty query', 'https://h/p?', 'https://h/p?api_key=k'],
    ['a fragment', 'https://h/p#f', 'https://h/p?api_key=k#f'],
    ['others, which stay as written', 'https://h/p?a%20b=c+d&flag&e=~!', 'https://h/p?a%20b=c+d&flag&e=~!&api_key=k'],
    ['the same name', 'https://h/p?api_key=old&x=1', 'https://h/p?x=1&api_key=k'],
    ['the same name twice', 'https://h/p?api_key=1&api_key=2', 'https://h/p?api_key=k'],
    ['the same name, encoded', 'https://h/p?api%5Fkey=old', 'https://h/p?api_key=k'],
    ['a name that only looks alike', 'https://h/p??api_key=1', 'https://h/p??api_key=1&api_key=k'],
  ])('adds to %s', (_name, url, expected) => {
    expect(signed(url, 'k')).toBe(expected);
  });

  it('encodes name and key', () => {
    expect(signed('https://h/', 'a&b=c d#é', 'k y')).toBe('https://h/?k+y=a%26b%3Dc+d%23%C3%A9');
  });

  it('gives the request a new URL and leaves the old one alone', () => {
    const request = fakeRequest({ url: 'https://h/p' });
    const before = request.url;
    new AuthQuery({ name: 'k', key: 'v' }).modifyRequest(request, 'v');
    expect(request.url).not.toBe(before);
    expect(before.href).toBe('https://h/p');
  });

  it.each(['', 'k\n', 'k\r', 'k\0', 'k€'])('refuses %j before any I/O', (key) => {
    expect(() => new AuthQuery({ name: 'n', key })).toThrow(CredentialError);
    expect(() => new AuthQuery({ name: 'n', key: () => key }).authenticate()).toThrow(CredentialError);
  });

  it('needs a name', () => {
    expect(() => new AuthQuery({ name: '', key: 'k' })).toThrow(ConfigurationError);
  });

  it('asks a function every time', async () => {
    let n = 0;
    const auth = new AuthQuery({ name: 'n', key: async () => `key-${++n}` });
    expect([await auth.authenticate(), await auth.authenticate()]).toEqual(['key-1', 'key-2']);
  });

  it('masks the key, percent-encoded too', () => {
    new AuthQuery({ name: 'n', key: 'query key/42' });
    expect(credentialFilter.mask('/?n=query+key%2F42 query key/42')).toBe('/?n=***** *****');
  });
});
