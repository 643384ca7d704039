import { inspect } from 'node:util';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { ConfigurationError, CredentialError } from '../../../src/errors.ts';
import { credentialFilter } from '../../../src/logging/credential-filter.ts';
import type { EndpointOptions } from '../../../src/oauth/authorization-server.ts';
import { clientCredentials } from '../../../src/oauth/grants/client-credentials.ts';
import { type TokenRequestOptions, tokenEndpoint } from '../../../src/oauth/token-endpoint.ts';
import { secret } from '../../../src/secret.ts';
import { type Endpoint, startEndpoint } from '../../helpers/endpoint.ts';

type TokenEndpointOptions = TokenRequestOptions & EndpointOptions;

const SECRET = 's3cr:et /+%&=';
const signal = new AbortController().signal;
let server: Endpoint;

beforeAll(async () => {
  server = await startEndpoint();
});
afterAll(() => server[Symbol.asyncDispose]());
beforeEach(() => {
  server.received.length = 0;
  server.answer({ json: { access_token: 't' } });
});

async function send(options: Partial<TokenEndpointOptions>, grant = {}) {
  const endpoint = tokenEndpoint('test', { tokenEndpoint: server.url, clientId: 'my-id', ...options });
  const token = await endpoint.request({ grantType: 'client_credentials', signal, ...grant });
  return { token, request: server.received.at(-1) as Endpoint['received'][number] };
}

describe('a token request', () => {
  it('is a POST with a form, that asks for JSON', async () => {
    const { request, token } = await send({ clientSecret: SECRET });
    expect(request).toMatchObject({ method: 'POST', path: '/token', form: { grant_type: 'client_credentials' } });
    expect(request.headers).toMatchObject({
      'content-type': expect.stringMatching(/^application\/x-www-form-urlencoded/),
      accept: 'application/json',
    });
    expect(token).toEqual({ accessToken: 't', tokenType: 'Bearer' });
  });

  it('keeps the query of the endpoint (RFC 6749 §3.2)', async () => {
    const { request } = await send({ tokenEndpoint: `${server.url}?tenant=a%20b` });
    expect(request.path).toBe('/token?tenant=a%20b');
  });

  it('carries scope, audience, resources and further parameters', async () => {
    const options = { audience: 'api', resource: ['https://a.example', 'https://b.example'], parameters: { x: 'ü &' } };
    const { request } = await send(options, { scope: ['a', 'b'], demand: { claims: '{"c":1}' } });
    expect([...new URLSearchParams(request.body)].sort()).toEqual([
      ['audience', 'api'],
      ['claims', '{"c":1}'],
      ['client_id', 'my-id'],
      ['grant_type', 'client_credentials'],
      ['resource', 'https://a.example'],
      ['resource', 'https://b.example'],
      ['scope', 'a b'],
      ['x', 'ü &'],
    ]);
  });

  it('leaves an empty scope out', async () => {
    expect((await send({}, { scope: [] })).request.form).not.toHaveProperty('scope');
  });

  it('that asked for a scope got it, if the answer does not say otherwise (RFC 6749 §5.1)', async () => {
    expect((await send({}, { scope: ['a', 'b'] })).token.scope).toEqual(['a', 'b']);
    server.answer({ json: { access_token: 't', scope: 'a' } });
    expect((await send({}, { scope: ['a', 'b'] })).token.scope).toEqual(['a']);
  });

  it('uses the fetch that it was given, with the signal', async () => {
    const own = vi.fn<typeof fetch>((input, init) => fetch(input, init));
    await send({ fetch: own });
    expect(own.mock.calls).toEqual([[server.url, expect.objectContaining({ redirect: 'manual', signal })]]);
    expect(own.mock.calls[0]?.[1]?.signal).toBe(signal);
  });

  it('never follows a redirect', async () => {
    server.answer({ status: 307, headers: { location: '/other' } });
    await expect(send({ clientSecret: SECRET })).rejects.toMatchObject({ kind: 'http-status', status: 307 });
    expect(server.received).toHaveLength(1);
  });
});

describe('client authentication', () => {
  const basic = (text: string) => `Basic ${btoa(text)}`;

  it.each<[string, Partial<TokenEndpointOptions>, string]>([
    ['by default', {}, 'my-id:s3cr%3Aet+%2F%2B%25%26%3D'],
    ['form', { basicEncoding: 'form' }, 'my-id:s3cr%3Aet+%2F%2B%25%26%3D'],
    ['form, with a client id that needs it', { clientId: 'a:b c' }, 'a%3Ab+c:s3cr%3Aet+%2F%2B%25%26%3D'],
    ['secret-only', { basicEncoding: 'secret-only', clientId: 'a b' }, 'a b:s3cr%3Aet+%2F%2B%25%26%3D'],
    ['raw', { basicEncoding: 'raw' }, 'my-id:s3cr:et /+%&='],
  ])('client_secret_basic, encoded %s', async (_name, options, text) => {
    const { request } = await send({ clientSecret: secret(SECRET), ...options });
    expect(request.headers.authorization).toBe(basic(text));
    expect(request.form).not.toHaveProperty('client_id');
    expect(request.form).not.toHaveProperty('client_secret');
  });

  it('client_secret_post puts both into the body and nothing into a header', async () => {
    const { request } = await send({ clientSecret: SECRET, clientAuthentication: 'client_secret_post' });
    expect(request.form).toMatchObject({ client_id: 'my-id', client_secret: SECRET });
    expect(request.headers).not.toHaveProperty('authorization');
  });

  it.each([{}, { clientAuthentication: 'none' as const }])('none sends the client id alone: %o', async (options) => {
    const { request } = await send(options);
    expect(request.form).toMatchObject({ client_id: 'my-id' });
    expect(request.form).not.toHaveProperty('client_secret');
    expect(request.headers).not.toHaveProperty('authorization');
  });

  it('asks a function for the secret every time', async () => {
    const secrets = ['first-secret', 'second-secret'];
    const options = {
      clientSecret: async () => secret(secrets.shift() ?? ''),
      clientAuthentication: 'client_secret_post',
    };
    const endpoint = tokenEndpoint('test', {
      tokenEndpoint: server.url,
      clientId: 'id',
      ...options,
    } as TokenEndpointOptions);
    await endpoint.request({ grantType: 'x', signal });
    await endpoint.request({ grantType: 'x', signal });
    expect(server.received.map(({ form }) => form.client_secret)).toEqual(['first-secret', 'second-secret']);
    expect(credentialFilter.mask('first-secret second-secret')).toBe('***** *****');
  });

  it('masks what the server says about the secret', async () => {
    server.answer({ status: 401, json: { error: 'invalid_client', error_description: `not ${SECRET}` } });
    const error = await send({ clientSecret: SECRET }).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ error: 'invalid_client', errorDescription: 'not *****' });
    expect(inspect(error, { depth: 9 })).not.toContain('s3cr');
  });
});

describe('a token endpoint refuses before any I/O', () => {
  it.each<[Partial<TokenEndpointOptions>, string]>([
    [{ tokenEndpoint: 'http://as.example/token' }, 'tokenEndpoint'],
    [{ tokenEndpoint: 'token' }, 'tokenEndpoint'],
    [{ clientId: '' }, 'clientId'],
    [{ clientAuthentication: 'client_secret_basic' }, 'clientSecret'],
    [{ clientAuthentication: 'none', clientSecret: 'x' }, 'clientSecret'],
    [{ clientAuthentication: 'private_key' as 'none' }, 'clientAuthentication'],
    [{ parameters: { grant_type: 'x' } }, 'parameters'],
    [{ parameters: { client_secret: 'x' } }, 'parameters'],
    [{ tokenKey: 'a.__proto__' }, 'tokenKey'],
  ])('%o, naming the option', (options, option) => {
    const make = () => tokenEndpoint('test', { tokenEndpoint: server.url, clientId: 'id', ...options });
    expect(make).toThrow(ConfigurationError);
    expect(make).toThrow(expect.objectContaining({ option }));
  });

  it.each<[Partial<TokenEndpointOptions>, string]>([
    [{ basicEncoding: 'rot13' as 'raw' }, 'basicEncoding'],
    [{ ttlMs: 0 }, 'ttlMs'],
    [{ ttlMs: Number.NaN }, 'ttlMs'],
    [{ expiry: 'never' as 'static', ttlMs: 1 }, 'expiry'],
  ])('%o, where a grant is made', (options, option) => {
    const make = () => clientCredentials({ tokenEndpoint: server.url, clientId: 'id', clientSecret: 'x', ...options });
    expect(make).toThrow(ConfigurationError);
    expect(make).toThrow(expect.objectContaining({ option }));
  });

  it.each(['', 'hunter2\n', 'hunter2\r', 'hunter2\0'])(
    'the client secret %j, without printing it',
    async (clientSecret) => {
      const make = (option: TokenEndpointOptions['clientSecret']) =>
        tokenEndpoint('test', { tokenEndpoint: server.url, clientId: 'id', clientSecret: option as string });
      expect(() => make(clientSecret)).toThrow(CredentialError);
      expect(() => make(clientSecret)).not.toThrow(/hunter2/);
      const asked = make(() => clientSecret).request({ grantType: 'x', signal });
      await expect(asked).rejects.toThrow(CredentialError);
      expect(server.received).toEqual([]);
    },
  );
});
