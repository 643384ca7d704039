import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { buildAuthenticator } from '../../../../src/builders/index.ts';
import { ConfigurationError, CredentialError } from '../../../../src/errors.ts';
import { credentialFilter } from '../../../../src/logging/credential-filter.ts';
import { clientAssertion } from '../../../../src/oauth/client-assertion.ts';
import { Dpop } from '../../../../src/oauth/dpop.ts';
import { clientCredentials } from '../../../../src/oauth/grants/client-credentials.ts';
import { type GrantOptions, grant } from '../../../../src/oauth/grants/grant.ts';
import { jwtBearer } from '../../../../src/oauth/grants/jwt-bearer.ts';
import { refreshToken } from '../../../../src/oauth/grants/refresh-token.ts';
import { tokenExchange } from '../../../../src/oauth/grants/token-exchange.ts';
import { jsonBody } from '../../../../src/oauth/json-body.ts';
import { type Answer, type Endpoint, type Received, startEndpoint } from '../../../helpers/endpoint.ts';

const signal = new AbortController().signal;
const refused = (error: string): Answer => ({ status: 400, json: { error } });
let server: Endpoint;

beforeAll(async () => {
  server = await startEndpoint();
});
afterAll(() => server[Symbol.asyncDispose]());
beforeEach(() => {
  server.received.length = 0;
  server.answer({ json: { access_token: 't' } });
});

const client = { clientId: 'id', clientSecret: 'client-secret-1' };
const last = () => server.received.at(-1) as Received;
const forms = () => server.received.map(({ form }) => form);

/** https://developers.zoom.us/docs/internal-apps/s2s-oauth/ */
const ZOOM = {
  access_token: 'zoom-token',
  token_type: 'bearer',
  expires_in: 3600,
  scope: 'user:read:admin meeting:read:admin',
  api_url: 'https://api.zoom.us',
};

describe('a grant of one’s own', () => {
  const zoom = (more: object = {}) =>
    grant({
      tokenEndpoint: server.url,
      ...client,
      grantType: 'account_credentials',
      parameters: { account_id: 'account-1' },
      ...more,
    } as GrantOptions);

  it('does what Zoom wants', async () => {
    server.answer({ json: ZOOM });
    const token = await zoom().requestToken({ signal });
    expect(token).toMatchObject({ accessToken: 'zoom-token', scope: ['user:read:admin', 'meeting:read:admin'] });
    expect(last().form).toEqual({ grant_type: 'account_credentials', account_id: 'account-1' });
    expect(last().headers.authorization).toBe(`Basic ${btoa('id:client-secret-1')}`);
  });

  it('has scope, audience and demands, and refreshes first', async () => {
    const source = zoom({ scope: 'a', audience: 'api', resource: ['r1'] });
    const demand = { scope: ['b'] };
    await source.requestToken({ signal, demand });
    expect(last().form).toMatchObject({ scope: 'a b', audience: 'api', resource: 'r1' });
    await source.requestToken({ signal, previous: { accessToken: 'a', tokenType: 'Bearer', refreshToken: 'r1' } });
    expect(last().form).toMatchObject({ grant_type: 'refresh_token', refresh_token: 'r1' });
  });

  it('asks functions for each request, and masks what they say', async () => {
    let calls = 0;
    const ask = async () => {
      calls += 1;
      return `one-time-proof-${calls}`;
    };
    const source = zoom({ parameters: { proof: ask, assertion: 'allowed' } });
    for (const wanted of ['one-time-proof-1', 'one-time-proof-2']) {
      await source.requestToken({ signal });
      expect(last().form).toMatchObject({ proof: wanted, assertion: 'allowed' });
      expect(credentialFilter.mask(`it was ${wanted}`)).not.toContain(wanted);
    }
    const whole = zoom({ parameters: async () => ({ assertion: await ask() }) });
    await whole.requestToken({ signal });
    expect(last().form.assertion).toBe('one-time-proof-3');
    expect([source.identity, whole.identity]).toEqual([undefined, undefined]);
  });

  it('asks functions once more after invalid_grant, and uses something new only', async () => {
    const answers = ['worn-out-1', 'fresh-one-2'];
    server.answer(refused('invalid_grant'), { json: { access_token: 't' } });
    await zoom({ parameters: { proof: () => answers.shift() ?? '' } }).requestToken({ signal });
    expect(forms().map(({ proof }) => proof)).toEqual(['worn-out-1', 'fresh-one-2']);

    server.received.length = 0;
    server.answer(refused('invalid_grant'));
    const same = zoom({ parameters: { proof: () => 'worn-out-1' } }).requestToken({ signal });
    await expect(same).rejects.toMatchObject({ error: 'invalid_grant' });
    expect(server.received).toHaveLength(1);
  });

  it('is bound to a key with DPoP', async () => {
    server.answer({ json: { access_token: 't', token_type: 'DPoP' } });
    expect(await zoom({ dpop: new Dpop() }).requestToken({ signal })).toMatchObject({ tokenType: 'DPoP' });
    expect(last().headers.dpop).toMatch(/^ey/);
  });

  it('has a store key that its parameters and its secret are part of', async () => {
    const of = async (more: object) => {
      const { identity } = zoom(more);
      return JSON.stringify([identity?.parameters, await identity?.proofs?.()]);
    };
    const first = await of({});
    expect(await of({})).toBe(first);
    for (const other of [
      { parameters: { account_id: 'account-2' } },
      { parameters: { other: 'account-1' } },
      { grantType: 'other' },
      { clientSecret: 'client-secret-2' },
      { headers: { 'x-tenant': 'b' } },
    ]) {
      expect(await of(other)).not.toBe(first);
    }
    expect(first.split('account-1')).toHaveLength(2);
    expect(zoom().identity?.parameters).not.toContain('account-1');
  });

  it.each<[object, string]>([
    [{ grantType: '' }, 'grantType'],
    [{ parameters: { client_secret: 'x' } }, 'parameters'],
    [{ parameters: { grant_type: 'x' } }, 'parameters'],
    [{ parameters: { a: 5 } }, 'parameters'],
  ])('checks %j', (wrong, option) => {
    expect(() => zoom(wrong)).toThrow(expect.objectContaining({ name: 'ConfigurationError', option }));
  });

  it('says which parameter has nothing to say', async () => {
    expect(() => zoom({ parameters: { proof: '' } })).toThrow(CredentialError);
    await expect(zoom({ parameters: { proof: () => '' } }).requestToken({ signal })).rejects.toThrow(
      /'proof' is empty/,
    );
    const broken = zoom({ parameters: () => Promise.reject(new Error('a-secret')) }).requestToken({ signal });
    await expect(broken).rejects.toThrow(/^the function in option 'parameters' failed\.$/);
    await expect(zoom({ parameters: () => 5 }).requestToken({ signal })).rejects.toThrow(/returned no object/);
    expect(server.received).toHaveLength(0);
  });
});

describe('headers and JSON', () => {
  it('go with token requests', async () => {
    const headers = { 'X-Api-Key': 'gateway-key-1', Accept: 'application/vnd.x+json', 'content-type': 'ignored' };
    const options = { tokenEndpoint: server.url, ...client, headers };
    await clientCredentials({ ...options, encodeBody: jsonBody, resource: ['a', 'b'], scope: 's' }).requestToken({
      signal,
    });
    expect(JSON.parse(last().body)).toEqual({ grant_type: 'client_credentials', resource: ['a', 'b'], scope: 's' });
    expect(last().headers).toMatchObject({
      'x-api-key': 'gateway-key-1',
      accept: 'application/vnd.x+json',
      'content-type': 'application/json',
      authorization: `Basic ${btoa('id:client-secret-1')}`,
    });
    expect(credentialFilter.mask('key gateway-key-1')).not.toContain('gateway-key-1');
  });

  it('carry the client in the JSON where it is in the body', async () => {
    const options = { tokenEndpoint: server.url, ...client, clientAuthentication: 'client_secret_post' } as const;
    await clientCredentials({ ...options, encodeBody: jsonBody }).requestToken({ signal });
    expect(JSON.parse(last().body)).toMatchObject({ client_id: 'id', client_secret: 'client-secret-1' });
  });

  it.each([{ 'a b': 'c' }, { a: 'line\nbreak-secret' }, { a: 5 }])('%j are no headers', (headers) => {
    const make = () => clientCredentials({ tokenEndpoint: server.url, ...client, headers: headers as never });
    expect(make).toThrow(expect.objectContaining({ name: 'ConfigurationError', option: 'headers' }));
    expect(make).not.toThrow(/secret/);
  });

  it('have their names in opts', async () => {
    const auth = buildAuthenticator({
      authType: 'AuthOAuth2',
      oauth2Type: 'ClientCredentials',
      oauth2TokenURL: server.url,
      oauth2ClientId: 'id',
      oauth2ClientSecret: 'client-secret-1',
      opts: { headers: { 'x-tenant': 'acme' }, bodyFormat: 'json' },
    }) as unknown as { tokens: { get(): Promise<unknown> } };
    await auth.tokens.get();
    expect(last().headers['x-tenant']).toBe('acme');
    expect(JSON.parse(last().body)).toEqual({ grant_type: 'client_credentials' });
  });
});

describe('a client secret that is asked for', () => {
  it('is asked for once more after invalid_client, and sent if it is new', async () => {
    let secret = 'old-secret-1';
    server.answer(
      () => {
        secret = 'new-secret-2';
        return { status: 401, json: { error: 'invalid_client' } };
      },
      { json: { access_token: 't' } },
    );
    await clientCredentials({ tokenEndpoint: server.url, clientId: 'id', clientSecret: () => secret }).requestToken({
      signal,
    });
    expect(server.received.map(({ headers }) => headers.authorization)).toEqual([
      `Basic ${btoa('id:old-secret-1')}`,
      `Basic ${btoa('id:new-secret-2')}`,
    ]);
  });

  it.each<[string, object]>([
    ['the same one', { clientSecret: () => 'old-secret-1' }],
    ['one that is given', { clientSecret: 'old-secret-1' }],
    ['none', {}],
    ['an assertion', { clientAuthentication: clientAssertion(() => 'a.b.c') }],
  ])('is not sent again: %s', async (_name, proof) => {
    server.answer(refused('invalid_client'));
    const source = clientCredentials({ tokenEndpoint: server.url, clientId: 'id', ...proof });
    await expect(source.requestToken({ signal })).rejects.toMatchObject({ error: 'invalid_client' });
    expect(server.received).toHaveLength(1);
  });
});

describe('a refresh token that is asked for', () => {
  const previous = { accessToken: 'a', tokenType: 'Bearer', refreshToken: 'r1' };
  const source = (first: string | (() => string)) =>
    refreshToken({ tokenEndpoint: server.url, clientId: 'id', refreshToken: first });

  it('is asked for after invalid_grant', async () => {
    server.answer(refused('invalid_grant'), { json: { access_token: 't' } });
    await source(() => 'r2').requestToken({ signal, previous });
    expect(forms().map(({ refresh_token }) => refresh_token)).toEqual(['r1', 'r2']);
  });

  it.each<[string, string | (() => string), Answer, object]>([
    ['the same', () => 'r1', refused('invalid_grant'), previous],
    ['given as text', 'r2', refused('invalid_grant'), previous],
    ['after another error', () => 'r2', refused('invalid_scope'), previous],
  ])('is not sent again: %s', async (_name, first, answer, known) => {
    server.answer(answer);
    await expect(source(first).requestToken({ signal, previous: known as never })).rejects.toThrow();
    expect(server.received).toHaveLength(1);
  });
});

describe('an assertion that is made elsewhere', () => {
  it('is asked for with its audience and scope, and once more after invalid_grant', async () => {
    const told: unknown[] = [];
    const assertion = (request: object) => {
      told.push(request);
      return `made-elsewhere-${told.length}`;
    };
    server.answer(refused('invalid_grant'), { json: { access_token: 't' } });
    await jwtBearer({ tokenEndpoint: server.url, assertion, scope: 's' }).requestToken({ signal });
    expect(told[0]).toEqual({ audience: server.url, scope: ['s'] });
    expect(forms()).toEqual([
      expect.objectContaining({ assertion: 'made-elsewhere-1', scope: 's' }),
      expect.objectContaining({ assertion: 'made-elsewhere-2', scope: 's' }),
    ]);
    expect(credentialFilter.mask('made-elsewhere-2')).not.toContain('made-elsewhere-2');
  });

  it('may be text, which is part of the store key', async () => {
    const source = jwtBearer({ tokenEndpoint: server.url, assertion: 'a.b.c' });
    await source.requestToken({ signal });
    expect(last().form.assertion).toBe('a.b.c');
    expect(await source.identity?.proofs?.()).toEqual(['a.b.c']);
    expect(jwtBearer({ tokenEndpoint: server.url, assertion: () => 'a.b.c' }).identity).toBeUndefined();
  });

  it('contradicts a key, and what its claims would be', () => {
    for (const more of [{ key: 'k' }, { subject: 'ada' }, { claims: {} }]) {
      const make = () => jwtBearer({ tokenEndpoint: server.url, assertion: 'a.b.c', ...more } as never);
      expect(make).toThrow(ConfigurationError);
    }
  });
});

it('a token exchange may do without issued_token_type', async () => {
  const options = { tokenEndpoint: server.url, ...client, subjectToken: 's' };
  await expect(tokenExchange(options).requestToken({ signal })).rejects.toThrow(/issued_token_type/);
  const token = await tokenExchange({ ...options, checkIssuedTokenType: false }).requestToken({ signal });
  expect(token.accessToken).toBe('t');
});

it.each(['text', 7, {}, { body: '{}' }, { body: {}, contentType: 'application/json' }, Promise.resolve(jsonBody)])(
  'an encodeBody that returns %o is an error before anything is sent',
  async (wrong) => {
    const source = clientCredentials({ tokenEndpoint: server.url, ...client, encodeBody: (() => wrong) as never });
    await expect(source.requestToken({ signal })).rejects.toThrow(
      expect.objectContaining({ name: 'ConfigurationError', option: 'encodeBody' }),
    );
    expect(server.received).toHaveLength(0);
  },
);
