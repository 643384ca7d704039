import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { buildAuthenticator } from '../../../src/node/build-authenticator.ts';
import { transportFor } from '../../../src/node/transport/transport-for.ts';
import { type Certificate, certificate, certificateAuthority } from '../../helpers/network/certificates.ts';
import { type RecordingOrigin, startRecordingOrigin } from '../../helpers/network/recording-origin.ts';
import { transportClients } from '../../helpers/network/transport-clients.ts';

const squids = [
  ['Basic', inject('squidBasic')],
  ['Digest', inject('squidDigest')],
] as const;

let ca: Certificate;
let origin: RecordingOrigin;

beforeAll(async () => {
  ca = await certificateAuthority();
  const client = { ...(await certificate(ca, 'origin', ['127.0.0.1'])), ca: ca.cert, requestCert: true };
  origin = await startRecordingOrigin(client, ({ url, headers }, response) => {
    if (url === '/token') response.end('{"access_token":"good-token","token_type":"Bearer"}');
    else response.writeHead(headers.authorization === 'Bearer good-token' ? 200 : 401).end('done');
  });
});

afterAll(() => origin.close());

describe.each(transportClients)('%s', (_, wire) => {
  it.each(squids)('asks for its token through squid (%s), as it does everything else', async (_scheme, squid) => {
    origin.forget();
    const { hostname, port } = new URL(squid.origin);
    const fields = {
      authType: 'AuthOAuth2',
      url: origin.url('/', '127.0.0.1'),
      oauth2Type: 'ClientCredentials',
      oauth2TokenURL: origin.url('/token', '127.0.0.1'),
      oauth2ClientId: 'robot',
      oauth2ClientSecret: 'hush-hush',
      proxy: 'true',
      proxyHost: hostname,
      proxyPort: port,
      proxyUser: squid.username,
      proxyPasswd: squid.password,
    } as const;
    const transport = transportFor(fields, { ca: ca.cert, ...(await certificate(ca, 'robot')) });
    const auth = buildAuthenticator(fields, { transport });
    const send = wire(transport, auth, [new URL(fields.url).origin]);
    for (let call = 0; call < 3; call += 1) {
      expect(await send({ url: origin.url('/things', '127.0.0.1') })).toEqual({ status: 200, text: 'done' });
    }
    await transport.close();
    expect(origin.hits.map(({ url }) => url)).toEqual(['/token', '/things', '/things', '/things']);
    expect(new Set(origin.hits.map(({ clientName }) => clientName))).toEqual(new Set(['robot']));
    expect(origin.bytes.toLowerCase()).not.toContain('proxy-auth');
  });
});
