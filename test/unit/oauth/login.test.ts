import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { ConfigurationError, CredentialError } from '../../../src/errors.ts';
import { credentialFilter } from '../../../src/logging/credential-filter.ts';
import { type LoginOptions, login } from '../../../src/oauth/login.ts';
import { type Endpoint, startEndpoint } from '../../helpers/endpoint.ts';

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

function logIn(options: Partial<LoginOptions> = {}) {
  const source = login({ tokenEndpoint: server.url, username: 'ada', password: 'lovelace "1815"', ...options });
  return source.requestToken({ signal });
}

describe('login', () => {
  it('posts user name and password as JSON', async () => {
    await logIn();
    const [request] = server.received;
    expect(request).toMatchObject({ method: 'POST', headers: { 'content-type': 'application/json' } });
    expect(JSON.parse(request?.body ?? '')).toEqual({ username: 'ada', password: 'lovelace "1815"' });
  });

  it('posts another body', async () => {
    await logIn({ body: ({ username, password }) => ({ auth: { user: username, pass: password } }) });
    expect(JSON.parse(server.received[0]?.body ?? '')).toEqual({ auth: { user: 'ada', pass: 'lovelace "1815"' } });
  });

  it('posts a form', async () => {
    await logIn({ body: (credentials) => new URLSearchParams({ ...credentials, x: '1' }) });
    expect(server.received[0]).toMatchObject({
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      form: { username: 'ada', password: 'lovelace "1815"', x: '1' },
    });
  });

  it.each([
    ['token', { token: 't' }],
    ['data.token', { data: { token: 't' }, token_type: 'JWT' }],
    ['tokens.0', { tokens: ['t'] }],
  ])('picks the token by %s, whatever its type is called', async (tokenKey, json) => {
    server.answer({ status: 201, json });
    expect(await logIn({ tokenKey })).toEqual({ accessToken: 't', tokenType: 'Bearer' });
  });

  it('says where it looked for the token', async () => {
    server.answer({ json: { token: 't' } });
    await expect(logIn({ tokenKey: 'data.token' })).rejects.toThrow("it has no 'data.token'");
  });

  it('is refused with a typed error', async () => {
    server.answer({ status: 401, json: { message: 'no' } });
    await expect(logIn()).rejects.toMatchObject({ kind: 'http-status', status: 401 });
  });

  it('never follows a redirect with the password', async () => {
    server.answer({ status: 308, headers: { location: '/other' } });
    await expect(logIn()).rejects.toMatchObject({ kind: 'http-status', status: 308 });
    expect(server.received).toHaveLength(1);
  });

  it('uses the fetch that it was given, with the signal', async () => {
    const own = vi.fn<typeof fetch>((input, init) => fetch(input, init));
    await logIn({ fetch: own });
    expect(own).toHaveBeenCalledTimes(1);
    expect(own.mock.calls[0]?.[1]?.signal).toBe(signal);
  });

  it('masks the password at once', () => {
    login({ tokenEndpoint: server.url, username: 'ada', password: 'babbage-1791' });
    expect(credentialFilter.mask('babbage-1791')).toBe('*****');
  });

  it.each<[Partial<LoginOptions>, string]>([
    [{ tokenEndpoint: 'http://api.example/login' }, 'tokenEndpoint'],
    [{ username: undefined as unknown as string }, 'username'],
    [{ tokenKey: 'a.constructor' }, 'tokenKey'],
  ])('refuses %o before any I/O', (options, option) => {
    const make = () => login({ tokenEndpoint: server.url, username: 'ada', password: 'x', ...options });
    expect(make).toThrow(ConfigurationError);
    expect(make).toThrow(expect.objectContaining({ option }));
  });

  it.each(['hunter2\n', 'hunter2\0', 'hunter2\ud800'])('refuses the password %j before any I/O', async (password) => {
    expect(() => login({ tokenEndpoint: server.url, username: 'ada', password })).toThrow(CredentialError);
    await expect(logIn({ password: async () => password })).rejects.toThrow(CredentialError);
    await expect(logIn({ password: async () => password })).rejects.not.toThrow(/hunter2/);
    expect(server.received).toEqual([]);
  });
});
