import { afterAll, beforeAll, describe, expect, inject, it, onTestFinished } from 'vitest';
import { ProxyError } from '../../../src/node/transport/errors.ts';
import { createTransport, type Transport } from '../../../src/node/transport/transport.ts';
import { type Certificate, certificate, certificateAuthority } from '../../helpers/network/certificates.ts';
import { type RecordingOrigin, startRecordingOrigin } from '../../helpers/network/recording-origin.ts';
import { transportClients } from '../../helpers/network/transport-clients.ts';
import { causesOf, thrownBy } from '../../integration/transport/fixture.ts';

const squids = [
  ['Basic', inject('squidBasic')],
  ['Digest', inject('squidDigest')],
] as const;

let ca: Certificate;
let secure: RecordingOrigin;
let plain: RecordingOrigin;

beforeAll(async () => {
  ca = await certificateAuthority();
  secure = await startRecordingOrigin(await certificate(ca, 'origin', ['127.0.0.1']));
  plain = await startRecordingOrigin();
});

afterAll(() => Promise.all([secure, plain].map((origin) => origin.close())));

function through(url: string, username: string, password: string): Transport {
  const transport = createTransport({ ca: ca.cert, proxy: { url, username, password } });
  onTestFinished(() => transport.close());
  return transport;
}

describe.each(transportClients)('%s', (_, wire) => {
  describe.each(squids)('through squid, which wants %s', (_scheme, { origin: proxy, username, password }) => {
    it.each([
      ['https', () => secure],
      ['http', () => plain],
    ])('reaches an %s origin more often than a nonce may be used', async (_name, originOf) => {
      const origin = originOf();
      origin.forget();
      const send = wire(through(proxy, username, password));
      for (let call = 0; call < 12; call += 1) {
        const url = origin.url(`/a%20b?call=${call}`, '127.0.0.1');
        const sent = await send({ url, method: 'POST', body: 'x'.repeat(5000) });
        expect(sent).toEqual({ status: 200, text: `POST /a%20b?call=${call} 5000` });
      }
      expect(origin.hits).toHaveLength(12);
      expect(origin.bytes.toLowerCase()).not.toContain('proxy-auth');
    });

    it('opens tunnels more often than a nonce may be used', async () => {
      secure.forget();
      for (let round = 0; round < 2; round += 1) {
        const send = wire(through(proxy, username, password));
        const url = secure.url('/', '127.0.0.1');
        const calls = Array.from({ length: 8 }, () => send({ url, method: 'POST', body: 'x' }));
        for (const { status } of await Promise.all(calls)) expect(status).toBe(200);
      }
      expect(secure.hits).toHaveLength(16);
    });

    it('streams a body that can be sent only once', async () => {
      plain.forget();
      const send = wire(through(proxy, username, password));
      const url = plain.url('/', '127.0.0.1');
      for (let call = 0; call < 3; call += 1) {
        const sent = await send({ url, method: 'POST', streamed: true, body: 'y'.repeat(400_000) });
        expect(sent).toEqual({ status: 200, text: 'POST / 400000' });
      }
      expect(plain.hits.map(({ method }) => method)).toEqual(['POST', 'POST', 'POST']);
    });

    it('says so when the password is wrong', async () => {
      const send = wire(through(proxy, username, 'wrong password'));
      for (const origin of [secure, plain]) {
        origin.forget();
        const error = await thrownBy(() => send({ url: origin.url('/', '127.0.0.1') }));
        const refusal = causesOf(error).find((one) => one instanceof ProxyError);
        expect(refusal).toMatchObject({ status: 407, proxy: new URL(proxy).host });
        expect(origin.hits).toHaveLength(0);
      }
    });
  });
});
