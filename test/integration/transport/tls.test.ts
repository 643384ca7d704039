import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { rootCertificates } from 'node:tls';
import { pathToFileURL } from 'node:url';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { TlsError } from '../../../src/node/transport/errors.ts';
import type { TlsOptions } from '../../../src/node/transport/options.ts';
import { transportFor } from '../../../src/node/transport/transport-for.ts';
import { type Certificate, certificate, certificateAuthority } from '../../helpers/network/certificates.ts';
import { type RecordingOrigin, startRecordingOrigin } from '../../helpers/network/recording-origin.ts';
import { type RecordingProxy, startRecordingProxy } from '../../helpers/network/recording-proxy.ts';
import { transportClients } from '../../helpers/network/transport-clients.ts';
import { causesOf, testTransport, thrownBy } from './fixture.ts';

let ca: Certificate;
let otherCa: Certificate;
let client: Certificate;
let origin: RecordingOrigin;
let mutual: RecordingOrigin;
let proxy: RecordingProxy;
const folder = mkdtempSync(join(tmpdir(), 'authwire-tls-'));
const file = (name: string) => join(folder, name);

beforeAll(async () => {
  ca = await certificateAuthority();
  otherCa = await certificateAuthority('Another CA');
  client = await certificate(ca, 'robot');
  const server = await certificate(ca, 'api.example', ['api.example', 'localhost', '127.0.0.1']);
  origin = await startRecordingOrigin(server);
  mutual = await startRecordingOrigin({ ...server, ca: ca.cert, requestCert: true, rejectUnauthorized: true });
  proxy = await startRecordingProxy();
  writeFileSync(file('ca.pem'), `# our office\n${ca.cert}`);
  writeFileSync(file('client.pem'), client.cert);
  writeFileSync(file('client.key'), client.key);
});

afterEach(() => {
  for (const server of [origin, mutual, proxy]) server.forget();
});

afterAll(async () => {
  rmSync(folder, { recursive: true });
  await Promise.all([origin, mutual, proxy].map((server) => server.close()));
});

function tlsErrorIn(error: unknown): TlsError {
  const found = causesOf(error).find((one) => one instanceof TlsError);
  if (found === undefined) throw new Error(`no TlsError in ${String(error)}`, { cause: error });
  return found;
}

/** Directly, and through the proxy: nothing of TLS may depend on that. */
const ways = [
  ['directly', () => ({}), 'localhost'],
  ['through a proxy', () => ({ proxy: proxy.url }), 'api.example'],
] as const;

describe.each(transportClients)('%s', (_, wire) => {
  describe.each(ways)('%s', (_way, options, host) => {
    it.each<[string, () => TlsOptions]>([
      ['as text', () => ({ ca: ca.cert })],
      ['as one of several texts', () => ({ ca: [...rootCertificates.slice(0, 3), otherCa.cert, ca.cert] })],
      ['as a file', () => ({ caFile: file('ca.pem') })],
      ['as the URL of a file', () => ({ caFile: pathToFileURL(file('ca.pem')) })],
    ])('trusts a CA that is given %s', async (_how, tls) => {
      const send = wire(testTransport({ ...options(), ...tls() }));
      expect((await send({ url: origin.url('/', host) })).status).toBe(200);
      expect(origin.hits.map(({ serverName }) => serverName)).toEqual([host]);
    });

    it.each<[string, () => TlsOptions]>([
      ['nobody has named', () => ({})],
      ['is not the one that was named', () => ({ ca: otherCa.cert })],
    ])('does not trust a CA that %s, and says which option decides it', async (_how, tls) => {
      const send = wire(testTransport({ ...options(), ...tls() }));
      const error = tlsErrorIn(await thrownBy(() => send({ url: origin.url('/', host) })));
      expect(error).toMatchObject({ code: 'ERR_AUTH_TLS', host: `${host}:${origin.port}` });
      expect(error.reason).toMatch(/SELF_SIGNED|UNABLE_TO/);
      expect(error.message).toMatch(/option 'caFile' or 'ca' \(field 'ca_path'\)/);
      expect(origin.hits).toHaveLength(0);
    });

    it('checks the name of the host also where the CA is a special one', async () => {
      const stranger = await startRecordingOrigin(await certificate(ca, 'stranger', ['stranger.example']));
      const send = wire(testTransport({ ...options(), ca: ca.cert }));
      const error = tlsErrorIn(await thrownBy(() => send({ url: stranger.url('/', host) })));
      expect(error).toMatchObject({ reason: 'ERR_TLS_CERT_ALTNAME_INVALID', host: `${host}:${stranger.port}` });
      expect(stranger.hits).toHaveLength(0);
      await stranger.close();
    });

    it('takes any certificate where it must', async () => {
      const send = wire(testTransport({ ...options(), rejectUnauthorized: false }));
      expect((await send({ url: origin.url('/', host) })).status).toBe(200);
    });

    it.each<[string, () => TlsOptions]>([
      ['as text', () => ({ cert: client.cert, key: client.key })],
      ['as files', () => ({ certFile: file('client.pem'), keyFile: file('client.key') })],
    ])('shows a client certificate that is given %s', async (_how, tls) => {
      const send = wire(testTransport({ ...options(), ca: ca.cert, ...tls() }));
      expect((await send({ url: mutual.url('/', host) })).status).toBe(200);
      expect(mutual.hits.map(({ clientName }) => clientName)).toEqual(['robot']);
    });

    it('fails where a client certificate is wanted and none is given', async () => {
      const send = wire(testTransport({ ...options(), ca: ca.cert }));
      expect(await thrownBy(() => send({ url: mutual.url('/', host) }))).toBeInstanceOf(Error);
      expect(mutual.hits).toHaveLength(0);
    });

    it('does as the fields say', async () => {
      const fields =
        _way === 'directly' ? {} : { proxy: 'true', proxyHost: '127.0.0.1', proxyPort: String(proxy.port) };
      for (const tls of [{ ca_path: file('ca.pem') }, { sslverifypeer: 'false' }]) {
        const transport = transportFor({ ...fields, ...tls });
        expect((await wire(transport)({ url: origin.url('/', host) })).status).toBe(200);
        await transport.close();
      }
    });
  });
});
