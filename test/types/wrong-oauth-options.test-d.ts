// A wrong option does not compile: the public functions and classes of authwire/oauth.

import {
  AuthOAuth2,
  authorizationCode,
  clientAssertion,
  clientCredentials,
  clientSecretJwt,
  Dpop,
  deviceAuthorization,
  discoverProtectedResource,
  jwtBearer,
  privateKeyJwt,
  ResourceAuthenticator,
  refreshToken,
  resourceOwnerPassword,
  tokenExchange,
} from 'authwire/oauth';
import { it } from 'vitest';

const issuer = 'https://as.example.com';
const client = { tokenEndpoint: `${issuer}/token`, clientId: 'reports' };
const key = { kty: 'RSA' };
const source = { requestToken: async () => ({ accessToken: 'a-token', tokenType: 'Bearer' }) };

it('in an authenticator', () => {
  // @ts-expect-error: no such option
  new AuthOAuth2(source, { onStepup: () => true });
  // @ts-expect-error: no function
  new AuthOAuth2(source, { onStepUp: 5 });
  // @ts-expect-error: no such option
  new ResourceAuthenticator(source, { scopeStepup: ['read'] });
  // @ts-expect-error: what a server may ask for is a list or a function
  new ResourceAuthenticator(source, { scopeStepUp: true });
});

it('in a grant', () => {
  // @ts-expect-error: no such option
  clientCredentials({ ...client, scopes: ['read'] });
  // @ts-expect-error: either the issuer or the endpoints
  clientCredentials({ ...client, issuer });
  // @ts-expect-error: no such option
  resourceOwnerPassword({ ...client, username: 'ada', pasword: 'open sesame' });
  // @ts-expect-error: no kind of secret
  resourceOwnerPassword({ ...client, username: 'ada', password: 5 });
  // @ts-expect-error: no such option
  refreshToken({ ...client, refreshtoken: 'a-refresh-token' });
  // @ts-expect-error: no kind of secret
  refreshToken({ ...client, refreshToken: 5 });
  // @ts-expect-error: no such option
  tokenExchange({ ...client, subjectToken: 'a-token', subjectType: 'urn:x' });
  // @ts-expect-error: the subject's token is missing
  tokenExchange(client);
  // @ts-expect-error: no such option
  jwtBearer({ ...client, assertionIssuer: 'robot', key, aud: issuer });
  // @ts-expect-error: either a key or a service account
  jwtBearer({ ...client, assertionIssuer: 'robot', key, serviceAccount: { client_email: 'a@b', private_key: 'k' } });
  // @ts-expect-error: no such option
  authorizationCode({ ...client, redirectUri: 'http://127.0.0.1/', authorize: async () => '', promt: 'login' });
  // @ts-expect-error: no function
  authorizationCode({ ...client, redirectUri: 'http://127.0.0.1/', authorize: 'open' });
  // @ts-expect-error: no such option
  deviceAuthorization({ ...client, display: () => undefined });
  // @ts-expect-error: no function
  deviceAuthorization({ ...client, show: 'open' });
});

it('in what proves a client or a token', () => {
  // @ts-expect-error: no such option
  privateKeyJwt({ key, kid: 'one' });
  // @ts-expect-error: no number
  privateKeyJwt({ key, lifetimeMs: '5s' });
  // @ts-expect-error: a passphrase is text
  privateKeyJwt({ key, passphrase: 5 });
  // @ts-expect-error: no such option
  clientSecretJwt({ aud: issuer });
  // @ts-expect-error: no text
  clientSecretJwt({ audience: 5 });
  // @ts-expect-error: an assertion comes from a function
  clientAssertion('assertion');
  // @ts-expect-error: no such option
  new Dpop({ alg: 'ES256' });
  // @ts-expect-error: no such algorithm
  new Dpop({ algorithm: 'RS256' });
  // @ts-expect-error: no such option
  discoverProtectedResource('https://api.example.com', { authorizationServers: [issuer], timeout: 5 });
  // @ts-expect-error: whom to trust is missing
  discoverProtectedResource('https://api.example.com', {});
});
