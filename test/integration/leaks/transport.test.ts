import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TransportOptions } from '../../../src/node/transport/options.ts';
import { createTransport } from '../../../src/node/transport/transport.ts';
import { markedLeaks } from '../../helpers/leaks.ts';
import { markedSecret } from '../../helpers/leaks-mark.ts';
import { type Certificate, certificate, certificateAuthority } from '../../helpers/network/certificates.ts';
import { anybody, type ProxyRule, wantsBasic, wantsBearer, wantsDigest } from '../../helpers/network/proxy-rules.ts';
import { type RecordingOrigin, startRecordingOrigin } from '../../helpers/network/recording-origin.ts';
import { nativeOf, transportClients } from '../../helpers/network/transport-clients.ts';
import { testProxy, testTransport, thrownBy } from '../transport/fixture.ts';

let ca: Certificate;
let secure: RecordingOrigin;
let plain: RecordingOrigin;

beforeAll(async () => {
  ca = await certificateAuthority();
  secure = await startRecordingOrigin(await certificate(ca, 'api.example', ['api.example']));
  plain = await startRecordingOrigin();
});

afterAll(() => Promise.all([secure, plain].map((origin) => origin.close())));

/** What goes on between us and the proxy, and how that ends. */
const endings: readonly (readonly [string, (password: string, token: string) => ProxyRule])[] = [
  ['lets everybody through', () => anybody],
  ['wants Basic', (password) => wantsBasic('ada', password)],
  ['wants Digest', (password) => wantsDigest('ada', password)],
  ['wants a token', (_password, token) => wantsBearer(new Set([token]))],
  ['refuses Basic', () => wantsBasic('ada', 'something else')],
  ['refuses Digest', () => wantsDigest('ada', 'something else')],
  ['refuses every token', () => wantsBearer(new Set())],
];

const logins: readonly (readonly [string, (password: string, token: string) => object])[] = [
  ['a password', (password) => ({ username: 'ada', password })],
  ['a password for Basic', (password) => ({ username: 'ada', password, scheme: 'basic' })],
  ['a token', (_password, token) => ({ token })],
];

describe.each(transportClients)('%s', (_, wire) => {
  describe.each(endings)('beside a proxy that %s', (_what, ruleOf) => {
    it.each(logins)('prints nothing of %s', async (_login, loginOf) => {
      const [password, token] = [markedSecret('text'), markedSecret('token')];
      const proxy = await testProxy({ rule: ruleOf(password, token) });
      const transport = testTransport({ ca: ca.cert, proxy: { url: proxy.url, ...loginOf(password, token) } });
      const send = wire(transport);
      const calls = async () => {
        const seen: unknown[] = [];
        for (const origin of [secure, plain]) {
          const call = send({ url: origin.url(), method: 'POST', body: 'x' });
          seen.push(await call.then(nativeOf, (error: unknown) => error));
        }
        return seen;
      };
      const seen = [transport, transport.axios, transport.got, transport.undici, ...(await calls())];
      // First with its sockets in the pools, then without.
      expect(markedLeaks(...seen)).toEqual([]);
      await proxy.hangUp();
      proxy.rule = wantsBasic('nobody', 'nothing');
      expect(markedLeaks(...(await calls()), ...seen)).toEqual([]);
    });
  });
});

describe('a transport that cannot be made', () => {
  it.each<[string, (secret: string) => object]>([
    ['a URL that is none', (secret) => ({ proxy: `ada:${secret}@proxy` })],
    ['a host that is none', (secret) => ({ proxy: { host: `ada:${secret}@proxy` } })],
    ['a password without a user', (secret) => ({ proxy: { host: 'p', password: secret } })],
    [
      'a password that no header can carry',
      (secret) => ({ proxy: { host: 'p', username: 'a', password: `${secret}\n` } }),
    ],
    ['a token that no header can carry', (secret) => ({ proxy: { host: 'p', token: `${secret}\n` } })],
    ['a token and a password', (secret) => ({ proxy: { host: 'p', token: secret, username: 'a', password: secret } })],
    ['a key that is none', (secret) => ({ key: secret, cert: secret })],
    ['a CA that is none', (secret) => ({ ca: secret })],
    ['a passphrase that opens nothing', (secret) => ({ pfx: Buffer.from(secret), passphrase: secret })],
    ['a file of that name', (secret) => ({ caFile: `/${secret}` })],
  ])('prints nothing of %s', async (_what, optionsOf) => {
    const options = optionsOf(markedSecret('text')) as TransportOptions;
    expect(markedLeaks(await thrownBy(async () => createTransport(options)))).toEqual([]);
  });
});
