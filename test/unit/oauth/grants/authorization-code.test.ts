import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { AuthenticationError, ConfigurationError } from '../../../../src/errors.ts';
import { credentialFilter } from '../../../../src/logging/credential-filter.ts';
import { type AuthorizeRequest, authorizationCode } from '../../../../src/oauth/grants/authorization-code.ts';
import { type HandIssuer, startHandIssuer } from '../../../helpers/hand-issuer.ts';

const signal = new AbortController().signal;
const redirectUri = 'http://127.0.0.1:7/cb';
let as: HandIssuer;
let asked: AuthorizeRequest[];
beforeAll(async () => {
  as = await startHandIssuer();
});
afterAll(() => as[Symbol.asyncDispose]());
beforeEach(() => {
  as.received.length = 0;
  asked = [];
  as.metadata = {};
  as.answers.set('/token', [{ json: { access_token: 't', refresh_token: 'r' } }]);
});

const authorize = async (request: AuthorizeRequest) => {
  asked.push(request);
  const state = request.url.searchParams.get('state') ?? as.to('/par')[0]?.form.state ?? '';
  return { state, code: 'the-code-1' };
};
const source = (more: object = {}) =>
  authorizationCode({ issuer: as.issuer, clientId: 'id', redirectUri, authorize, ...more } as never);
const sent = () => asked.at(-1)?.url.searchParams ?? expect.unreachable();

describe('the authorization request', () => {
  it('says who asks for what, and where to come back', async () => {
    await source({
      scope: ['a', 'b'],
      prompt: 'login',
      loginHint: 'ada',
      acrValues: 'x',
      audience: 'api',
    }).requestToken({
      signal,
    });
    const { state, code_challenge, ...others } = Object.fromEntries(sent());
    expect(others).toEqual({
      tenant: 'a',
      response_type: 'code',
      client_id: 'id',
      redirect_uri: redirectUri,
      scope: 'a b',
      code_challenge_method: 'S256',
      prompt: 'login',
      login_hint: 'ada',
      acr_values: 'x',
      audience: 'api',
    });
  });

  it('has parameters of its own; so has the token request, and refreshing', async () => {
    const grant = source({
      authorizationParameters: { a: '1' },
      parameters: { b: '2' },
      refreshParameters: { c: '3' },
    });
    const previous = await grant.requestToken({ signal });
    await grant.requestToken({ signal, previous });
    expect(sent().get('a')).toBe('1');
    const [redeeming, refreshing] = as.to('/token').map(({ form }) => form);
    expect(redeeming).toMatchObject({ grant_type: 'authorization_code', b: '2' });
    expect(refreshing).toMatchObject({ grant_type: 'refresh_token', c: '3' });
    for (const name of ['a', 'c']) expect(redeeming).not.toHaveProperty(name);
    for (const name of ['a', 'b']) expect(refreshing).not.toHaveProperty(name);
  });

  it('asks for what is demanded', async () => {
    const demand = { scope: ['b'], acrValues: 'phr', maxAgeMs: 5000, claims: '{"x":1}' };
    await source({ scope: 'a', maxAgeMs: 9000, acrValues: 'low' }).requestToken({ signal, demand });
    expect(Object.fromEntries(sent())).toMatchObject({
      scope: 'a b',
      acr_values: 'phr',
      max_age: '5',
      claims: '{"x":1}',
    });
  });

  it('goes out although there is a refresh token, where only a login meets the demand', async () => {
    const previous = { accessToken: 't', tokenType: 'Bearer', refreshToken: 'r' };
    await source().requestToken({ signal, previous, demand: { acrValues: 'phr' } });
    expect(asked).toHaveLength(1);
  });

  it('is not made where the client itself is refused', async () => {
    as.answers.set('/token', [{ status: 401, json: { error: 'invalid_client' } }]);
    const previous = { accessToken: 't', tokenType: 'Bearer', refreshToken: 'r' };
    await expect(source().requestToken({ signal, previous })).rejects.toMatchObject({ error: 'invalid_client' });
    expect(asked).toEqual([]);
  });
});

describe('PKCE (RFC 7636)', () => {
  it('is S256: the verifier is sent for the code, and never before', async () => {
    await source().requestToken({ signal });
    const { code_verifier: verifier = '', code, redirect_uri } = as.to('/token')[0]?.form ?? {};
    const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(verifier));
    expect(verifier).toMatch(/^[\w-]{43,128}$/);
    expect(sent().get('code_challenge')).toBe(Buffer.from(digest).toString('base64url'));
    expect(asked[0]?.url.href).not.toContain(verifier);
    expect({ code, redirect_uri }).toEqual({ code: 'the-code-1', redirect_uri: redirectUri });
  });

  it.each([[['plain']], [[]], ['S256']])('ends where the server lists methods without S256: %j', async (methods) => {
    as.metadata = { code_challenge_methods_supported: methods };
    await expect(source().requestToken({ signal })).rejects.toThrow(ConfigurationError);
    expect(asked).toEqual([]);
  });

  it('goes on where it lists S256', async () => {
    as.metadata = { code_challenge_methods_supported: ['plain', 'S256'] };
    await source().requestToken({ signal });
    expect(asked).toHaveLength(1);
  });

  it('masks verifier and code', async () => {
    await source().requestToken({ signal });
    const { code_verifier: verifier } = as.to('/token')[0]?.form ?? {};
    expect(credentialFilter.mask(`${verifier} the-code-1`)).toBe('***** *****');
  });
});

describe('the ID token', () => {
  it('must come where openid was asked for', async () => {
    await expect(source({ scope: 'openid' }).requestToken({ signal })).rejects.toThrow(AuthenticationError);
  });

  it('must be of this login', async () => {
    as.answers.set('/token', [{ json: { access_token: 't', id_token: await as.idToken({ nonce: 'stale' }) } }]);
    await expect(source({ scope: 'openid' }).requestToken({ signal })).rejects.toThrow(/nonce/);
  });

  it('of a refreshed token must be of the same user', async () => {
    const previous = { accessToken: 't', tokenType: 'Bearer', refreshToken: 'r', idToken: await as.idToken() };
    as.answers.set('/token', [{ json: { access_token: 't2', id_token: await as.idToken({ sub: 'eve' }) } }]);
    await expect(source({ authorize: undefined }).requestToken({ signal, previous })).rejects.toMatchObject({
      code: 'ERR_AUTH_LOGIN_REQUIRED',
      cause: { code: 'ERR_AUTH_REFUSED' },
    });
  });

  it('of a refreshed token is left out when nobody can check it: what was refreshed is not lost', async () => {
    as.metadata = { jwks_uri: `${as.issuer}/none` };
    const previous = { accessToken: 't', tokenType: 'Bearer', refreshToken: 'r' };
    as.answers.set('/token', [{ json: { access_token: 't2', refresh_token: 'r2', id_token: await as.idToken() } }]);
    const token = await source().requestToken({ signal, previous });
    expect(token).toMatchObject({ accessToken: 't2', refreshToken: 'r2' });
    expect(token).not.toHaveProperty('idToken');
  });

  it('cannot be asked for where nobody knows the issuer', () => {
    const endpoints = { issuer: undefined, tokenEndpoint: 'https://a/t', authorizationEndpoint: 'https://a/a' };
    expect(() => source({ ...endpoints, scope: 'openid' })).toThrow(expect.objectContaining({ option: 'issuer' }));
  });
});

describe('pushing (RFC 9126)', () => {
  const pushed = (json: object, status = 201) => as.answers.set('/par', [{ status, json }]);

  it('sends everything to the server, with the proof of the client', async () => {
    pushed({ request_uri: 'urn:x:1', expires_in: 60 });
    await source({ pushAuthorizationRequest: true, clientSecret: 's3' }).requestToken({ signal });
    const [{ form, headers } = expect.unreachable()] = as.to('/par');
    expect(form).toMatchObject({ response_type: 'code', redirect_uri: redirectUri, code_challenge_method: 'S256' });
    expect(headers.authorization).toBe(`Basic ${btoa('id:s3')}`);
    expect(Object.fromEntries(sent())).toEqual({ tenant: 'a', client_id: 'id', request_uri: 'urn:x:1' });
  });

  it.each([{}, { request_uri: 7 }, { request_uri: '' }])('ends without a reference: %j', async (json) => {
    pushed(json);
    const asking = source({ pushAuthorizationRequest: true }).requestToken({ signal });
    await expect(asking).rejects.toMatchObject({ kind: 'malformed' });
    expect(asked).toEqual([]);
  });
});

describe('options', () => {
  it.each<readonly [object, string]>([
    [{ redirectUri: 'cb' }, 'redirectUri'],
    [{ redirectUri: 'https://a/cb#x' }, 'redirectUri'],
    [{ redirectUri: 'http://app.example/cb' }, 'redirectUri'],
    [{ authorize: 'browser' }, 'authorize'],
    [{ maxAgeMs: -1 }, 'maxAgeMs'],
    [{ issuer: undefined, tokenEndpoint: 'https://a/t' }, 'authorizationEndpoint'],
    [{ parameters: { code_verifier: 'x' } }, 'parameters'],
    [{ refreshParameters: { refresh_token: 'x' } }, 'refreshParameters'],
    ...['state', 'nonce', 'code_challenge_method', 'redirect_uri', 'request_uri', 'client_secret'].map(
      (name) => [{ authorizationParameters: { [name]: 'x' } }, 'authorizationParameters'] as const,
    ),
  ])('%j is refused before any I/O', (options, option) => {
    expect(() => source(options)).toThrow(expect.objectContaining({ option }));
  });

  it.each(['com.example.app:/cb', 'https://app.example/cb', 'http://[::1]:5/cb'])(
    'a browser may come back to %s',
    async (uri) => {
      await source({ redirectUri: async () => uri }).requestToken({ signal });
      expect(sent().get('redirect_uri')).toBe(uri);
    },
  );

  it('a login that comes after the deadline is not redeemed', async () => {
    const controller = new AbortController();
    const late = (request: AuthorizeRequest) => {
      controller.abort(new Error('late'));
      return authorize(request);
    };
    await expect(source({ authorize: late }).requestToken({ signal: controller.signal })).rejects.toThrow('late');
    expect(as.to('/token')).toEqual([]);
  });
});
