import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { AuthApiKey } from '../../../src/authenticators/api-key.ts';
import { AuthBasic } from '../../../src/authenticators/basic.ts';
import { AuthDigest } from '../../../src/authenticators/digest.ts';
import type { AuthResponse } from '../../../src/lifecycle/contract.ts';
import { createTransport, type Transport } from '../../../src/node/transport/transport.ts';
import { startDigestServer } from '../../helpers/digest-server.ts';
import { type Certificate, certificate, certificateAuthority } from '../../helpers/network/certificates.ts';
import { type ProxyRule, wantsBasic, wantsDigest } from '../../helpers/network/proxy-rules.ts';
import {
  type OriginAnswer,
  type RecordingOrigin,
  startRecordingOrigin,
} from '../../helpers/network/recording-origin.ts';
import { type RecordingProxy, startRecordingProxy } from '../../helpers/network/recording-proxy.ts';
import { transportClients } from '../../helpers/network/transport-clients.ts';

const proxyLogin = { username: 'proxy-user', password: 'proxy-pass' };
const originLogin = { username: 'origin-user', password: 'origin-pass' };
const basicOf = ({ username, password }: typeof proxyLogin) => btoa(`${username}:${password}`);

const rules: readonly (readonly [string, () => ProxyRule])[] = [
  ['Basic', () => wantsBasic(proxyLogin.username, proxyLogin.password)],
  ['Digest', () => wantsDigest(proxyLogin.username, proxyLogin.password)],
];

/** Tells every status that it is asked to judge. */
class WatchedBasic extends AuthBasic {
  readonly judged: number[] = [];

  override checkResult(response: AuthResponse): boolean {
    this.judged.push(response.status);
    return response.status !== 401;
  }
}

let ca: Certificate;
let proxy: RecordingProxy;
let transport: Transport;
const origins: Record<'https' | 'http', RecordingOrigin[]> = { https: [], http: [] };

beforeAll(async () => {
  ca = await certificateAuthority();
  const names = ['api.example', 'other.example'];
  proxy = await startRecordingProxy();
  for (let count = 0; count < 2; count += 1) {
    origins.https.push(await startRecordingOrigin(await certificate(ca, 'api.example', names)));
    origins.http.push(await startRecordingOrigin());
  }
});

afterEach(async () => {
  await transport.close();
  for (const server of [proxy, ...origins.https, ...origins.http]) server.forget();
});

afterAll(() => Promise.all([proxy, ...origins.https, ...origins.http].map((server) => server.close())));

/** Sends the caller on to the other origin, which has another name as well. */
const sendOn =
  (other: RecordingOrigin): OriginAnswer =>
  ({ url }, response) => {
    if (!url.startsWith('/away')) response.end('here');
    else response.writeHead(302, { location: other.url('/arrived', 'other.example') }).end();
  };

describe.each(transportClients)('%s', (_, wire) => {
  describe.each(rules)('beside a proxy that wants %s', (scheme, rule) => {
    it.each(['https', 'http'] as const)('keeps both credentials apart, also over redirects, for %s', async (secure) => {
      const [home, foreign] = origins[secure] as [RecordingOrigin, RecordingOrigin];
      home.answer = sendOn(foreign);
      foreign.answer = (_hit, response) => response.end('there');
      proxy.rule = rule();
      transport = createTransport({ ca: ca.cert, proxy: { url: proxy.url, ...proxyLogin } });
      const auth = new WatchedBasic(originLogin);
      const send = wire(transport, auth, [new URL(home.url()).origin]);

      expect(await send({ url: home.url('/first') })).toEqual({ status: 200, text: 'here' });
      expect(await send({ url: home.url('/away') })).toEqual({ status: 200, text: 'there' });

      for (const origin of [home, foreign]) {
        expect(origin.bytes.toLowerCase()).not.toContain('proxy-authorization');
        expect(origin.bytes).not.toContain(basicOf(proxyLogin));
      }
      for (const { headers } of home.hits) expect(headers.authorization).toBe(`Basic ${basicOf(originLogin)}`);
      expect(foreign.hits).toHaveLength(1);
      expect(foreign.bytes).not.toContain(basicOf(originLogin));

      expect(proxy.hits.length).toBeGreaterThan(2);
      for (const { method, headers } of proxy.hits) {
        expect(String(headers['proxy-authorization'])).not.toContain(basicOf(originLogin));
        if (method === 'CONNECT')
          expect(Object.keys(headers).join()).toMatch(/^host,connection(,proxy-authorization)?$/);
      }
      if (secure === 'https') expect(proxy.bytes).not.toContain(basicOf(originLogin));
      expect(proxy.bytes.includes(basicOf(proxyLogin))).toBe(scheme === 'Basic');
      expect(auth.judged).not.toContain(407);
    });
  });

  it('answers two digests at once, each to whom has asked, whichever nonce is used up', async () => {
    const home = await startDigestServer({ ...originLogin, realm: 'of the origin', nonceUses: 2 });
    transport = createTransport({ proxy: { url: proxy.url, ...proxyLogin } });
    proxy.rule = wantsDigest(proxyLogin.username, proxyLogin.password, { uses: 3 });
    const send = wire(transport, new AuthDigest(originLogin), [home.origin]);
    for (let call = 0; call < 6; call += 1) {
      const { status } = await send({ url: home.url(`/a?call=${call}`), method: 'POST', body: 'hello' });
      expect(status).toBe(200);
    }
    const seen = [
      ...home.hits.map(({ authorization }) => authorization),
      ...proxy.hits.map(({ headers }) => headers.authorization),
    ];
    for (const header of seen.filter((one) => one !== undefined)) {
      expect(header).toContain('realm="of the origin"');
      expect(header).toContain('username="origin-user"');
    }
    const told = proxy.hits.map(({ headers }) => headers['proxy-authorization']).filter((one) => one !== undefined);
    expect(told.length).toBeGreaterThan(5);
    for (const header of told) expect(header).toMatch(/^Digest username="proxy-user", realm="proxy"/);
  });

  it('does not answer a 407 of the origin inside a tunnel, and leaves it to the caller', async () => {
    const [home] = origins.https as [RecordingOrigin];
    home.answer = (_hit, response) => response.writeHead(407, { 'proxy-authenticate': 'Basic realm="trap"' }).end();
    transport = createTransport({ ca: ca.cert, proxy: { url: proxy.url, ...proxyLogin } });
    proxy.rule = wantsBasic(proxyLogin.username, proxyLogin.password);
    const auth = new AuthApiKey({ key: 'origin-key', header: 'x-key' });
    // fetch makes an error of every 407 (Fetch Standard, HTTP-network-or-cache fetch, step 15).
    const seen = await wire(transport, auth, [new URL(home.url()).origin])({ url: home.url() }).catch(() => ({
      status: 407,
    }));
    expect(seen.status).toBe(407);
    expect(home.hits).toHaveLength(1);
    expect(home.bytes.toLowerCase()).not.toContain('proxy-authorization');
  });

  it('takes a Proxy-Authorization that the caller has set out of requests that a proxy reads', async () => {
    const [home] = origins.http as [RecordingOrigin];
    home.answer = (_hit, response) => response.end('here');
    transport = createTransport({ proxy: { url: proxy.url, ...proxyLogin, scheme: 'basic' } });
    proxy.rule = wantsBasic(proxyLogin.username, proxyLogin.password);
    const headers = { 'proxy-authorization': 'Basic b3RoZXI6b3RoZXI=' };
    await wire(transport)({ url: home.url(), headers });
    expect(proxy.bytes).not.toContain('b3RoZXI6b3RoZXI=');
  });
});
