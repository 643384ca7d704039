import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { ProxyCredentials } from '../../../src/node/transport/options.ts';
import { createTransport, type Transport } from '../../../src/node/transport/transport.ts';
import { type Certificate, certificate, certificateAuthority } from '../../helpers/network/certificates.ts';
import { anybody, type ProxyRule, wantsBasic, wantsBearer, wantsDigest } from '../../helpers/network/proxy-rules.ts';
import { type RecordingOrigin, startRecordingOrigin } from '../../helpers/network/recording-origin.ts';
import { type RecordingProxy, startRecordingProxy } from '../../helpers/network/recording-proxy.ts';
import { transportClients } from '../../helpers/network/transport-clients.ts';

const username = 'ada';
const password = 'pröxy pass';

interface Login {
  readonly name: string;
  readonly rule: () => ProxyRule;
  readonly options: ProxyCredentials;
  /** How many requests the proxy answers with 407 until the first one goes through. */
  readonly refusals: number;
}

const logins: readonly Login[] = [
  { name: 'anybody', rule: () => anybody, options: {}, refusals: 0 },
  { name: 'Basic', rule: () => wantsBasic(username, password), options: { username, password }, refusals: 1 },
  {
    name: 'Basic, said before',
    rule: () => wantsBasic(username, password),
    options: { username, password, scheme: 'basic' },
    refusals: 0,
  },
  {
    name: 'Digest with MD5',
    rule: () => wantsDigest(username, password),
    options: { username, password },
    refusals: 1,
  },
  {
    name: 'Digest with SHA-256, beside Basic',
    rule: () => wantsDigest(username, password, { algorithm: 'SHA-256', also: ['Basic realm="x"'] }),
    options: { username, password: () => password },
    refusals: 1,
  },
  {
    name: 'a token',
    rule: () => wantsBearer(new Set(['good'])),
    options: { token: async () => 'good' },
    refusals: 0,
  },
];

let ca: Certificate;
let proxy: RecordingProxy;
let secureOrigin: RecordingOrigin;
let plainOrigin: RecordingOrigin;
let transport: Transport;

beforeAll(async () => {
  ca = await certificateAuthority();
  secureOrigin = await startRecordingOrigin(await certificate(ca, 'api.example', ['api.example']));
  plainOrigin = await startRecordingOrigin();
  proxy = await startRecordingProxy();
});

afterEach(async () => {
  await transport.close();
  for (const server of [proxy, secureOrigin, plainOrigin]) server.forget();
});

afterAll(() => Promise.all([proxy, secureOrigin, plainOrigin].map((server) => server.close())));

describe.each(transportClients)('%s, through a proxy', (_, wire) => {
  describe.each(logins)('for $name', ({ rule, options, refusals }) => {
    it.each([
      ['https', () => secureOrigin],
      ['http', () => plainOrigin],
    ])('reaches an %s origin, again and again', async (scheme, originOf) => {
      proxy.rule = rule();
      transport = createTransport({ ca: ca.cert, proxy: { url: proxy.url, ...options } });
      const origin = originOf();
      const send = wire(transport);
      for (let call = 0; call < 4; call += 1) {
        const got = await send({ url: origin.url(`/a%20b?call=${call}`), method: 'POST', body: 'x'.repeat(70_000) });
        expect(got).toEqual({ status: 200, text: `POST /a%20b?call=${call} 70000` });
      }

      expect(origin.hits).toHaveLength(4);
      expect(origin.bytes.toLowerCase()).not.toContain('proxy-auth');
      const methods = new Set(proxy.hits.map(({ method }) => method));
      expect(methods).toEqual(new Set([scheme === 'https' ? 'CONNECT' : 'POST']));
      if (scheme === 'http') expect(proxy.hits).toHaveLength(4 + refusals);
      // undici's pool opens a second connection where the first one has not quite ended its answer.
      expect(proxy.connections).toBeLessThanOrEqual(scheme === 'https' ? 2 + refusals : 1);
    });
  });
});
