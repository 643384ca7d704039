import { exportPKCS8, importJWK } from 'jose';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
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
    ['private_key_jwt', () => ({ clientId: 'pkjwt', clientKey: as.clientKey })],
    ['client_secret_jwt', () => ({ clientId: 'csjwt', clientSecret: clientSecrets.csjwt })],
    ['client_secret_post', () => ({ clientId: 'post', clientSecret: clientSecrets.post })],
    ['client_secret_basic', () => ({ clientId: 'basic', clientSecret: clientSecrets.basic })],
  ] as const)('with %s, as often as it likes', async (clientAuthentication, client) => {
    const source = clientCredentials({ ...server[known](), ...client(), clientAuthentication } as never);
    for (let round = 0; round < 2; round += 1) await source.requestToken({ signal });
    expect(as.traffic.count({ path: '/token', status: 200, client: client().clientId })).toBe(2);
  });
});

describe('a private key', () => {
  it('is enough to choose the method, in PEM too', async () => {
    const pem = await exportPKCS8((await importJWK(as.clientKey, 'ES256', { extractable: true })) as CryptoKey);
    const source = clientCredentials({ issuer: as.issuer, clientId: 'pkjwt', clientKey: pem });
    expect(await source.requestToken({ signal })).toHaveProperty('accessToken');
  });

  it('of somebody else is refused, and not printed', async () => {
    const source = clientCredentials({ issuer: as.issuer, clientId: 'pkjwt', clientKey: as.bearerKey });
    const error = await source.requestToken({ signal }).catch((reason: Error) => reason);
    expect(error).toMatchObject({ error: 'invalid_client', status: 401 });
    expect(JSON.stringify(error) + String(error)).not.toContain(as.bearerKey.d);
  });

  it('with an assertion for another server is refused', async () => {
    const options = { issuer: as.issuer, clientId: 'pkjwt', clientKey: as.clientKey };
    const source = clientCredentials({ ...options, assertionAudience: 'https://else.example' });
    await expect(source.requestToken({ signal })).rejects.toMatchObject({ error: 'invalid_client' });
  });
});
