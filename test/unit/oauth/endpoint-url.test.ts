import { describe, expect, it } from 'vitest';
import { ConfigurationError } from '../../../src/errors.ts';
import { endpointUrl } from '../../../src/oauth/endpoint-url.ts';

describe('endpointUrl', () => {
  it.each([
    'https://as.example/token',
    'http://localhost:8080/token',
    'http://as.localhost/token',
    'http://127.0.0.1/token',
    'http://127.9.9.9/token',
    'http://0x7f.1/token',
    'http://[::1]:9/token',
  ])('takes %s', (url) => {
    expect(endpointUrl(url, 'tokenEndpoint').href).toBe(new URL(url).href);
  });

  it.each([
    'http://as.example/token',
    'http://localhost.evil.example/token',
    'http://127.0.0.1.evil.example/token',
    'http://127.evil.example/',
    'http://10.0.0.1/token',
    'http://[::2]/token',
  ])('refuses %s, and names the way out', (url) => {
    expect(() => endpointUrl(url, 'tokenEndpoint')).toThrow(/tokenEndpoint.*allowInsecureRequests: true/);
    expect(endpointUrl(url, 'tokenEndpoint', true).href).toBe(new URL(url).href);
  });

  it.each(['', '/token', 'ftp://h/', 'javascript:alert(1)', 'file:///etc/passwd', 'https://ada:s3cret@as.example/'])(
    'refuses %s, without printing it',
    (url) => {
      expect(() => endpointUrl(url, 'url', true)).toThrow(ConfigurationError);
      expect(() => endpointUrl(url, 'url', true)).toThrow(expect.objectContaining({ option: 'url' }));
      expect(() => endpointUrl(url, 'url', true)).not.toThrow(/s3cret|passwd/);
    },
  );
});
