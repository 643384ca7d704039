import { exportPKCS8, importJWK } from 'jose';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { clientSecretJwt, privateKeyJwt } from '../../src/oauth/client-assertion.ts';
import { clientCredentials } from '../../src/oauth/grants/client-credentials.ts';
import { type AuthorizationServer, clientSecrets, startAuthorizationServer } from '../helpers/authorization-server.ts';

let as: AuthorizationServer;
beforeAll(async () => {
  as = await startAuthorizationServer();
});
afterAll(() => as.close());
beforeEach(() => {
  as.traffic.requests.length = 0;
});

const signal = AbortSignal.timeout(30_000);
const server = { issuer: () => ({ issuer: as.issuer }), endpoints: () => ({ tokenEndpoint: as.tokenEndpoint }) };

describe.each(['issuer', 'endpoints'] as const)('a client that knows the %s authenticates', (known) => {
  it.each([
    ['pkjwt', undefined, () => privateKeyJwt({ key: as.clientKey })],
    ['csjwt', clientSecrets.csjwt, () => clientSecretJwt()],
    ['post', clientSecrets.post, () => 'client_secret_post' as const],
    ['basic', clientSecrets.basic, () => 'client_secret_basic' as const],
  ])('as %s, as often as it likes', async (clientId, clientSecret, authentication) => {
    const client = { clientId, clientAuthentication: authentication(), ...(clientSecret && { clientSecret }) };
    const source = clientCredentials({ ...server[known](), ...client });
    for (let round = 0; round < 2; round += 1) await source.requestToken({ signal });
    expect(as.traffic.count({ path: '/token', status: 200, client: clientId })).toBe(2);
  });
});

describe('a private key', () => {
  it('is read from PEM, too', async () => {
    const pem = await exportPKCS8((await importJWK(as.clientKey, 'ES256', { extractable: true })) as CryptoKey);
    const source = clientCredentials({
      issuer: as.issuer,
      clientId: 'pkjwt',
      clientAuthentication: privateKeyJwt({ key: pem }),
    });
    expect(await source.requestToken({ signal })).toHaveProperty('accessToken');
  });

  it('of somebody else is refused, and not printed', async () => {
    const clientAuthentication = privateKeyJwt({ key: as.bearerKey });
    const source = clientCredentials({ issuer: as.issuer, clientId: 'pkjwt', clientAuthentication });
    const error = await source.requestToken({ signal }).catch((reason: Error) => reason);
    expect(error).toMatchObject({ error: 'invalid_client', status: 401 });
    expect(JSON.stringify(error) + String(error)).not.toContain(as.bearerKey.d);
  });

  it('with an assertion for another server is refused', async () => {
    const clientAuthentication = privateKeyJwt({ key: as.clientKey, audience: 'https://else.example' });
    const source = clientCredentials({ issuer: as.issuer, clientId: 'pkjwt', clientAuthentication });
    await expect(source.requestToken({ signal })).rejects.toMatchObject({ error: 'invalid_client' });
  });
});
