import { describe, expect, it } from 'vitest';
import { AuthOAuth2 } from '../../../src/authenticators/oauth2.ts';
import { buildAuthenticator } from '../../../src/builders/index.ts';
import type { ConfigurationError } from '../../../src/errors.ts';
import { Dpop } from '../../../src/oauth/dpop.ts';
import { clientCredentials } from '../../../src/oauth/grants/client-credentials.ts';
import { type TokenReaderOptions, tokenReader } from '../../../src/oauth/token-response.ts';
import { startEndpoint } from '../../helpers/endpoint.ts';

function read(body: object, options: TokenReaderOptions = {}) {
  const headers = new Headers({ 'content-type': 'application/json' });
  return tokenReader(options)({ endpoint: 'e', status: 200, headers, text: JSON.stringify(body), receivedAt: 0 });
}

// https://docs.slack.dev/reference/methods/oauth.v2.access
const SLACK = {
  ok: true,
  access_token: 'xoxb-1',
  token_type: 'bot',
  scope: 'commands,incoming-webhook',
  authed_user: { id: 'U1', access_token: 'xoxp-2', token_type: 'user', refresh_token: 'xoxe-3' },
};

describe('tokenTypes', () => {
  it.each(['bot', 'BOT', 'user', 'BearerToken', 'JWT', ''])('lets %j count as bearer', (type) => {
    const body = { access_token: 't', token_type: type };
    expect(() => read(body)).toThrow(/not Bearer \(option 'tokenTypes' allows others\)/);
    expect(read(body, { tokenTypes: ['bot', 'user', 'bearertoken', 'jwt', ''] }).tokenType).toBe('Bearer');
    expect(read({ ...body, token_type: 'bearer' }, { tokenTypes: 'bot' }).tokenType).toBe('Bearer');
  });

  it('names the type that came, bounded', () => {
    expect(() => read({ access_token: 't', token_type: 'mac' })).toThrow(/'token_type' is 'mac'/);
    expect(() => read({ access_token: 't', token_type: 7 })).toThrow(/'token_type' is no text/);
  });

  it('does not weaken tokens that must be bound to a key', () => {
    const body = { access_token: 't', token_type: 'bot' };
    expect(() => read(body, { tokenTypes: 'bot', bound: true })).toThrow(/not DPoP/);
  });
});

describe('keys', () => {
  it('find what Slack puts elsewhere', () => {
    const options = {
      tokenKey: 'authed_user.access_token',
      refreshTokenKey: 'authed_user.refresh_token',
      scopeSeparator: ',',
      tokenTypes: 'bot',
    };
    expect(read(SLACK, options)).toMatchObject({
      accessToken: 'xoxp-2',
      refreshToken: 'xoxe-3',
      scope: ['commands', 'incoming-webhook'],
    });
  });

  it('are lists where a name holds a dot', () => {
    const body = { 'a.token': { v: 't' }, 'expires.in': 60, 'r.t': 'r', 'x.scope': ['s'] };
    const options = {
      tokenKey: ['a.token', 'v'],
      expiresInKey: ['expires.in'],
      refreshTokenKey: ['r.t'],
      scopeKey: ['x.scope'],
    };
    expect(read(body, options)).toMatchObject({ accessToken: 't', expiresAt: 60_000, refreshToken: 'r', scope: ['s'] });
  });

  it('need a separator that separates', () => {
    expect(() => tokenReader({ scopeSeparator: '' })).toThrow(/'scopeSeparator' must not be empty/);
  });

  it.each(['tokenKey', 'expiresInKey', 'refreshTokenKey', 'scopeKey'] as const)('%s is checked', (option) => {
    for (const wrong of ['', 'a..b', 'a.__proto__', [], ['']]) {
      expect(() => tokenReader({ [option]: wrong })).toThrow(
        expect.objectContaining({ option }) as unknown as ConfigurationError,
      );
    }
  });
});

describe('one notation for all places', () => {
  const answer = (headers: Record<string, string>, text: string, status = 200) => ({
    endpoint: 'e',
    status,
    headers: new Headers(headers),
    text,
    receivedAt: 0,
  });

  // https://docs.openstack.org/api-ref/identity/v3/#password-authentication-with-unscoped-authorization
  it('reads a header, whatever the body is', () => {
    const read = tokenReader({ tokenKey: { header: 'X-Subject-Token' }, expiresInKey: 'token.expires_at' });
    const body = JSON.stringify({ token: { expires_at: '1970-01-01T00:01:00.000000Z' } });
    expect(read(answer({ 'x-subject-token': 'gAAAA' }, body))).toMatchObject({
      accessToken: 'gAAAA',
      expiresAt: 60_000,
    });
    expect(read(answer({ 'x-subject-token': 'gAAAA' }, '<ok/>')).accessToken).toBe('gAAAA');
    expect(() => read(answer({}, '<ok/>'))).toThrow(/it has no 'X-Subject-Token'/);
  });

  // https://docs.cyberark.com/conjur-enterprise/latest/en/content/developer/conjur_api_authenticate.htm
  it('reads the whole body as text', () => {
    const read = tokenReader({ tokenKey: { body: 'text' }, expiresInKey: { header: 'x-expires-in' }, ttlMs: 5 });
    expect(read(answer({ 'x-expires-in': '8' }, 'eyJwcm90 \n'))).toMatchObject({
      accessToken: 'eyJwcm90',
      expiresAt: 8000,
    });
    expect(read(answer({}, 'eyJwcm90')).expiresAt).toBe(5);
    expect(() => read(answer({}, 'Unauthorized', 401))).toThrow(/HTTP status 401. It said/);
  });

  it('reads type, scope and refresh token where they are', () => {
    const options: TokenReaderOptions = {
      tokenTypeKey: 'data.kind',
      refreshTokenKey: { header: 'x-refresh' },
      scopeKey: { header: 'x-oauth-scopes' },
      scopeSeparator: ', ',
      tokenTypes: 'bot',
    };
    const body = JSON.stringify({ access_token: 't', token_type: 'mac', data: { kind: 'bot' } });
    const token = tokenReader(options)(answer({ 'x-refresh': 'r', 'x-oauth-scopes': 'repo, user' }, body));
    expect(token).toMatchObject({ tokenType: 'Bearer', refreshToken: 'r', scope: ['repo', 'user'] });
  });

  // https://cloud.google.com/apigee/docs/api-platform/troubleshoot/runtime/oauth-errors, and WeChat's errcode
  it.each<[TokenReaderOptions, object, string, string]>([
    [
      { errorKey: 'fault.detail.errorcode', errorDescriptionKey: 'fault.faultstring' },
      { fault: { faultstring: 'Invalid client', detail: { errorcode: 'invalid_client' } } },
      'invalid_client',
      'Invalid client',
    ],
    [
      { errorKey: 'errcode', errorDescriptionKey: 'errmsg' },
      { errcode: 40_029, errmsg: 'no code' },
      '40029',
      'no code',
    ],
    [{ errorKey: ['error.code'] }, { 'error.code': 'bad', message: 'said' }, 'bad', 'said'],
  ])('reads an error with %j', (options, body, error, errorDescription) => {
    const failed = () => tokenReader(options)(answer({}, JSON.stringify(body)));
    expect(failed).toThrow(expect.objectContaining({ kind: 'oauth-error', error, errorDescription }));
  });

  it('takes the number 0 for no error', () => {
    const body = { errcode: 0, access_token: 't' };
    expect(read(body, { errorKey: 'errcode' }).accessToken).toBe('t');
  });

  it('reads lifetimes in milliseconds', () => {
    const options: TokenReaderOptions = { expiresInUnit: 'milliseconds' };
    expect(read({ access_token: 't', expires_in: 3_600_000 }, options).expiresAt).toBe(3_600_000);
    const at = { expiresInUnit: 'milliseconds', expiresInKey: 'expires_at' } as const;
    expect(read({ access_token: 't', expires_at: 1_900_000_000_000 }, at).expiresAt).toBe(315_360_000_000);
    expect(read({ access_token: 't' }, options).expiresAt).toBeUndefined();
  });

  it.each([5, {}, { header: 'a b' }, { header: undefined }, { body: 'json' }, [5]])('%j is no place', (wrong) => {
    const make = () =>
      clientCredentials({ tokenEndpoint: 'https://as.example', clientId: 'id', errorKey: wrong as never });
    expect(make).toThrow(expect.objectContaining({ name: 'ConfigurationError', option: 'errorKey' }));
  });
});

describe('a format of one’s own', () => {
  it('makes the type not matter', async () => {
    await using server = await startEndpoint({ json: { access_token: 't', token_type: 'mac' } });
    const source = () => clientCredentials({ tokenEndpoint: server.url, clientId: 'id', clientSecret: 's' });
    await expect(new AuthOAuth2(source()).tokens.get()).rejects.toThrow(/'token_type' is 'mac'/);
    expect(await new AuthOAuth2(source(), { format: 'Token {}' }).tokens.get()).toMatchObject({ accessToken: 't' });
  });

  it('does not weaken tokens that must be bound to a key', async () => {
    await using server = await startEndpoint({ json: { access_token: 't', token_type: 'mac' } });
    const options = { tokenEndpoint: server.url, clientId: 'id', clientSecret: 's', dpop: new Dpop() };
    const source = clientCredentials(options);
    source.allowAnyTokenType();
    await expect(source.requestToken({ signal: AbortSignal.timeout(5000) })).rejects.toThrow(/not DPoP/);
  });
});

it('opts of a login say where its answer holds the token', async () => {
  await using server = await startEndpoint({
    headers: { 'x-auth-token': 'from-header', 'x-life': '60000' },
    body: 'ok',
  });
  const auth = buildAuthenticator({
    authType: 'AuthToken',
    url: 'https://api.example.com',
    username: 'ada',
    password: 'open sesame',
    authEndpoint: server.url,
    opts: { tokenKey: { header: 'x-auth-token' }, expiresInKey: { header: 'x-life' }, expiresInUnit: 'milliseconds' },
  }) as unknown as { tokens: { get(): Promise<object> } };
  expect(await auth.tokens.get()).toMatchObject({ accessToken: 'from-header', expiresAt: expect.any(Number) });
});

it('opts say the same', async () => {
  await using server = await startEndpoint({ json: SLACK });
  const auth = buildAuthenticator({
    authType: 'AuthOAuth2',
    url: 'https://api.example.com',
    oauth2Type: 'ClientCredentials',
    oauth2TokenURL: server.url,
    oauth2ClientId: 'id',
    oauth2ClientSecret: 'secret',
    opts: {
      tokenTypes: ['bot'],
      refreshTokenKey: 'authed_user.refresh_token',
      scopeSeparator: ',',
      scopeKey: ['scope'],
    },
  }) as unknown as { tokens: { get(): Promise<object> } };
  expect(await auth.tokens.get()).toMatchObject({
    accessToken: 'xoxb-1',
    refreshToken: 'xoxe-3',
    scope: ['commands', 'incoming-webhook'],
  });
});
