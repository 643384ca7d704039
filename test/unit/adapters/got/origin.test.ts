import { describe, expect, it } from 'vitest';
import type { GotOptions } from '../../../../src/adapters/got/options.ts';
import { baseOrigin, originOfUrl } from '../../../../src/adapters/got/origin.ts';

describe('originOfUrl', () => {
  it.each([
    ['https://api.example.com/users?a=1', 'https://api.example.com'],
    ['https://user:pass@api.example.com/', 'https://api.example.com'],
    ['https://API.example.com:443/', 'https://api.example.com'],
    ['http://api.example.com:8080/', 'http://api.example.com:8080'],
    ['http://[::1]:80/', 'http://[::1]'],
    ['http://unix/var/run/a.sock:/users', 'unix:/var/run/a.sock'],
    ['http://unix/var/run/b.sock:/users:1?a=b:c', 'unix:/var/run/b.sock'],
    ['http://unix.example.com/a:b', 'http://unix.example.com'],
  ])('%s', (url, origin) => {
    expect(originOfUrl(new URL(url))).toBe(origin);
  });
});

describe('baseOrigin', () => {
  it.each([
    ['', undefined],
    ['https://b.example/v1/', 'https://b.example'],
    [new URL('https://b.example/v1/'), 'https://b.example'],
    ['unix:/run/a.sock:/v1/', 'unix:/run/a.sock'],
    ['http://unix/run/a.sock:/v1/', 'unix:/run/a.sock'],
    // got will say what is wrong with it.
    ['//b.example/v1/', undefined],
  ])('base %s', (prefixUrl, origin) => {
    expect(baseOrigin({ prefixUrl } as unknown as GotOptions)).toBe(origin);
  });
});
