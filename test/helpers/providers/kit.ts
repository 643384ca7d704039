/** What servers of well-known providers are built of, for the snippets of docs/providers.md. */

import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { exportJWK, type JWTPayload, jwtVerify, SignJWT } from 'jose';
import { expect } from 'vitest';

/** A request as it arrived. */
export interface Asked {
  readonly method: string;
  readonly headers: IncomingHttpHeaders;
  readonly query: Record<string, string>;
  readonly form: Record<string, string>;
}
/** What a server answers; without `status` a 200. */
export type Answer = { status?: number; headers?: Record<string, string>; json?: unknown };
/** Answers of one provider, by host and path. Whatever is not there is a 404. */
export type Provider = Record<string, (asked: Asked) => Answer | Promise<Answer>>;

/** Providers by snippet. */
export type Providers = Record<string, { readonly api: string; readonly at: Provider }>;

export const SECRET = 'docs-client-secret';
export const THUMBPRINT = 'lSWHKTV2vFj6ThIDZ9yqHR0lJ4OWiA-NWp9Nfo7VmXk';
const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
export const appleKey = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const jwks = { keys: [{ ...(await exportJWK(publicKey)), kid: 'k1', alg: 'RS256', use: 'sig' }] };

const passphrase = 'ghi789';
const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
/** What the snippets read; the keys in the forms in which the providers give them. */
export const environment = {
  CLIENT_SECRET: SECRET,
  PRIVATE_KEY: pem,
  CERTIFICATE_THUMBPRINT: THUMBPRINT,
  USER_TOKEN: 'token-of-ada',
  REFRESH_TOKEN: 'refresh-1',
  API_KEY: 'api-key-1',
  GITHUB_APP_KEY: privateKey.export({ type: 'pkcs1', format: 'pem' }).toString(),
  BOX_KEY: privateKey.export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase }).toString(),
  BOX_KEY_PASSPHRASE: passphrase,
  APPLE_KEY: appleKey.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  GOOGLE_KEY_FILE: JSON.stringify({
    client_email: 'robot@acme.iam.gserviceaccount.com',
    private_key: pem,
    private_key_id: 'g1',
    token_uri: 'https://oauth2.googleapis.com/token',
  }),
};

/** A protected resource that wants this credential. */
export function wants(credential: string, json: unknown = {}) {
  return ({ headers }: Asked): Answer => {
    expect(headers.authorization).toBe(credential);
    return { json };
  };
}

/** The same, but what it is sent first it refuses, as after the end of a session. */
export function wantsNext(refused: string, credential: string, json: unknown) {
  let asked = 0;
  return (request: Asked): Answer => {
    asked += 1;
    return asked === 1 ? { ...wants(refused, json)(request), status: 401 } : wants(credential)(request);
  };
}

/** The same token response with a token of its own each time: `at-1`, `at-2`. */
export function numbered(json: object): () => object {
  let issued = 0;
  return () => {
    issued += 1;
    return { ...json, access_token: `at-${issued}` };
  };
}

/** A token endpoint that wants these parameters, and the client in the header, unless they hold it. */
export function issues(form: Record<string, unknown>, json: object | (() => object) = bearer, client?: string) {
  return (asked: Asked): Answer => {
    expect(asked.method).toBe('POST');
    expect(asked.headers.accept).toBe('application/json');
    expect(asked.form).toEqual(form);
    expect(asked.headers.authorization).toBe(client && `Basic ${btoa(`${client}:${SECRET}`)}`);
    return { json: typeof json === 'function' ? json() : json };
  };
}

export function configuration(issuer: string, tokenEndpoint: string, more: object = {}) {
  return () => ({ json: { issuer, token_endpoint: `https://${tokenEndpoint}`, ...more } });
}

/** What an assertion says, if the client's key has signed it. */
export async function asserted(
  jwt = '',
  alg = 'RS256',
  key: KeyObject = publicKey,
): Promise<{ header: unknown; claims: JWTPayload }> {
  const { protectedHeader: header, payload: claims } = await jwtVerify(jwt, key, { algorithms: [alg] });
  return { header, claims };
}

export const bearer = { access_token: 'at', token_type: 'Bearer', expires_in: 3600 };

/** How a provider answers who signs in. `wanted`: more of the authorization request. Without `issuer` there is no ID token. */
interface SignedIn {
  readonly issuer?: string;
  readonly iss?: string;
  readonly wanted?: object;
  readonly json?: object;
  readonly claims?: JWTPayload;
}

/** Where people sign in: at `place/authorize`, with the tokens at `place/token`. */
export function signIn(
  places: { configuration?: string; authorize: string; token: string; keys?: string },
  client: { id: string; basic?: boolean; post?: boolean },
  { issuer, iss = issuer, wanted = {}, json = bearer, claims = {} }: SignedIn,
): Provider {
  let asked: Record<string, string> = {};
  const { id } = client;
  return {
    ...(places.configuration && {
      [places.configuration]: configuration(`${issuer}`, places.token, {
        authorization_endpoint: `https://${places.authorize}`,
        jwks_uri: `https://${places.keys}`,
        id_token_signing_alg_values_supported: ['RS256'],
      }),
    }),
    ...(places.keys && { [places.keys]: () => ({ json: jwks }) }),
    [places.authorize]: ({ query }) => {
      asked = query;
      expect(query).toMatchObject({ response_type: 'code', client_id: id, code_challenge_method: 'S256', ...wanted });
      return {
        status: 302,
        headers: { location: `${query.redirect_uri}?${new URLSearchParams({ code: 'c', state: query.state ?? '' })}` },
      };
    },
    [places.token]: async ({ form, headers }) => {
      expect(headers.authorization).toBe(client.basic ? `Basic ${btoa(`${id}:${SECRET}`)}` : undefined);
      expect(form).toEqual({
        grant_type: 'authorization_code',
        code: 'c',
        redirect_uri: asked.redirect_uri,
        code_verifier: expect.any(String),
        ...(!client.basic && { client_id: id }),
        ...(client.post && { client_secret: SECRET }),
      });
      if (iss === undefined) return { json };
      const all = { iss, aud: id, sub: 'ada', nonce: asked.nonce, ...claims };
      const token = new SignJWT(all).setProtectedHeader({ alg: 'RS256', kid: 'k1' });
      return {
        json: { ...json, id_token: await token.setIssuedAt().setExpirationTime('1h').sign(privateKey) },
      };
    },
  };
}
