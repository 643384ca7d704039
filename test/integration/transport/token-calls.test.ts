import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { AuthOAuth2 } from '../../../src/authenticators/oauth2.ts';
import { TokenEndpointError } from '../../../src/errors.ts';
import type { CredentialFields } from '../../../src/fields/credential-fields.ts';
import type { Authenticator } from '../../../src/lifecycle/contract.ts';
import { buildAuthenticator } from '../../../src/node/build-authenticator.ts';
import { ProxyError, TlsError } from '../../../src/node/transport/errors.ts';
import { transportFor } from '../../../src/node/transport/transport-for.ts';
import { clientCredentials } from '../../../src/oauth/grants/client-credentials.ts';
import { fakeRequest } from '../../helpers/fake-request.ts';
import { type Certificate, certificate, certificateAuthority } from '../../helpers/network/certificates.ts';
import { wantsBasic } from '../../helpers/network/proxy-rules.ts';
import {
  type OriginAnswer,
  type RecordingOrigin,
  startRecordingOrigin,
} from '../../helpers/network/recording-origin.ts';
import { type RecordingProxy, startRecordingProxy } from '../../helpers/network/recording-proxy.ts';
import { transportClients } from '../../helpers/network/transport-clients.ts';
import { causesOf, testTransport, thrownBy } from './fixture.ts';

const username = 'ada';
const password = 'proxy pass';

/** Tokens at `/token`, everything else only with one. */
const api: OriginAnswer = ({ url, headers }, response) => {
  if (url === '/token') {
    response.setHeader('content-type', 'application/json');
    response.end('{"access_token":"good-token","token":"good-token","token_type":"Bearer"}');
  } else response.writeHead(headers.authorization === 'Bearer good-token' ? 200 : 401).end('done');
};

let ca: Certificate;
let client: Certificate;
let secure: RecordingOrigin;
let mutual: RecordingOrigin;
let plain: RecordingOrigin;
let proxy: RecordingProxy;

beforeAll(async () => {
  ca = await certificateAuthority();
  client = await certificate(ca, 'robot');
  const server = await certificate(ca, 'api.example', ['api.example', 'localhost']);
  secure = await startRecordingOrigin(server, api);
  mutual = await startRecordingOrigin({ ...server, ca: ca.cert, requestCert: true }, api);
  plain = await startRecordingOrigin(undefined, api);
  proxy = await startRecordingProxy({ rule: wantsBasic(username, password) });
});

afterEach(() => {
  for (const server of [secure, mutual, plain, proxy]) server.forget();
});

afterAll(() => Promise.all([secure, mutual, plain, proxy].map((server) => server.close())));

const throughProxy = (): CredentialFields => ({
  proxy: true,
  proxyHost: '127.0.0.1',
  proxyPort: String(proxy.port),
  proxyUser: username,
  proxyPasswd: () => password,
});

const logins = (origin: RecordingOrigin): readonly CredentialFields[] => [
  {
    authType: 'AuthToken',
    url: origin.url(),
    authEndpoint: '/token',
    username: 'grace',
    password: 'pass',
    tokenKey: 'token',
  },
  {
    authType: 'AuthOAuth2',
    url: origin.url(),
    oauth2Type: 'ClientCredentials',
    oauth2TokenURL: origin.url('/token'),
    oauth2ClientId: 'robot',
    oauth2ClientSecret: 'hush-hush',
  },
];

const authenticate = (auth: Authenticator) => auth.authenticate({ request: fakeRequest() });

describe('buildAuthenticator of authwire/node', () => {
  it('asks for tokens through the proxy and by the CA that the fields name', async () => {
    const transport = transportFor(throughProxy(), { ca: ca.cert });
    for (const fields of logins(secure)) {
      const auth = buildAuthenticator({ ...throughProxy(), ...fields }, { transport });
      await authenticate(auth);
    }
    await transport.close();
    expect(secure.hits.map(({ url }) => url)).toEqual(['/token', '/token']);
    expect(proxy.hits.every(({ method }) => method === 'CONNECT')).toBe(true);
    expect(secure.bytes.toLowerCase()).not.toContain('proxy-authorization');
  });

  it('makes the transport itself where none is given', async () => {
    for (const fields of logins(secure)) {
      await authenticate(buildAuthenticator({ ...throughProxy(), ...fields, sslverifypeer: false }));
    }
    expect(secure.hits).toHaveLength(2);
    expect(proxy.hits.length).toBeGreaterThan(0);
  });

  it('takes a fetch of your own for what honours the fields', async () => {
    const { fetch } = testTransport({ ca: ca.cert, proxy: { url: proxy.url, username, password } });
    for (const fields of logins(secure))
      await authenticate(buildAuthenticator({ ...throughProxy(), ...fields }, { fetch }));
    expect(secure.hits).toHaveLength(2);
  });

  it('tells in the error of a token request what the proxy, or the certificate, was', async () => {
    const [, fields] = logins(secure) as [CredentialFields, CredentialFields];
    const wrong = { ...throughProxy(), ...fields, proxyPasswd: 'wrong password' };
    const refused = await thrownBy(async () => authenticate(buildAuthenticator(wrong)));
    expect(refused).toBeInstanceOf(TokenEndpointError);
    expect(causesOf(refused).find((one) => one instanceof ProxyError)).toMatchObject({
      status: 407,
      proxy: proxy.name,
    });

    const untrusted = await thrownBy(async () => authenticate(buildAuthenticator({ ...throughProxy(), ...fields })));
    expect(causesOf(untrusted).find((one) => one instanceof TlsError)).toMatchObject({
      host: `api.example:${secure.port}`,
    });
    expect(secure.hits).toHaveLength(0);
  });
});

describe.each(transportClients)('%s', (_, wire) => {
  it.each([
    ['https', () => secure],
    ['http', () => plain],
  ])('shares one transport with its authenticator, for %s', async (scheme, originOf) => {
    const origin = originOf();
    const [login, oauth] = logins(origin) as [CredentialFields, CredentialFields];
    // A token endpoint must be https; a login is the user's own affair.
    const fields = { ...throughProxy(), ...(scheme === 'https' ? oauth : login) };
    const options = { allowInsecureRequests: true };
    const transport = transportFor(fields, { ca: ca.cert });
    const auth = buildAuthenticator(fields, { transport, ...options });
    const send = wire(transport, auth, [new URL(origin.url()).origin]);
    for (let call = 0; call < 3; call += 1) {
      expect(await send({ url: origin.url('/things') })).toEqual({ status: 200, text: 'done' });
    }
    await transport.close();
    expect(origin.hits.map(({ url }) => url)).toEqual(['/token', '/things', '/things', '/things']);
    expect(origin.bytes.toLowerCase()).not.toContain('proxy-authorization');
  });
});

describe('tls_client_auth (RFC 8705 §2.1)', () => {
  it.each([
    ['directly', () => ({}), 'localhost'],
    ['through a proxy', () => ({ proxy: { url: proxy.url, username, password } }), 'api.example'],
  ] as const)('shows the client certificate to the token endpoint, %s', async (_way, options, host) => {
    const transport = testTransport({ ...options(), ca: ca.cert, cert: client.cert, key: client.key });
    const source = clientCredentials({
      tokenEndpoint: mutual.url('/token', host),
      clientId: 'robot',
      clientAuthentication: 'tls_client_auth',
      fetch: transport.fetch,
    });
    await authenticate(new AuthOAuth2(source));
    expect(mutual.hits).toMatchObject([{ url: '/token', clientName: 'robot' }]);
    expect(mutual.hits[0]?.body).toContain('client_id=robot');
  });
});
