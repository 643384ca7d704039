import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { AuthToken, type AuthTokenOptions } from '../../../src/authenticators/token.ts';
import { buildAuthenticator } from '../../../src/builders/build-authenticator.ts';
import { ConfigurationError } from '../../../src/errors.ts';
import type { CredentialFields } from '../../../src/fields/credential-fields.ts';
import type { Authenticator } from '../../../src/lifecycle/contract.ts';
import { secret } from '../../../src/secret.ts';
import type { Token } from '../../../src/tokens/token.ts';
import { type Endpoint, startEndpoint } from '../../helpers/endpoint.ts';
import { fakeRequest, fakeResponse } from '../../helpers/fake-request.ts';

const START = 1_800_000_000_000;
let passed: number;
let server: Endpoint;

beforeAll(async () => {
  server = await startEndpoint();
});
afterAll(() => server[Symbol.asyncDispose]());
beforeEach(() => {
  passed = 0;
  server.received.length = 0;
  server.answer({ json: { access_token: 't1' } }, { json: { access_token: 't2' } }, { json: { access_token: 't3' } });
});

const clocks = () => ({ now: () => START + passed, monotonic: () => passed, refreshAheadMs: 0 });

function authToken(options: Partial<AuthTokenOptions> = {}): AuthToken {
  return new AuthToken({ tokenEndpoint: server.url, username: 'ada', password: 'p', ...clocks(), ...options });
}

function built(fields: CredentialFields = {}): Authenticator {
  const all = { authType: 'AuthToken', url: server.url, username: 'ada', password: 'p', ...fields };
  return buildAuthenticator(all, clocks());
}

async function send(auth: Authenticator<Token> | Authenticator, refused?: Token) {
  const request = fakeRequest();
  const refusal = refused && { refused: { credential: refused, response: fakeResponse(401) } };
  const token = (await auth.authenticate({ request, ...refusal })) as Token;
  await auth.modifyRequest(request, token);
  return { token, headers: request.headers };
}

const sent = async (auth: Authenticator<Token> | Authenticator) => (await send(auth)).headers.get('authorization');

describe('AuthToken', () => {
  it('logs in once, and again after a refusal', async () => {
    const auth = authToken({ password: secret('p') });
    const { token } = await send(auth);
    expect(await sent(auth)).toBe('Bearer t1');
    expect(server.received).toHaveLength(1);
    expect((await send(auth, token)).headers.get('authorization')).toBe('Bearer t2');
  });

  it('puts the token into header and format, literally', async () => {
    server.answer({ json: { data: { token: "$&$'x" } } });
    const auth = authToken({ tokenKey: 'data.token', header: 'X-Auth-Token', format: 'Token {} end' });
    expect((await send(auth)).headers.get('x-auth-token')).toBe("Token $&$'x end");
  });

  it.each<[Partial<AuthTokenOptions>, string]>([
    [{ format: 'Bearer' }, 'format'],
    [{ header: 'a b' }, 'header'],
    [{ tokenKey: 'a.prototype.b' }, 'tokenKey'],
    [{ expiresInKey: '__proto__' }, 'expiresInKey'],
    [{ expiry: 'static' }, 'ttlMs'],
  ])('refuses %o at construction', (options, option) => {
    expect(() => authToken(options)).toThrow(ConfigurationError);
    expect(() => authToken(options)).toThrow(expect.objectContaining({ option }));
  });

  it('is remembered as failed until the time to the next request has passed', async () => {
    server.answer({ status: 401 }, { json: { access_token: 't' } });
    const auth = authToken({ timeToNextRequestMs: 60_000 });
    await expect(send(auth)).rejects.toMatchObject({ status: 401 });
    passed = 59_999;
    await expect(send(auth)).rejects.toMatchObject({ status: 401 });
    expect(server.received).toHaveLength(1);
    passed = 60_000;
    expect(await sent(auth)).toBe('Bearer t');
  });
});

describe('the expiry of AuthToken', () => {
  it.each<[string, Partial<AuthTokenOptions>, object, number | undefined]>([
    ['dynamic by default', {}, { expires_in: 1000 }, 1_000_000],
    ['numeric text', {}, { expires_in: '1000' }, 1_000_000],
    ['a selector', { expiresInKey: 'meta.ttl_in' }, { meta: { ttl_in: 500 } }, 500_000],
    ['a point in time', { expiresInKey: 'expires_at' }, { expires_at: START / 1000 + 700 }, 700_000],
    ['a date', { expiresInKey: 'exp' }, { exp: new Date(START + 700_000).toISOString() }, 700_000],
    ['unknown', {}, {}, undefined],
    ['unknown, with a fall-back', { ttlMs: 300_000 }, {}, 300_000],
    ['a fall-back that is not needed', { ttlMs: 300_000 }, { expires_in: 1000 }, 1_000_000],
    ['static', { expiry: 'static', ttlMs: 300_000 }, { expires_in: 1000 }, 300_000],
  ])('%s', async (_name, options, json, lifetime) => {
    server.answer({ json: { access_token: 't', ...json } });
    const { token } = await send(authToken(options));
    expect(token.expiresAt).toBe(lifetime === undefined ? undefined : START + lifetime);
  });

  it('makes it log in again', async () => {
    server.answer({ json: { access_token: 't1', expires_in: 100 } }, { json: { access_token: 't2' } });
    const auth = authToken();
    expect(await sent(auth)).toBe('Bearer t1');
    passed = 100_000;
    expect(await sent(auth)).toBe('Bearer t2');
  });
});

describe('AuthToken from fields', () => {
  it.each([
    ['url alone', {}, '/token'],
    ['an absolute authEndpoint', (url: string) => ({ authEndpoint: `${url}/login` }), '/token/login'],
    ['a relative authEndpoint', { authEndpoint: 'login?x=1' }, '/login?x=1'],
    ['a rooted authEndpoint', { authEndpoint: '/v1/login' }, '/v1/login'],
  ])('logs in at %s', async (_name, fields, path) => {
    await send(built(typeof fields === 'function' ? fields(server.url) : fields));
    expect(server.received[0]).toMatchObject({ path, body: '{"username":"ada","password":"p"}' });
  });

  it('reads header, key and format', async () => {
    server.answer({ json: { a: { b: 't' } } });
    const fields = { authHeader: 'X-T', tokenKey: 'a.b', tokenFormat: 'T={}' };
    expect((await send(built(fields))).headers.get('x-t')).toBe('T=t');
  });

  it.each<[string, CredentialFields, object, number | undefined]>([
    ['dynamic', {}, { expires_in: 100 }, 100_000],
    ['dynamic, silent', {}, {}, undefined],
    ['dynamic, silent, with a TTL', { tokenRefreshTTL: '50' }, {}, 50_000],
    ['dynamic, with a selector', { tokenExpiresInSelector: 'x.exp' }, { x: { exp: START / 1000 + 5 } }, 5000],
    ['static', { tokenAuthRefresh: 'tokenAuthRefreshStatic', tokenRefreshTTL: 50 }, { expires_in: 9 }, 50_000],
    ['static, by default an hour', { tokenAuthRefresh: 'tokenAuthRefreshStatic' }, {}, 3_600_000],
  ])('reads the expiry: %s', async (_name, fields, json, lifetime) => {
    server.answer({ json: { access_token: 't', ...json } });
    const { token } = await send(built(fields));
    expect(token.expiresAt).toBe(lifetime === undefined ? undefined : START + lifetime);
  });

  it.each([
    [undefined, 60_000],
    [5, 5000],
    ['5', 5000],
  ])('reads timeToNextRequest %j', async (timeToNextRequest, ms) => {
    server.answer({ status: 401 });
    const auth = built(timeToNextRequest === undefined ? {} : { timeToNextRequest });
    await expect(send(auth)).rejects.toThrow();
    passed = ms - 1;
    await expect(send(auth)).rejects.toThrow();
    expect(server.received).toHaveLength(1);
    passed = ms;
    await expect(send(auth)).rejects.toThrow();
    expect(server.received).toHaveLength(2);
  });

  it('with timeToNextRequest 0 never tries again', async () => {
    server.answer({ status: 401 });
    const auth = built({ timeToNextRequest: 0 });
    await expect(send(auth)).rejects.toThrow();
    passed = 365 * 86_400_000;
    await expect(send(auth)).rejects.toThrow();
    expect(server.received).toHaveLength(1);
  });

  it('refuses http to other machines, unless told otherwise', () => {
    const fields = { authType: 'AuthToken', url: 'http://api.example/login', username: 'ada', password: 'p' };
    expect(() => buildAuthenticator(fields)).toThrow(/allowInsecureRequests/);
    expect(buildAuthenticator(fields, { allowInsecureRequests: true }).getName()).toBe('AuthToken');
  });
});
