import { describe, expect, it } from 'vitest';
import { isPrivateHost } from '../../../src/oauth/private-address.ts';

const privateOne = (host: string) => isPrivateHost(new URL(`https://${host}/`).hostname);

describe('a host on the inside', () => {
  it.each([
    ...[
      'localhost',
      'LOCALHOST',
      'api.localhost',
      'printer',
      'printer.local',
      'a.internal',
      'a.home.arpa',
      'localhost.',
    ],
    ...['127.0.0.1', '127.9.9.9', '10.0.0.1', '172.16.0.1', '172.31.255.255', '192.168.1.1', '169.254.169.254'],
    ...['0.0.0.0', '100.64.0.1', '100.127.255.255', '127.1', '0x7f000001', '2130706433', '10.0.0.1.'],
    ...['[::1]', '[::]', '[fc00::1]', '[fdab::1]', '[fe80::1]', '[febf::1]', '[::ffff:10.0.0.1]', '[::ffff:7f00:1]'],
    ...['[64:ff9b::10.0.0.1]', '[::ffff:169.254.169.254]'],
  ])('%s', (host) => {
    expect(privateOne(host)).toBe(true);
  });
});

describe('a host on the outside', () => {
  it.each([
    ...['api.example.com', 'localhost.example.com', 'internal.example', 'local.example', '8.8.8.8', '172.15.0.1'],
    ...['172.32.0.1', '192.169.0.1', '100.63.0.1', '100.128.0.1', '169.253.0.1', '11.0.0.1', '126.0.0.1'],
    ...['[2001:db8::1]', '[2606:4700::1111]', '[fec0::1]', '[fb00::1]', '[::ffff:8.8.8.8]', '10.example.com'],
  ])('%s', (host) => {
    expect(privateOne(host)).toBe(false);
  });
});
