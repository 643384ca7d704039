import {
  buildAuthenticator,
  commandSource,
  createTransport,
  type ProxyOptions,
  type Transport,
  transportFor,
} from 'authwire/node';
import axios from 'axios';
import got from 'got';
import ky from 'ky';
import type { Dispatcher } from 'undici';
import { request } from 'undici';
import { expectTypeOf, it } from 'vitest';

const transport = createTransport({ proxy: 'http://proxy.example:3128', caFile: '/etc/ca.pem' });

it('is what each client takes', () => {
  axios.create({ ...transport.axios, baseURL: 'https://api.example' });
  got.extend(transport.got);
  ky.create(transport.ky);
  expectTypeOf(transport.fetch).toEqualTypeOf<typeof fetch>();
  expectTypeOf(transport.undici).toExtend<Dispatcher>();
  void request('https://api.example', { dispatcher: transport.undici });
});

it('goes into the build of an authenticator', () => {
  const fields = { authType: 'AuthOAuth2', proxy: true, proxyHost: 'proxy.example' };
  expectTypeOf(transportFor(fields, { certFile: 'a', keyFile: 'b' })).toEqualTypeOf<Transport>();
  buildAuthenticator(fields, { transport });
});

it('takes one address and one credential', () => {
  const token = commandSource({ command: ['token'] });
  const good: ProxyOptions[] = [
    { url: 'http://p' },
    { host: 'p', port: 1, username: 'a', password: () => 'b' },
    { host: 'p', token, format: 'Token {}', noProxy: ['localhost'], tls: { ca: 'pem' } },
  ];
  createTransport({ proxy: good[0] as ProxyOptions });
  // @ts-expect-error: one or the other
  createTransport({ proxy: { url: 'http://p', host: 'p' } });
  // @ts-expect-error: there is one Proxy-Authorization only
  createTransport({ proxy: { host: 'p', token, username: 'a' } });
  // @ts-expect-error: nowhere
  createTransport({ proxy: { username: 'a', password: 'b' } });
});
