import { exportJWK, generateKeyPair, jwtVerify } from 'jose';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ConfigurationError } from '../../../src/errors.ts';
import { credentialFilter } from '../../../src/logging/credential-filter.ts';
import { clientAssertion, clientSecretJwt, privateKeyJwt } from '../../../src/oauth/client-assertion.ts';
import { tokenEndpoint } from '../../../src/oauth/token-endpoint.ts';
import { type Endpoint, startEndpoint } from '../../helpers/endpoint.ts';

const signal = new AbortController().signal;
const PROOFS = ['client_id', 'client_secret', 'client_assertion', 'client_assertion_type', 'authorization'];
const ASSERTION_TYPE = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';
const { privateKey, publicKey } = await generateKeyPair('ES256', { extractable: true });
const key = { ...(await exportJWK(privateKey)), kid: 'key-1' };
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
    ['tls_client_auth', {}, ['client_id']],
    ['self_signed_tls_client_auth', {}, ['client_id']],
  ])('with %s', async (clientAuthentication, options, proof) => {
    const { form, headers } = await send({ ...options, clientAuthentication });
    expect(PROOFS.filter((name) => name in form || name in headers)).toEqual(proof);
  });

  it.each([
    ['client_secret_jwt', { clientSecret, clientAuthentication: clientSecretJwt() }],
    ['private_key_jwt', { clientAuthentication: privateKeyJwt({ key }) }],
    ['an assertion from elsewhere', { clientAuthentication: clientAssertion(() => 'a.b.c\n') }],
  ])('with %s, handed in', async (_method, options) => {
    const { form, headers } = await send(options);
    const proof = ['client_id', 'client_assertion', 'client_assertion_type'];
    expect(PROOFS.filter((name) => name in form || name in headers)).toEqual(proof);
  });
});

describe('the metadata of the issuer (RFC 8414 §2) says which proof is sent', () => {
  const supported = 'token_endpoint_auth_methods_supported';
  it.each<[name: string, metadata: object, options: object, proof: string[]]>([
    ['nothing', {}, {}, ['authorization']],
    ['post only', { [supported]: ['client_secret_post'] }, {}, ['client_id', 'client_secret']],
    ['both', { [supported]: ['client_secret_post', 'client_secret_basic'] }, {}, ['authorization']],
    ['neither', { [supported]: ['private_key_jwt'] }, {}, ['authorization']],
    ['rubbish', { [supported]: 'client_secret_post' }, {}, ['authorization']],
    [
      'post only, where the options say otherwise',
      { [supported]: ['client_secret_post'] },
      { clientAuthentication: 'client_secret_basic' },
      ['authorization'],
    ],
    [
      'post only, where the options say how basic is encoded',
      { [supported]: ['client_secret_post'] },
      { basicEncoding: 'raw' },
      ['authorization'],
    ],
  ])('%s', async (_name, metadata, options, proof) => {
    const issuer = new URL(server.url).origin;
    server.answer({ json: { issuer, token_endpoint: server.url, ...metadata } }, { json: { access_token: 't' } });
    const endpoint = tokenEndpoint('test', { issuer, clientId: 'my-id', clientSecret, ...options });
    await endpoint.request({ grantType: 'client_credentials', signal });
    const { form, headers } = server.received.at(-1) as Endpoint['received'][number];
    expect(PROOFS.filter((name) => name in form || name in headers)).toEqual(proof);
  });
});

describe('an assertion (RFC 7523 §3)', () => {
  const claimsOf = async (own: object = {}, options: object = {}) => {
    const { form } = await send({ clientAuthentication: privateKeyJwt({ key, ...own }), ...options });
    expect(form.client_assertion_type).toBe(ASSERTION_TYPE);
    return (await jwtVerify(form.client_assertion ?? '', publicKey)) as {
      payload: Record<string, number>;
      protectedHeader: object;
    };
  };

  it('is signed with the key, speaks for the client, and lives for a minute', async () => {
    const { payload, protectedHeader } = await claimsOf();
    expect(protectedHeader).toMatchObject({ alg: 'ES256', kid: 'key-1' });
    expect(payload).toMatchObject({ iss: 'my-id', sub: 'my-id', aud: server.url });
    expect((payload.exp ?? 0) - (payload.iat ?? 0)).toBeLessThanOrEqual(60);
  });

  it('is a new one each time', async () => {
    const [first, second] = [await claimsOf(), await claimsOf()];
    expect(first.payload.jti).not.toBe(second.payload.jti);
  });

  it('is for the issuer, where one is given', async () => {
    const issuer = new URL(server.url).origin;
    server.answer({ json: { issuer, token_endpoint: server.url } }, { json: { access_token: 't' } });
    expect((await claimsOf({}, { issuer, tokenEndpoint: undefined })).payload.aud).toBe(issuer);
  });

  it('is for whom the user says', async () => {
    const { payload } = await claimsOf({ audience: 'https://else.example' });
    expect(payload.aud).toBe('https://else.example');
  });

  it('of a shared secret is an HMAC with it', async () => {
    const { form } = await send({ clientSecret, clientAuthentication: clientSecretJwt() });
    const verified = await jwtVerify(form.client_assertion ?? '', new TextEncoder().encode(clientSecret));
    expect(verified.protectedHeader.alg).toBe('HS256');
    expect(server.received.at(-1)?.body).not.toContain(clientSecret);
  });

  it('is of the algorithm that was asked for, by the name that was asked for', async () => {
    const pair = await generateKeyPair('Ed25519', { extractable: true });
    const { form } = await send({
      clientAuthentication: privateKeyJwt({ key: await exportJWK(pair.privateKey), algorithm: 'EdDSA' }),
    });
    const verified = await jwtVerify(form.client_assertion ?? '', pair.publicKey);
    expect(verified.protectedHeader.alg).toBe('EdDSA');
  });

  it('has the header parameters that the server wants, and lives as long', async () => {
    const header = { x5t: 'dGh1bWI', 'x5t#S256': 'dGh1bWIy', typ: 'client-authentication+jwt' };
    const { payload, protectedHeader } = await claimsOf({ header, lifetimeMs: 600_000, backdateMs: 60_000 });
    expect(protectedHeader).toEqual({ ...header, alg: 'ES256', kid: 'key-1' });
    expect((payload.exp ?? 0) - (payload.iat ?? 0)).toBe(660);
  });

  it("counts its time by the grant's clock", async () => {
    const now = Date.now() + 30_000;
    expect((await claimsOf({}, { now: () => now })).payload.iat).toBe(Math.floor(now / 1000));
  });

  it('comes from a function, which is asked for each request', async () => {
    const asked: object[] = [];
    const clientAuthentication = clientAssertion(async (request) => {
      asked.push(request);
      return `assertion-${asked.length}`;
    });
    const sent = [await send({ clientAuthentication }), await send({ clientAuthentication })];
    expect(sent.map(({ form }) => form.client_assertion)).toEqual(['assertion-1', 'assertion-2']);
    expect(asked[0]).toEqual({ clientId: 'my-id', audience: server.url });
  });

  it.each([
    ['fails', () => Promise.reject(new Error('secret detail'))],
    ['is empty', () => ''],
    ['is no text', () => ({ token: 'x' }) as never],
  ])('from a function that %s is an error, and nothing is sent', async (_what, assertion) => {
    const sent = send({ clientAuthentication: clientAssertion(assertion) });
    await expect(sent).rejects.toMatchObject({
      name: 'CredentialError',
      message: expect.not.stringContaining('detail'),
    });
    expect(server.received).toEqual([]);
  });

  it('is masked, as is the key', async () => {
    const { form } = await send({ clientAuthentication: privateKeyJwt({ key }) });
    expect(credentialFilter.mask(`${form.client_assertion} ${key.d}`)).toBe('***** *****');
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
  [{ clientSecret, clientAuthentication: privateKeyJwt({ key }) }, 'clientSecret'],
  [{ clientSecret, clientAuthentication: 'none' }, 'clientSecret'],
  [{ clientSecret, clientAuthentication: 'tls_client_auth' }, 'clientSecret'],
  [{ clientAuthentication: clientSecretJwt() }, 'clientSecret'],
  [{ clientAuthentication: 'client_secret_post' }, 'clientSecret'],
  [{ clientAuthentication: 'private_key_jwt' }, 'clientAuthentication'],
  [{ clientAuthentication: 'toString' }, 'clientAuthentication'],
])('two proofs, or none where one is needed, are refused before any I/O: %j', async (options, option) => {
  await expect(send(options)).rejects.toThrow(ConfigurationError);
  await expect(send(options)).rejects.toMatchObject({ option });
  expect(server.received).toEqual([]);
});

it.each([
  ['privateKeyJwt', () => privateKeyJwt({ key, keyid: 'k' } as never), 'keyid'],
  ['privateKeyJwt', () => privateKeyJwt({ key, header: { alg: 'none' } }), 'header'],
  ['privateKeyJwt', () => privateKeyJwt({ key, lifetimeMs: 60 }), 'lifetimeMs'],
  ['clientSecretJwt', () => clientSecretJwt({ clientSecret } as never), 'clientSecret'],
])('%s reads its options before any I/O', (_name, make, option) => {
  expect(make).toThrow(expect.objectContaining({ name: 'ConfigurationError', option }));
});

it('parameters of the user cannot bring a second proof', async () => {
  for (const name of ['client_id', 'client_secret', 'client_assertion', 'client_assertion_type']) {
    await expect(send({ clientSecret, parameters: { [name]: 'x' } })).rejects.toMatchObject({ option: 'parameters' });
  }
});
