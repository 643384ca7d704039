import { afterEach, describe, expect, it } from 'vitest';
import { Dpop } from '../../../src/oauth/dpop.ts';
import { authorizationCode } from '../../../src/oauth/grants/authorization-code.ts';
import { clientCredentials } from '../../../src/oauth/grants/client-credentials.ts';
import { deviceAuthorization } from '../../../src/oauth/grants/device-authorization.ts';
import { jwtBearer } from '../../../src/oauth/grants/jwt-bearer.ts';
import { refreshToken } from '../../../src/oauth/grants/refresh-token.ts';
import { resourceOwnerPassword } from '../../../src/oauth/grants/resource-owner-password.ts';
import { tokenExchange } from '../../../src/oauth/grants/token-exchange.ts';
import { discoverProtectedResource } from '../../../src/oauth/protected-resource.ts';

const server = {
  tokenEndpoint: 'https://as.example/token',
  authorizationEndpoint: 'https://as.example/authorize',
  deviceAuthorizationEndpoint: 'https://as.example/device',
};
const client = { ...server, clientId: 'id' };

const grants: [string, (more: object) => unknown][] = [
  ['clientCredentials', (more) => clientCredentials({ ...client, ...more })],
  ['refreshToken', (more) => refreshToken({ ...client, refreshToken: 'r', ...more })],
  ['resourceOwnerPassword', (more) => resourceOwnerPassword({ ...client, username: 'ada', password: 'p', ...more })],
  ['tokenExchange', (more) => tokenExchange({ ...client, subjectToken: 's', ...more })],
  ['jwtBearer', (more) => jwtBearer({ ...server, assertionIssuer: 'robot', key: { kty: 'EC', d: 'd' }, ...more })],
  ['deviceAuthorization', (more) => deviceAuthorization({ ...client, ...more })],
  ['authorizationCode', (more) => authorizationCode({ ...client, redirectUri: 'https://app.example/cb', ...more })],
];

/** Options that nobody checks. */
describe.each(grants)('%s', (name, grant) => {
  it.each([
    ['scopes', ['a']],
    ['audiance', 'x'],
    ['clientKey', 'pem'],
    ['toString', () => ''],
  ])('refuses option %s, which nobody knows', (option, value) => {
    expect(() => grant({ [option]: value })).toThrow(
      expect.objectContaining({ name: 'ConfigurationError', option, message: expect.stringContaining(name) }),
    );
  });

  it.each([
    ['scope', 7],
    ['scope', ['a', 7]],
    ['clientId', undefined],
    ['clientSecret', undefined],
    ['clientSecret', 7],
    ['dpop', true],
    ['fetch', 'fetch'],
    ['allowInsecureRequests', 'yes'],
    ['parameters', { tenant: 7 }],
    ['clientAuthentication', 7],
  ])('refuses option %s of the wrong kind', (option, value) => {
    if (name === 'jwtBearer' && option === 'clientId') return;
    expect(() => grant({ [option]: value })).toThrow(
      expect.objectContaining({ name: 'ConfigurationError', option, message: expect.not.stringContaining('7') }),
    );
  });
});

describe('what stands on Object.prototype', () => {
  const prototype = Object.prototype as unknown as Record<string, unknown>;
  const planted = ['fetch', 'allowInsecureRequests', 'parameters', 'metadataOrigins', 'authorizationServers', 'key'];
  afterEach(() => {
    for (const name of planted) delete prototype[name];
  });

  it.each(grants)('is no option of %s', (_name, grant) => {
    prototype.allowInsecureRequests = true;
    expect(() => grant({ tokenEndpoint: 'http://as.example/token' })).toThrow(/https/);
  });

  it('receives no token request', async () => {
    let called = false;
    prototype.fetch = async () => {
      called = true;
      return new Response('{"access_token":"planted"}');
    };
    const source = clientCredentials({ tokenEndpoint: 'http://127.0.0.1:9/token', clientId: 'id' });
    await expect(source.requestToken({ signal: AbortSignal.timeout(5000) })).rejects.toThrow();
    expect(called).toBe(false);
  });

  it('trusts no authorization server', async () => {
    prototype.authorizationServers = () => true;
    await expect(discoverProtectedResource('https://api.example', {} as never)).rejects.toThrow(/authorizationServers/);
  });
});

it('Dpop knows its options', () => {
  expect(() => new Dpop({ alg: 'ES256' } as never)).toThrow(/Dpop has no option 'alg'/);
});
