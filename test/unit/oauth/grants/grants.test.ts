import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ConfigurationError, CredentialError, LoginRequiredError } from '../../../../src/errors.ts';
import { credentialFilter } from '../../../../src/logging/credential-filter.ts';
import { clientCredentials } from '../../../../src/oauth/grants/client-credentials.ts';
import { type RefreshTokenOptions, refreshToken } from '../../../../src/oauth/grants/refresh-token.ts';
import { resourceOwnerPassword } from '../../../../src/oauth/grants/resource-owner-password.ts';
import type { Token } from '../../../../src/tokens/token.ts';
import { type Answer, type Endpoint, startEndpoint } from '../../../helpers/endpoint.ts';

const signal = new AbortController().signal;
const previous: Token = { accessToken: 'a1', tokenType: 'Bearer', refreshToken: 'r1', scope: ['read'] };
let server: Endpoint;

beforeAll(async () => {
  server = await startEndpoint();
});
afterAll(() => server[Symbol.asyncDispose]());
beforeEach(() => {
  server.received.length = 0;
  server.answer({ json: { access_token: 'a2' } });
});

const client = (options = {}) => ({ tokenEndpoint: server.url, clientId: 'id', ...options });
const forms = () => server.received.map(({ form: { client_id, ...form } }) => form);

describe('clientCredentials (RFC 6749 §4.4)', () => {
  it('sends the grant alone', async () => {
    const token = await clientCredentials(client({ clientSecret: 's' })).requestToken({ signal });
    expect(token).toEqual({ accessToken: 'a2', tokenType: 'Bearer' });
    expect(forms()).toEqual([{ grant_type: 'client_credentials' }]);
  });

  it.each([
    ['a b', undefined, 'a b'],
    [['a', 'b'], undefined, 'a b'],
    ['a b', ['b', 'c'], 'a b c'],
    [undefined, ['c'], 'c'],
    [' ', undefined, undefined],
    ['', undefined, undefined],
    [[], undefined, undefined],
  ])('asks for the scope %j with the demand %j as %j', async (scope, demand, sent) => {
    const source = clientCredentials(client({ scope }));
    await source.requestToken({ signal, ...(demand && { demand: { scope: demand } }) });
    expect(forms()[0]?.scope).toBe(sent);
  });
});

describe('refreshToken (RFC 6749 §6)', () => {
  const source = (options: Partial<RefreshTokenOptions> = {}) => refreshToken(client(options));

  it.each<[string, Partial<RefreshTokenOptions>, Token | undefined, string]>([
    ['the one that came with the last token', {}, previous, 'r1'],
    ['the one of the last token rather than the first', { refreshToken: 'r0' }, previous, 'r1'],
    ['the first one', { refreshToken: 'r0' }, undefined, 'r0'],
    [
      'the first one, if the last token came without',
      { refreshToken: async () => 'r0' },
      { ...previous, refreshToken: undefined } as unknown as Token,
      'r0',
    ],
  ])('sends %s', async (_name, options, last, sent) => {
    await source(options).requestToken({ signal, ...(last && { previous: last }) });
    expect(forms()).toEqual([{ grant_type: 'refresh_token', refresh_token: sent }]);
  });

  it('keeps the old refresh token and scope when the answer has none', async () => {
    expect(await source().requestToken({ signal, previous })).toEqual({ ...previous, accessToken: 'a2' });
  });

  it('takes the new refresh token', async () => {
    server.answer({ json: { access_token: 'a2', refresh_token: 'r2', scope: 'write' } });
    expect(await source().requestToken({ signal, previous })).toMatchObject({ refreshToken: 'r2', scope: ['write'] });
  });

  it('asks for the union of scope and demand', async () => {
    await source({ scope: 'a' }).requestToken({ signal, previous, demand: { scope: ['b'] } });
    expect(forms()[0]?.scope).toBe('a b');
  });

  it('without any refresh token needs a login', async () => {
    await expect(source().requestToken({ signal })).rejects.toThrow(LoginRequiredError);
    expect(server.received).toEqual([]);
  });

  it.each(['', 'r1\n'])('refuses the refresh token %j before any I/O', async (value) => {
    expect(() => source({ refreshToken: value })).toThrow(CredentialError);
    await expect(source({ refreshToken: () => value }).requestToken({ signal })).rejects.toThrow(CredentialError);
    expect(server.received).toEqual([]);
  });

  it('masks the refresh token in what the server says', async () => {
    server.answer({ status: 400, json: { error: 'invalid_grant', error_description: 'refresh-token-55 is dead' } });
    const last = { ...previous, refreshToken: 'refresh-token-55' };
    await expect(source().requestToken({ signal, previous: last })).rejects.toMatchObject({
      errorDescription: '***** is dead',
    });
  });
});

describe('resourceOwnerPassword (RFC 6749 §4.3)', () => {
  const source = (options: object = {}) =>
    resourceOwnerPassword({ ...client(), username: 'ada', password: 'p ä&', ...options });
  const password = { grant_type: 'password', username: 'ada', password: 'p ä&' };
  const refreshing = { grant_type: 'refresh_token', refresh_token: 'r1' };

  it('sends user name and password in the body', async () => {
    await source({ scope: 'a', parameters: { x: '1' } }).requestToken({ signal });
    expect(forms()).toEqual([{ ...password, scope: 'a', x: '1' }]);
  });

  it('uses the refresh token first', async () => {
    expect(await source({ scope: 'a' }).requestToken({ signal, previous })).toMatchObject({ refreshToken: 'r1' });
    expect(forms()).toEqual([refreshing]);
  });

  it('refreshes for the union of what it has and what is demanded', async () => {
    await source().requestToken({ signal, previous, demand: { scope: ['write'] } });
    expect(forms()).toEqual([{ ...refreshing, scope: 'read write' }]);
  });

  it.each<[string, Answer]>([
    ['invalid_grant', { status: 400, json: { error: 'invalid_grant' } }],
    ['invalid_scope', { status: 400, json: { error: 'invalid_scope' } }],
    ['an empty 400', { status: 400 }],
    ['an empty 403', { status: 403 }],
  ])('falls back on the password when the refresh token is refused with %s', async (_name, answer) => {
    server.answer(answer, { json: { access_token: 'a3', refresh_token: 'r3' } });
    expect(await source().requestToken({ signal, previous })).toMatchObject({ accessToken: 'a3', refreshToken: 'r3' });
    expect(forms()).toEqual([refreshing, password]);
  });

  it.each<[string, Answer]>([
    ['503', { status: 503 }],
    ['429', { status: 429 }],
    ['temporarily_unavailable', { status: 400, json: { error: 'temporarily_unavailable' } }],
  ])('keeps the password to itself when the server only says later: %s', async (_name, answer) => {
    server.answer(answer);
    await expect(source().requestToken({ signal, previous })).rejects.toHaveProperty('code', 'ERR_AUTH_TOKEN_ENDPOINT');
    expect(forms()).toEqual([refreshing]);
  });

  it('never keeps a refused refresh token', async () => {
    server.answer({ status: 400, json: { error: 'invalid_grant' } }, { json: { access_token: 'a3' } });
    expect(await source().requestToken({ signal, previous })).not.toHaveProperty('refreshToken');
  });

  it('masks the password at once', () => {
    source({ password: 'resource-owner-7' });
    expect(credentialFilter.mask('resource-owner-7')).toBe('*****');
  });

  it('refuses what it cannot send before any I/O', async () => {
    expect(() => source({ username: '' })).toThrow(ConfigurationError);
    expect(() => source({ username: 'a\n' })).toThrow(CredentialError);
    expect(() => source({ password: 'x\r\n' })).toThrow(CredentialError);
    await expect(source({ password: () => 'x\0' }).requestToken({ signal })).rejects.toThrow(CredentialError);
    expect(server.received).toEqual([]);
  });
});
