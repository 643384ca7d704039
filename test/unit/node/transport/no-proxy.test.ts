import { describe, expect, it } from 'vitest';
import { authority, bareHost, bypass } from '../../../../src/node/transport/no-proxy.ts';

describe('bypass', () => {
  it.each<[rule: string, host: string, port: number, expected: boolean]>([
    ['*', 'anything.example', 443, true],
    ['example.com', 'example.com', 443, true],
    ['example.com', 'api.example.com', 80, true],
    ['example.com', 'notexample.com', 443, false],
    ['example.com', 'example.com.evil.example', 443, false],
    ['.example.com', 'api.example.com', 443, true],
    ['*.example.com', 'api.example.com', 443, true],
    ['EXAMPLE.com', 'Api.Example.COM', 443, true],
    ['example.com:8443', 'example.com', 8443, true],
    ['example.com:8443', 'example.com', 443, false],
    ['localhost', 'localhost', 3000, true],
    ['10.0.0.1', '10.0.0.1', 443, true],
    ['10.0.0.1', '10.0.0.11', 443, false],
    ['10.0.0.1:80', '10.0.0.1', 443, false],
    ['10.0.0.0/8', '10.9.8.7', 443, true],
    ['10.0.0.0/8', '11.0.0.1', 443, false],
    ['10.0.0.0/8', '10.example', 443, false],
    ['::1', '::1', 443, true],
    ['[::1]', '0:0:0:0:0:0:0:1', 443, true],
    ['[::1]:8443', '::1', 443, false],
    ['fe80::/10', 'fe80::1', 443, true],
    ['fe80::/10', '10.0.0.1', 443, false],
    ['', 'example.com', 443, false],
  ])('%j lets %s:%i past the proxy: %j', (rule, host, port, expected) => {
    expect(bypass([rule])({ host, port })).toBe(expected);
  });

  it('is nothing without entries', () => {
    expect(bypass()({ host: 'localhost', port: 80 })).toBe(false);
  });
});

it('writes IPv6 addresses in brackets, and reads them', () => {
  expect(authority({ host: '::1', port: 443 })).toBe('[::1]:443');
  expect(authority({ host: 'a.example', port: 443 })).toBe('a.example:443');
  expect(bareHost('[::1]')).toBe('::1');
  expect(bareHost('a.example')).toBe('a.example');
});
