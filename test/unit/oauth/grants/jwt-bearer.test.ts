import { exportJWK, exportPKCS8, generateKeyPair, jwtVerify } from 'jose';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ConfigurationError } from '../../../../src/errors.ts';
import { credentialFilter } from '../../../../src/logging/credential-filter.ts';
import { jwtBearer } from '../../../../src/oauth/grants/jwt-bearer.ts';
import { type Endpoint, startEndpoint } from '../../../helpers/endpoint.ts';

const signal = new AbortController().signal;
const { privateKey, publicKey } = await generateKeyPair('RS256', { extractable: true });
const pem = await exportPKCS8(privateKey);
const account = { client_email: 'robot@p.example', private_key: pem, private_key_id: 'k1' };
const own = { assertionIssuer: 'robot', key: pem };
let server: Endpoint;

beforeAll(async () => {
  server = await startEndpoint();
});
afterAll(() => server[Symbol.asyncDispose]());
beforeEach(() => {
  server.received.length = 0;
  server.answer({ json: { access_token: 't' } });
});

async function ask(options: object) {
  const token = await jwtBearer({ tokenEndpoint: server.url, ...options } as never).requestToken({ signal });
  const { form, headers } = server.received.at(-1) as Endpoint['received'][number];
  const { payload, protectedHeader } = await jwtVerify(form.assertion ?? '', publicKey);
  return { token, form, headers, payload, protectedHeader };
}

describe('an assertion (RFC 7523 §3)', () => {
  it('says who signs, for whom, to whom, and lives for a minute', async () => {
    const now = () => Date.now() + 5000;
    const { form, payload, protectedHeader } = await ask({ ...own, subject: 'ada', keyId: 'k', now });
    expect(form).toMatchObject({ grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer' });
    expect(payload).toMatchObject({ iss: 'robot', sub: 'ada', aud: server.url });
    expect((payload.exp ?? 0) - (payload.iat ?? 0)).toBe(60);
    expect(protectedHeader).toEqual({ alg: 'RS256', typ: 'JWT', kid: 'k' });
  });

  it('is a new one each time', async () => {
    const [first, second] = [await ask(own), await ask(own)];
    expect(first.payload.jti).toMatch(/^[\w-]{22}$/);
    expect(first.payload.jti).not.toBe(second.payload.jti);
  });

  it('is for whoever signs, unless somebody else is named', async () => {
    expect((await ask(own)).payload.sub).toBe('robot');
  });

  it('may claim more, but nothing else in the place of its own claims', async () => {
    const { payload } = await ask({ ...own, claims: { tenant: 'x', iss: 'evil', exp: 2e9 } });
    expect(payload).toMatchObject({ tenant: 'x', iss: 'robot' });
    expect(payload.exp).toBeLessThan(2e9);
  });

  it('is for the issuer, or for whom the user says', async () => {
    expect((await ask({ ...own, assertionAudience: 'https://else.example' })).payload.aud).toBe('https://else.example');
    const issuer = new URL(server.url).origin;
    server.answer({ json: { issuer, token_endpoint: server.url } }, { json: { access_token: 't' } });
    expect((await ask({ ...own, issuer, tokenEndpoint: undefined })).payload.aud).toBe(issuer);
  });

  it('is masked, as is the key', async () => {
    const { form } = await ask(own);
    expect(credentialFilter.mask(`${form.assertion}`)).toBe('*****');
    expect(credentialFilter.mask(pem)).toBe('*****');
  });
});

describe('a client beside the assertion', () => {
  it('is not sent, because the assertion speaks for itself', async () => {
    const { form, headers } = await ask(own);
    expect(form).not.toHaveProperty('client_id');
    expect(headers).not.toHaveProperty('authorization');
  });

  it('is sent and proved where the server wants one', async () => {
    const { headers } = await ask({ ...own, clientId: 'id', clientSecret: 's3' });
    expect(headers.authorization).toBe(`Basic ${btoa('id:s3')}`);
  });

  it('cannot be proved without its name', () => {
    const options = { tokenEndpoint: server.url, ...own, clientSecret: 's3' };
    expect(() => jwtBearer(options)).toThrow(expect.objectContaining({ option: 'clientId' }));
  });
});

describe('a service account', () => {
  it('is the content of its key file', async () => {
    const { payload, protectedHeader, form, token } = await ask({ serviceAccount: account, scope: 'a b' });
    expect(payload).toMatchObject({ iss: account.client_email, sub: account.client_email, scope: 'a b' });
    expect(protectedHeader.kid).toBe('k1');
    expect(form).not.toHaveProperty('scope');
    expect(token.scope).toEqual(['a', 'b']);
  });

  it('knows its token endpoint', async () => {
    await ask({ tokenEndpoint: undefined, serviceAccount: { ...account, token_uri: server.url } });
    expect(server.received).toHaveLength(1);
  });

  it.each(['client_email', 'private_key', 'token_uri'])('without %s is refused before any I/O', (field) => {
    const serviceAccount = { ...account, token_uri: server.url, [field]: undefined };
    expect(() => jwtBearer({ serviceAccount } as never)).toThrow(ConfigurationError);
    expect(() => jwtBearer({ serviceAccount } as never)).toThrow(field);
  });
});

it('whoever signs and with what must be said once', async () => {
  const make = (options: object) => () => jwtBearer({ tokenEndpoint: server.url, ...options } as never);
  expect(make({ key: pem })).toThrow(expect.objectContaining({ option: 'assertionIssuer' }));
  expect(make({ assertionIssuer: 'x' })).toThrow(expect.objectContaining({ option: 'key' }));
  expect(make({ serviceAccount: account, key: pem })).toThrow(expect.objectContaining({ option: 'key' }));
});

it('a JWK or a CryptoKey will do as well', async () => {
  await ask({ ...own, key: await exportJWK(privateKey) });
  await ask({ ...own, key: privateKey });
  expect(server.received).toHaveLength(2);
});
