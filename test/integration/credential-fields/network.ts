/** The fields that say how the network is reached, by the API's requests and by those for tokens. */

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished } from 'vitest';
import { fetchAuth } from '../../../src/adapters/fetch.ts';
import { buildAuthenticator as buildWithoutNode } from '../../../src/builders/build-authenticator.ts';
import type { CredentialFields } from '../../../src/fields/credential-fields.ts';
import { buildAuthenticator } from '../../../src/node/build-authenticator.ts';
import { transportFor } from '../../../src/node/transport/transport-for.ts';
import { certificate, certificateAuthority } from '../../helpers/network/certificates.ts';
import { wantsBasic } from '../../helpers/network/proxy-rules.ts';
import { type OriginAnswer, startRecordingOrigin } from '../../helpers/network/recording-origin.ts';
import { testProxy } from '../transport/fixture.ts';
import type { Rows } from './stage.ts';

const LOGIN = { authType: 'AuthToken', authEndpoint: '/login', username: 'grace', password: 'hopper' };

/** A login and an API in one. */
const answer: OriginAnswer = ({ url, headers }, response) => {
  if (url === '/login') response.setHeader('content-type', 'application/json').end('{"access_token":"good-token"}');
  else response.writeHead(headers.authorization === 'Bearer good-token' ? 200 : 401).end();
};

async function testOrigin(tls?: Parameters<typeof startRecordingOrigin>[0]) {
  const origin = await startRecordingOrigin(tls, answer);
  onTestFinished(() => origin.close());
  return origin;
}

/** An API of our own authority's, and that authority's certificate in a file. */
async function secureOrigin() {
  const ca = await certificateAuthority();
  const origin = await testOrigin(await certificate(ca, 'api.example', ['localhost']));
  const folder = await mkdtemp(join(tmpdir(), 'authwire-fields-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const caPath = join(folder, 'ca.pem');
  await writeFile(caPath, ca.cert);
  return { origin, url: origin.url('/', 'localhost'), caPath };
}

/** Calls the API once, as the fields say, and gives the status. */
async function call(fields: CredentialFields & { readonly url: string }): Promise<number> {
  const transport = transportFor(fields);
  onTestFinished(() => transport.close());
  const auth = buildAuthenticator({ ...LOGIN, ...fields }, { transport, allowInsecureRequests: true });
  const response = await fetchAuth(auth, { origins: [fields.url], fetch: transport.fetch })(
    new URL('/things', fields.url),
  );
  await response.text();
  return response.status;
}

/** A proxy that wants a login, the way to it, and an API that is found through it only. */
async function behindProxy(username = 'ada', password = 'wonderland') {
  const [proxy, origin] = [await testProxy({ rule: wantsBasic(username, password) }), await testOrigin()];
  const way = {
    proxy: true,
    proxyHost: '127.0.0.1',
    proxyPort: proxy.port,
    proxyUser: username,
    proxyPasswd: password,
  };
  return { proxy, origin, fields: { url: origin.url(), ...way } };
}

export const network = {
  proxy: {
    'true: login and API are reached through the proxy': async () => {
      const { proxy, origin, fields } = await behindProxy();
      expect(await call({ ...fields, proxy: 'true' })).toBe(200);
      expect(origin.hits.map(({ url }) => url)).toEqual(['/login', '/things']);
      expect(proxy.hits.length).toBeGreaterThan(0);
    },
    'false, the default: directly, whatever the four that follow say': async () => {
      const { proxy, origin, fields } = await behindProxy();
      expect(await call({ ...fields, url: origin.url('/', 'localhost'), proxy: false })).toBe(200);
      expect(proxy.connections).toBe(0);
    },
    'is refused where nobody can honour it': () => {
      const fields = { ...LOGIN, url: 'https://h/', proxy: true, proxyHost: 'proxy.example' };
      expect(() => buildWithoutNode(fields)).toThrow(/^field 'proxy' asks for a proxy, which needs Node/);
    },
  },
  proxyHost: {
    'is where the proxy is': async () => {
      const { proxy, fields } = await behindProxy();
      expect(await call({ ...fields, proxyHost: 'localhost' })).toBe(200);
      expect(proxy.connections).toBeGreaterThan(0);
    },
    'must be there': async () => {
      const { fields } = await behindProxy();
      expect(() => transportFor({ ...fields, proxyHost: '' })).toThrow(/^field 'proxyHost' must be set to/);
    },
  },
  proxyPort: {
    "is the proxy's port, also as text": async () => {
      const { proxy, fields } = await behindProxy();
      expect(await call({ ...fields, proxyPort: String(proxy.port) })).toBe(200);
    },
    'must be a port': async () => {
      const { fields } = await behindProxy();
      expect(() => transportFor({ ...fields, proxyPort: 70_000 })).toThrow(
        /^field 'proxyPort' must be a number from 1 to/,
      );
    },
  },
  proxyUser: {
    'logs in at the proxy, whatever its characters': async () => {
      const { fields } = await behindProxy('a b@c', 'wonderland');
      expect(await call(fields)).toBe(200);
    },
  },
  proxyPasswd: {
    'is the password at the proxy, and reaches nobody else': async () => {
      const { origin, fields } = await behindProxy('ada', 'd:e%f/?#');
      expect(await call(fields)).toBe(200);
      expect(origin.hits.map(({ headers }) => headers['proxy-authorization'])).toEqual([undefined, undefined]);
    },
    'a wrong one fails, and is in no error': async () => {
      const { origin, fields } = await behindProxy();
      const error = await call({ ...fields, proxyPasswd: 'queen-of-hearts' }).catch((error: unknown) => error);
      expect(error).toBeInstanceOf(Error);
      expect(JSON.stringify([error, (error as Error).message, String((error as Error).cause)])).not.toMatch(/queen/);
      expect(origin.hits).toEqual([]);
    },
  },
  sslverifypeer: {
    'true, the default: a certificate of nobody we know is refused': async () => {
      const { origin, url } = await secureOrigin();
      await expect(call({ url })).rejects.toThrow();
      await expect(call({ url, sslverifypeer: 'true' })).rejects.toThrow();
      expect(origin.hits).toEqual([]);
    },
    'false: it is not looked at, neither at the login nor at the API': async () => {
      const { origin, url } = await secureOrigin();
      expect(await call({ url, sslverifypeer: 'false' })).toBe(200);
      expect(origin.hits.map(({ url }) => url)).toEqual(['/login', '/things']);
    },
  },
  ca_path: {
    'is a file with authorities to trust, at the login and at the API': async () => {
      const { origin, url, caPath } = await secureOrigin();
      expect(await call({ url, ca_path: caPath })).toBe(200);
      expect(origin.hits.map(({ url }) => url)).toEqual(['/login', '/things']);
    },
    'must be a file that can be read': () => {
      expect(() => transportFor({ ca_path: '/no/such/file.pem' })).toThrow(/field 'ca_path'/);
    },
  },
} satisfies Rows;
