import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { fetchAuth } from '../../../src/adapters/fetch.ts';
import { AuthOpenStack } from '../../../src/authenticators/openstack.ts';
import { openStackOptions, openStackTransportOptions } from '../../../src/config/openstack/options.ts';
import { createTransport } from '../../../src/node/transport/transport.ts';
import { certificate, certificateAuthority } from '../../helpers/network/certificates.ts';

it('a CA and a client certificate in clouds.yaml get through to Keystone and to an API', async () => {
  const ca = await certificateAuthority();
  const identity = await certificate(ca, 'cloud', ['localhost']);
  const tls = { key: identity.key, cert: identity.cert, ca: ca.cert, requestCert: true };
  const server = createServer(tls, ({ method, headers }, response) => {
    const token = method === 'POST' ? { token: {} } : { seen: headers['x-auth-token'] };
    response.writeHead(method === 'POST' ? 201 : 200, { 'x-subject-token': 'the-token-of-ada' });
    response.end(JSON.stringify(token));
  });
  server.listen(0, 'localhost');
  await once(server, 'listening');
  const folder = await mkdtemp(join(tmpdir(), 'authwire-cloud-'));
  const origin = `https://localhost:${(server.address() as AddressInfo).port}`;
  const client = await certificate(ca, 'ada');
  await writeFile(join(folder, 'ca.pem'), ca.cert);
  await writeFile(join(folder, 'client.pem'), `${client.cert}\n${client.key}`);
  await writeFile(
    join(folder, 'clouds.yaml'),
    `clouds: {prod: {auth: {auth_url: ${origin}/v3, user_id: ada, password: sesame}, ` +
      `cacert: ${folder}/ca.pem, cert: ${folder}/client.pem}}`,
  );
  const request = { files: [join(folder, 'clouds.yaml')], env: {} };
  const transport = createTransport(await openStackTransportOptions(request));
  onTestFinished(async () => {
    await transport.close();
    server.closeAllConnections();
    server.close();
    await rm(folder, { recursive: true });
  });
  const { fetch } = transport;

  await expect(openStackOptions(request)).rejects.toThrow(/cacert names a CA.*openStackTransportOptions/);
  const auth = new AuthOpenStack(await openStackOptions({ ...request, fetch }));
  const response = await fetchAuth(auth, { origins: [origin], fetch })(`${origin}/servers`);

  expect(await response.json()).toEqual({ seen: 'the-token-of-ada' });
});
