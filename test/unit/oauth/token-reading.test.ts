import { describe, expect, it } from 'vitest';
import { buildAuthenticator } from '../../../src/builders/index.ts';
import type { ConfigurationError } from '../../../src/errors.ts';
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
