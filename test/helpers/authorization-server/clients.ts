import type { JWK } from 'jose';
import type { ClientMetadata } from 'oidc-provider';
import { publicPart } from './keys.ts';

export const TOKEN_EXCHANGE = 'urn:ietf:params:oauth:grant-type:token-exchange';
export const JWT_BEARER = 'urn:ietf:params:oauth:grant-type:jwt-bearer';
export const DEVICE_CODE = 'urn:ietf:params:oauth:grant-type:device_code';

/** Secrets of the built-in clients. `basic` has one that only survives RFC 6749 §2.3.1's form encoding. */
export const clientSecrets = {
  basic: 's3cr:et /+%&=',
  post: 'post-secret',
  csjwt: 'x'.repeat(48),
  dpop: 'dpop-secret',
  web: 'web-secret',
  par: 'par-secret',
} as const;

const machine = {
  redirect_uris: [],
  response_types: [],
  grant_types: ['client_credentials', 'password', 'refresh_token', TOKEN_EXCHANGE, JWT_BEARER],
} satisfies Partial<ClientMetadata>;

/** A client for people, as command lines are: public, and with any port of loopback. */
export function nativeClient(id: string, ...moreGrants: readonly string[]): ClientMetadata {
  return {
    client_id: id,
    token_endpoint_auth_method: 'none',
    application_type: 'native',
    redirect_uris: ['http://127.0.0.1/callback'],
    grant_types: ['authorization_code', 'refresh_token', ...moreGrants],
  };
}

/** One client per way to authenticate and per flow; its id says which. */
export function builtInClients(issuer: string, clientKey: JWK): ClientMetadata[] {
  const { basic, post, csjwt, dpop, web, par } = clientSecrets;
  const browser = {
    redirect_uris: [`${issuer}/cb`, 'http://127.0.0.1/cb'],
    grant_types: ['authorization_code', 'refresh_token'],
  };
  return [
    { client_id: 'basic', client_secret: basic, token_endpoint_auth_method: 'client_secret_basic', ...machine },
    { client_id: 'post', client_secret: post, token_endpoint_auth_method: 'client_secret_post', ...machine },
    { client_id: 'csjwt', client_secret: csjwt, token_endpoint_auth_method: 'client_secret_jwt', ...machine },
    {
      client_id: 'pkjwt',
      token_endpoint_auth_method: 'private_key_jwt',
      jwks: { keys: [publicPart(clientKey)] },
      ...machine,
    },
    { client_id: 'dpop', client_secret: dpop, dpop_bound_access_tokens: true, ...machine },
    { client_id: 'web', client_secret: web, ...browser },
    // A native client: any loopback port is accepted.
    { client_id: 'spa', token_endpoint_auth_method: 'none', application_type: 'native', ...browser },
    { client_id: 'par', client_secret: par, require_pushed_authorization_requests: true, ...browser },
    {
      client_id: 'device',
      token_endpoint_auth_method: 'none',
      redirect_uris: [],
      response_types: [],
      grant_types: [DEVICE_CODE, 'refresh_token'],
    },
  ];
}
