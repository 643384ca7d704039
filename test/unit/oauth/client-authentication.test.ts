import { exportJWK, generateKeyPair, jwtVerify } from 'jose';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ConfigurationError } from '../../../src/errors.ts';
import { credentialFilter } from '../../../src/logging/credential-filter.ts';
import { tokenEndpoint } from '../../../src/oauth/token-endpoint.ts';
import { type Endpoint, startEndpoint } from '../../helpers/endpoint.ts';

const signal = new AbortController().signal;
const PROOFS = ['client_id', 'client_secret', 'client_assertion', 'client_assertion_type', 'authorization'];
const ASSERTION_TYPE = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';
const { privateKey, publicKey } = await generateKeyPair('ES256', { extractable: true });
const clientKey = { ...(await exportJWK(privateKey)), kid: 'key-1' };
const clientSecret = 'client-secret-of-at-least-32-bytes';

let server: Endpoint;
beforeAll(async () => {
  server = await startEndpoint();
});
afterAll(() => server[Symbol.asyncDispose]());
beforeEach(() => {
  server.received.length = 0;
  server.answer({ json: { access_token: 't' } });
});

async function send(options: object) {
  const endpoint = tokenEndpoint('test', { tokenEndpoint: server.url, clientId: 'my-id', ...options });
  await endpoint.request({ grantType: 'client_credentials', signal });
  return server.received.at(-1) as Endpoint['received'][number];
}

describe('exactly one proof is sent', () => {
  it.each([
    ['none', {}, ['client_id']],
    ['client_secret_basic', { clientSecret }, ['authorization']],
    ['client_secret_post', { clientSecret }, ['client_id', 'client_secret']],
    ['client_secret_jwt', { clientSecret }, ['client_id', 'client_assertion', 'client_assertion_type']],
    ['private_key_jwt', { clientKey }, ['client_id', 'client_assertion', 'client_assertion_type']],
    ['tls_client_auth', {}, ['client_id']],
    ['self_signed_tls_client_auth', {}, ['client_id']],
  ])('with %s', async (clientAuthentication, options, proof) => {
    const { form, headers } = await send({ ...options, clientAuthentication });
    expect(PROOFS.filter((name) => name in form || name in headers)).toEqual(proof);
  });
});

describe('an assertion (RFC 7523 §3)', () => {
  const claimsOf = async (options: object) => {
    const { form } = await send(options);
    expect(form.client_assertion_type).toBe(ASSERTION_TYPE);
    return (await jwtVerify(form.client_assertion ?? '', publicKey)) as {
      payload: Record<string, number>;
      protectedHeader: object;
    };
  };

  it('is signed with the key, speaks for the client, and lives for a minute', async () => {
    const { payload, protectedHeader } = await claimsOf({ clientKey });
    expect(protectedHeader).toMatchObject({ alg: 'ES256', kid: 'key-1' });
    expect(payload).toMatchObject({ iss: 'my-id', sub: 'my-id', aud: server.url });
    expect((payload.exp ?? 0) - (payload.iat ?? 0)).toBeLessThanOrEqual(60);
  });

  it('is a new one each time', async () => {
    const [first, second] = [await claimsOf({ clientKey }), await claimsOf({ clientKey })];
    expect(first.payload.jti).not.toBe(second.payload.jti);
  });

  it('is for the issuer, where one is given', async () => {
    const issuer = new URL(server.url).origin;
    server.answer({ json: { issuer, token_endpoint: server.url } }, { json: { access_token: 't' } });
    expect((await claimsOf({ clientKey, issuer, tokenEndpoint: undefined })).payload.aud).toBe(issuer);
  });

  it('is for whom the user says', async () => {
    const { payload } = await claimsOf({ clientKey, assertionAudience: 'https://else.example' });
    expect(payload.aud).toBe('https://else.example');
  });

  it('of a shared secret is an HMAC with it', async () => {
    const { form } = await send({ clientSecret, clientAuthentication: 'client_secret_jwt' });
    const verified = await jwtVerify(form.client_assertion ?? '', new TextEncoder().encode(clientSecret));
    expect(verified.protectedHeader.alg).toBe('HS256');
    expect(server.received.at(-1)?.body).not.toContain(clientSecret);
  });

  it('is masked, as is the key', async () => {
    const { form } = await send({ clientKey });
    expect(credentialFilter.mask(`${form.client_assertion} ${clientKey.d}`)).toBe('***** *****');
  });
});

it('a client with a certificate goes to the aliases for it', async () => {
  const issuer = new URL(server.url).origin;
  const mtls_endpoint_aliases = { token_endpoint: `${issuer}/mtls` };
  const found = { json: { issuer, token_endpoint: `${issuer}/plain`, mtls_endpoint_aliases } };
  const issued = { json: { access_token: 't' } };
  server.answer(found, issued);
  const options = { issuer, tokenEndpoint: undefined };
  expect((await send({ ...options, clientAuthentication: 'tls_client_auth' })).path).toBe('/mtls');
  server.answer(found, issued);
  expect((await send(options)).path).toBe('/plain');
});

it.each([
  [{ clientSecret, clientKey }, 'clientKey'],
  [{ clientSecret, clientAuthentication: 'private_key_jwt' }, 'clientSecret'],
  [{ clientAuthentication: 'private_key_jwt' }, 'clientKey'],
  [{ clientKey, clientAuthentication: 'none' }, 'clientKey'],
  [{ clientSecret, clientAuthentication: 'tls_client_auth' }, 'clientSecret'],
  [{ clientAuthentication: 'client_secret_jwt' }, 'clientSecret'],
  [{ clientAuthentication: 'toString' }, 'clientAuthentication'],
])('two proofs, or none where one is needed, are refused before any I/O: %j', async (options, option) => {
  await expect(send(options)).rejects.toThrow(ConfigurationError);
  await expect(send(options)).rejects.toMatchObject({ option });
  expect(server.received).toEqual([]);
});

it('parameters of the user cannot bring a second proof', async () => {
  for (const name of ['client_id', 'client_secret', 'client_assertion', 'client_assertion_type']) {
    await expect(send({ clientSecret, parameters: { [name]: 'x' } })).rejects.toMatchObject({ option: 'parameters' });
  }
});
