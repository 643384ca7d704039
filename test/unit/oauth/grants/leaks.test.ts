import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportPKCS8, generateKeyPair } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AuthOAuth2 } from '../../../../src/authenticators/oauth2.ts';
import { LoginRequiredError } from '../../../../src/errors.ts';
import { clientSecretJwt, privateKeyJwt } from '../../../../src/oauth/client-assertion.ts';
import { authorizationCode } from '../../../../src/oauth/grants/authorization-code.ts';
import { clientCredentials } from '../../../../src/oauth/grants/client-credentials.ts';
import { deviceAuthorization } from '../../../../src/oauth/grants/device-authorization.ts';
import { jwtBearer } from '../../../../src/oauth/grants/jwt-bearer.ts';
import { refreshToken } from '../../../../src/oauth/grants/refresh-token.ts';
import { resourceOwnerPassword } from '../../../../src/oauth/grants/resource-owner-password.ts';
import { tokenExchange } from '../../../../src/oauth/grants/token-exchange.ts';
import type { OAuthSource } from '../../../../src/oauth/oauth-source.ts';
import { leaks } from '../../../helpers/leaks.ts';

// A server that says back everything that it was sent, header and body, in the description of its error.
const echo = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    const said = `${request.headers.authorization} ${Buffer.concat(chunks)}`;
    bodies.push(said);
    const codes = { device_code: 'device-code-77', user_code: 'U', verification_uri: 'https://as.example/' };
    const isDevice = request.url === '/device';
    response.writeHead(isDevice ? 200 : 400, { 'content-type': 'application/json' });
    response.end(JSON.stringify(isDevice ? codes : { error: 'invalid_grant', error_description: said }));
  });
});
const bodies: string[] = [];
let base: string;
beforeAll(async () => {
  echo.listen(0, '127.0.0.1');
  await once(echo, 'listening');
  base = `http://127.0.0.1:${(echo.address() as AddressInfo).port}`;
});
afterAll(() => void echo.close());

const { privateKey } = await generateKeyPair('ES256', { extractable: true });
const pem = await exportPKCS8(privateKey);
const SECRETS = {
  client: 'client secret/77',
  password: 'pass word&77',
  refresh: 'refresh-token-77',
  subject: 'subject-token-77',
  actor: 'actor-token-77',
  code: 'authorization-code-77',
  device: 'device-code-77',
  basic: btoa('id:client+secret%2F77'),
};
const unproven = () => ({ tokenEndpoint: `${base}/token`, clientId: 'id' });
const known = () => ({ ...unproven(), clientSecret: SECRETS.client });
const post = () => ({ ...known(), clientAuthentication: 'client_secret_post' as const });

const grants: [string, () => OAuthSource][] = [
  ['client credentials', () => clientCredentials(known())],
  ['client credentials in the body', () => clientCredentials(post())],
  ['an assertion of the client', () => clientCredentials({ ...known(), clientAuthentication: clientSecretJwt() })],
  [
    'a key of the client',
    () => clientCredentials({ ...unproven(), clientAuthentication: privateKeyJwt({ key: pem }) }),
  ],
  ['a refresh token', () => refreshToken({ ...post(), refreshToken: SECRETS.refresh })],
  ['a password', () => resourceOwnerPassword({ ...post(), username: 'ada', password: SECRETS.password })],
  ['token exchange', () => tokenExchange({ ...post(), subjectToken: SECRETS.subject, actorToken: SECRETS.actor })],
  ['an assertion', () => jwtBearer({ tokenEndpoint: `${base}/token`, assertionIssuer: 'robot', key: pem })],
  [
    'a code',
    () =>
      authorizationCode({
        ...post(),
        authorizationEndpoint: `${base}/authorize`,
        redirectUri: 'http://127.0.0.1/cb',
        authorize: async ({ url }) => ({ code: SECRETS.code, state: url.searchParams.get('state') ?? '' }),
      }),
  ],
  [
    'a device code',
    () =>
      deviceAuthorization({
        ...post(),
        deviceAuthorizationEndpoint: `${base}/device`,
        show: () => undefined,
        wait: async () => undefined,
      }),
  ],
];

describe.each(grants)('%s', (_name, make) => {
  it('is in no error, although the server says it back', async () => {
    const auth = new AuthOAuth2(make());
    const error = await Promise.resolve(auth.tokens.get()).catch((reason: unknown) => reason);
    // A refresh token that is refused means that somebody has to log in; the cause says why.
    const refusal = error instanceof LoginRequiredError ? error.cause : error;
    expect(refusal).toMatchObject({ error: 'invalid_grant', errorDescription: expect.stringContaining('*****') });

    const sent = new URLSearchParams(bodies.at(-1)?.split(' ').slice(1).join(' '));
    const parameters = ['assertion', 'client_assertion', 'code_verifier'].flatMap((name) => sent.get(name) ?? []);
    const secrets = [...Object.values(SECRETS), ...parameters, pem];
    expect(leaks(error, ...secrets)).toEqual([]);
    expect(leaks(auth, ...secrets)).toEqual([]);
  });
});
