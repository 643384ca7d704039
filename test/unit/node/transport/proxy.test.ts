import { describe, expect, it } from 'vitest';
import { ConfigurationError, CredentialError } from '../../../../src/errors.ts';
import { credentialFilter } from '../../../../src/logging/credential-filter.ts';
import type { ProxyOptions, TransportOptions } from '../../../../src/node/transport/options.ts';
import { proxyOf } from '../../../../src/node/transport/proxy.ts';

const request = { method: 'CONNECT', uri: 'api.example:443' };
const credentialsOf = (proxy: ProxyOptions | string) =>
  proxyOf({ proxy } as TransportOptions)
    ?.login.begin()
    .authorize(request);

describe('proxyOf', () => {
  it.each<[ProxyOptions | string | URL, string, string, number]>([
    ['http://proxy.example:3128', 'proxy.example:3128', 'proxy.example', 3128],
    [new URL('http://proxy.example'), 'proxy.example:80', 'proxy.example', 80],
    ['https://proxy.example', 'proxy.example:443', 'proxy.example', 443],
    [{ url: 'http://proxy.example:1', port: 2 }, 'proxy.example:2', 'proxy.example', 2],
    [{ host: 'proxy.example', port: 8080 }, 'proxy.example:8080', 'proxy.example', 8080],
    [{ host: '10.0.0.1' }, '10.0.0.1:80', '10.0.0.1', 80],
    [{ host: '::1', port: 3128 }, '[::1]:3128', '::1', 3128],
    [{ host: '[::1]', port: 3128 }, '[::1]:3128', '::1', 3128],
    ['http://[fe80::1]:3128', '[fe80::1]:3128', 'fe80::1', 3128],
  ])('finds %o at %s', (proxy, name, host, port) => {
    expect(proxyOf({ proxy })).toMatchObject({ name, host, port });
  });

  it('is nothing where nothing is said', () => {
    expect(proxyOf({})).toBeUndefined();
  });

  it('speaks TLS with https:// proxies only', () => {
    expect(proxyOf({ proxy: 'http://p.example' })?.tls).toBeUndefined();
    expect(proxyOf({ proxy: 'https://p.example' })?.tls).toEqual({ rejectUnauthorized: true });
    // Certificates of targets may be switched off without giving the proxy's password to whoever is on the way.
    expect(proxyOf({ proxy: 'https://p.example', rejectUnauthorized: false })?.tls?.rejectUnauthorized).toBe(true);
    const own = { url: 'https://p.example', tls: { rejectUnauthorized: false } };
    expect(proxyOf({ proxy: own })?.tls?.rejectUnauthorized).toBe(false);
  });

  it.each<[ProxyOptions | string, string]>([
    [{ host: 'p', username: 'ada', password: 'pass word', scheme: 'basic' }, 'ada:pass word'],
    [{ url: 'http://ada:p%40ss%3Aword@p', scheme: 'basic' }, 'ada:p@ss:word'],
    [{ url: 'http://ada@p', scheme: 'basic' }, 'ada:'],
    [{ url: 'http://ada:100%25%@p', scheme: 'basic' }, 'ada:100%25%'],
    [{ url: 'http://ada:old@p', password: () => 'new', scheme: 'basic' }, 'ada:new'],
  ])('reads the credentials of %o', async (proxy, expected) => {
    const header = await credentialsOf(proxy);
    expect(Buffer.from(String(header).slice('Basic '.length), 'base64').toString()).toBe(expected);
  });

  it('shows no password before it was asked for one, unless told to', async () => {
    expect(await credentialsOf({ host: 'p', username: 'ada', password: 'x-word' })).toBeUndefined();
  });

  it('sends a token as it is told to', async () => {
    expect(await credentialsOf({ host: 'p', token: 'a-token' })).toBe('Bearer a-token');
    expect(await credentialsOf({ host: 'p', token: () => 'a-$&-token', format: 'Negotiate {}' })).toBe(
      'Negotiate a-$&-token',
    );
  });

  it.each<[unknown, string]>([
    [{}, 'proxy'],
    [{ url: 'http://p', host: 'p' }, 'proxy'],
    [5, 'proxy'],
    ['p:3128', 'proxy.url'],
    ['socks5://p:1080', 'proxy.url'],
    ['p.example/with-unspeakable', 'proxy.url'],
    [{ host: 'http://p' }, 'proxy.host'],
    [{ host: 'ada:unspeakable@p' }, 'proxy.host'],
    [{ host: 'p', port: 70_000 }, 'proxy.port'],
    [{ host: 'p', port: '3128' }, 'proxy.port'],
    [{ host: 'p', password: 'unspeakable' }, 'proxy.username'],
    [{ host: 'p', username: 'ada', token: 'unspeakable-token' }, 'proxy.token'],
    [{ host: 'p', token: 5 }, 'proxy.token'],
    [{ host: 'p', token: 'a-token', format: 'Bearer' }, 'proxy.format'],
    [{ host: 'p', username: 'ada', scheme: 'ntlm' }, 'proxy.scheme'],
    [{ host: 'p', noProxy: 'localhost' }, 'noProxy'],
    [{ host: 'p', noProxy: ['10.0.0.0/99'] }, 'noProxy'],
  ])('refuses %o, and names the option', (proxy, option) => {
    const read = () => proxyOf({ proxy } as TransportOptions);
    expect(read).toThrow(ConfigurationError);
    expect(read).toThrow(expect.objectContaining({ option }));
    expect(read).not.toThrow(/unspeakable/);
  });

  it('refuses at once what no header can carry', () => {
    expect(() => proxyOf({ proxy: { host: 'p', username: 'a:b', password: '' } })).toThrow(CredentialError);
    expect(() => proxyOf({ proxy: { host: 'p', username: 'a', password: 'b\nc' } })).toThrow(CredentialError);
    expect(() => proxyOf({ proxy: { host: 'p', token: 'a\nb' } })).toThrow(CredentialError);
  });

  it('has passwords and tokens masked, in every encoding', async () => {
    proxyOf({ proxy: 'http://ada:first%20pass%2Fword@p' });
    expect(credentialFilter.mask('first pass/word, first%20pass%2Fword')).toBe('*****, *****');
    const header = String(
      await credentialsOf({ host: 'p', username: 'ada', password: () => 'second', scheme: 'basic' }),
    );
    expect(credentialFilter.mask(`Proxy-Authorization: ${header}`)).toBe('Proxy-Authorization: Basic *****');
    await credentialsOf({ host: 'p', token: () => 'third-token' });
    expect(credentialFilter.mask('third-token')).toBe('*****');
  });
});
