/**
 * What a fresh glewlwyd is told through its API: two issuers, a scope, clients and a user.
 */

import { generateKeyPairSync } from 'node:crypto';
import { exportJWK, importSPKI } from 'jose';
import { Session } from './session.ts';

/** Who there is. */
export const CLIENT_SECRET = 'cc s3cret/+%&=';
export const USER = { username: 'alice', password: 'wonder land&1' } as const;
export const REDIRECT_URI = 'http://127.0.0.1:9/cb';

export interface Configured {
  /** Says `token_type: "bearer"`, and gives refresh tokens that count once. */
  readonly issuer: string;
  /** The same server as another issuer, which wants a nonce in every DPoP proof. */
  readonly nonceIssuer: string;
  /** The private key of the client `pk`, in PEM. */
  readonly clientKey: string;
}

export async function configure(origin: string): Promise<Configured> {
  const clientKey = ecKey();
  const admin = new Session(origin);
  await admin.logIn({ username: 'admin', password: 'password' });
  await admin.send('POST', '/mod/plugin/', plugin(origin, 'oidc', {}));
  await admin.send('POST', '/mod/plugin/', plugin(origin, 'nonce', NONCES));
  await admin.send('POST', '/scope/', {
    name: 'read',
    display_name: 'read',
    description: 'read',
    password_required: true,
    scheme: {},
  });
  for (const client of await clients(clientKey.publicKey)) await admin.send('POST', '/client/', client);
  await admin.send('POST', '/user/', { ...USER, name: 'Alice', scope: ['openid', 'read', 'g_profile'], enabled: true });
  return { issuer: `${origin}/api/oidc`, nonceIssuer: `${origin}/api/nonce`, clientKey: clientKey.privateKey };
}

const NONCES = { 'oauth-dpop-nonce-mandatory': true, 'oauth-dpop-nonce-counter': 1 };

function ecKey() {
  return generateKeyPairSync('ec', {
    namedCurve: 'P-256',
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });
}

function plugin(origin: string, name: string, more: object) {
  const { privateKey, publicKey } = ecKey();
  const parameters = {
    iss: `${origin}/api/${name}`,
    'jwt-type': 'ecdsa',
    'jwt-key-size': '256',
    key: privateKey,
    cert: publicKey,
    'jwks-show': true,
    'access-token-duration': 3600,
    'refresh-token-duration': 1_209_600,
    'code-duration': 600,
    'refresh-token-rolling': true,
    'refresh-token-one-use': 'always',
    'allow-non-oidc': true,
    'auth-type-code-enabled': true,
    'auth-type-password-enabled': true,
    'auth-type-client-enabled': true,
    'auth-type-refresh-enabled': true,
    'auth-type-device-enabled': true,
    'auth-type-token-enabled': false,
    'auth-type-id-token-enabled': true,
    'auth-type-none-enabled': false,
    'device-authorization-expiration': 600,
    'device-authorization-interval': 1,
    'pkce-allowed': true,
    'pkce-required': true,
    'pkce-method-plain-allowed': false,
    'oauth-as-iss-id': true,
    'introspection-revocation-allowed': true,
    'introspection-revocation-allow-target-client': true,
    'oauth-dpop-allowed': true,
    'oauth-dpop-iat-duration': 60,
    'oauth-par-allowed': true,
    'oauth-par-required': false,
    'oauth-par-request_uri-prefix': 'urn:ietf:params:oauth:request_uri:',
    'oauth-par-duration': 90,
    'request-parameter-allow': true,
    'request-parameter-ietf-strict': false,
    'request-maximum-exp': 3600,
    'client-jwks-parameter': 'jwks',
    ...more,
  };
  return { module: 'oidc', name, display_name: name, order_rank: 0, enabled: true, parameters };
}

async function clients(publicKey: string): Promise<object[]> {
  const jwk = { ...(await exportJWK(await importSPKI(publicKey, 'ES256'))), kid: 'c1', alg: 'ES256', use: 'sig' };
  const common = {
    enabled: true,
    confidential: true,
    scope: ['read'],
    redirect_uri: [REDIRECT_URI],
    authorization_type: ['client_credentials', 'code', 'refresh_token', 'password', 'device_authorization'],
  };
  const secret = { client_secret: CLIENT_SECRET, password: CLIENT_SECRET };
  return [
    {
      ...common,
      ...secret,
      client_id: 'cc',
      name: 'cc',
      token_endpoint_auth_method: ['client_secret_basic', 'client_secret_post', 'client_secret_jwt'],
    },
    {
      ...common,
      client_id: 'pk',
      name: 'pk',
      token_endpoint_auth_method: ['private_key_jwt'],
      jwks: { keys: [jwk] },
    },
    {
      ...common,
      client_id: 'public',
      name: 'public',
      confidential: false,
      token_endpoint_auth_method: ['none'],
    },
  ];
}
