import { describe, expect, it } from 'vitest';
import { ConfigurationError, TokenEndpointError } from '../../../src/errors.ts';
import { credentialFilter } from '../../../src/logging/credential-filter.ts';
import { type TokenReaderOptions, type TokenResponse, tokenReader } from '../../../src/oauth/token-response.ts';

const NOW = Date.UTC(2026, 10, 22);
const JSON_TYPE = 'application/json;charset=UTF-8';
const FORM_TYPE = 'application/x-www-form-urlencoded';

function response(body: unknown, more: Partial<TokenResponse> & { type?: string } = {}): TokenResponse {
  const headers = new Headers({ 'content-type': more.type ?? JSON_TYPE });
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return { endpoint: 'https://as.example/token', status: 200, headers, text, receivedAt: NOW, ...more };
}

function read(answer: TokenResponse, options: TokenReaderOptions = {}) {
  return tokenReader(options)(answer);
}

function failure(answer: TokenResponse, options?: TokenReaderOptions): TokenEndpointError {
  try {
    read(answer, options);
  } catch (error) {
    expect(error).toBeInstanceOf(TokenEndpointError);
    return error as TokenEndpointError;
  }
  throw new Error('a token was read');
}

describe('an answer that holds a token', () => {
  it('by RFC 6749 §5.1', () => {
    const token = read(
      response({
        access_token: '2YotnFZFEjr1zCsicMWpAA',
        token_type: 'Bearer',
        expires_in: 3600,
        refresh_token: 'tGzv3JOkF0XG5Qx2TlKWIA',
        id_token: 'a.b.c',
        scope: 'read write',
      }),
    );
    expect(token).toEqual({
      accessToken: '2YotnFZFEjr1zCsicMWpAA',
      tokenType: 'Bearer',
      expiresAt: NOW + 3_600_000,
      refreshToken: 'tGzv3JOkF0XG5Qx2TlKWIA',
      idToken: 'a.b.c',
      scope: ['read', 'write'],
    });
  });

  it.each<[string, TokenResponse]>([
    ['as JSON, whatever the content type', response({ access_token: 't' }, { type: 'text/html' })],
    ['as JSON declared a form', response({ access_token: 't' }, { type: FORM_TYPE })],
    ['as JSON behind a BOM', response('\ufeff{"access_token":"t"}')],
    ['as JSON with white space around', response('\r\n {"access_token":"t"}\n')],
    ['as a form', response('access_token=t', { type: FORM_TYPE })],
    ['as a form with a charset', response('access_token=t\n', { type: `${FORM_TYPE}; charset=utf-8` })],
    ['as a form declared text', response('access_token=t', { type: 'text/plain' })],
    ['with status 201', response({ access_token: 't' }, { status: 201 })],
    ['beside an empty error', response({ access_token: 't', error: '' })],
    ['beside an error that is null', response({ access_token: 't', error: null })],
    ['beside an error that is a flag', response({ access_token: 't', error: false })],
    ['with token_type null', response({ access_token: 't', token_type: null })],
    ['with token_type in capitals', response({ access_token: 't', token_type: 'BEARER' })],
  ])('%s', (_name, answer) => {
    expect(read(answer)).toEqual({ accessToken: 't', tokenType: 'Bearer' });
  });

  it.each([0, -5, 'soon', null, '', true, [3600], {}, 0.3])('with expires_in %j: an unknown lifetime', (expires_in) => {
    expect(read(response({ access_token: 't', expires_in }))).not.toHaveProperty('expiresAt');
  });

  it.each(['', null, 5, {}, [], false])('with refresh_token %j: none', (refresh_token) => {
    expect(read(response({ access_token: 't', refresh_token }))).not.toHaveProperty('refreshToken');
  });

  it.each<[unknown, readonly string[] | undefined]>([
    ['  a   b ', ['a', 'b']],
    [
      ['a', 5, 'b'],
      ['a', 'b'],
    ],
    ['', undefined],
    [null, undefined],
    [7, undefined],
  ])('with scope %j', (scope, expected) => {
    expect(read(response({ access_token: 't', scope })).scope).toEqual(expected);
  });

  it('never trims it', () => {
    expect(read(response({ access_token: ' t ' })).accessToken).toBe(' t ');
  });

  it('as a form, with a lifetime', () => {
    const text = 'access_token=a%2Bb+c&expires_in=60&scope=x+y&refresh_token=r';
    expect(read(response(text, { type: FORM_TYPE }))).toEqual({
      accessToken: 'a+b c',
      tokenType: 'Bearer',
      expiresAt: NOW + 60_000,
      scope: ['x', 'y'],
      refreshToken: 'r',
    });
  });
});

describe('an answer that holds no token', () => {
  it.each<[string, TokenResponse]>([
    ['nothing', response('')],
    ['HTML', response('<html>a=b</html>', { type: 'text/html' })],
    ['a JSON list', response('[{"access_token":"t"}]')],
    ['a JSON text', response('"t"')],
    ['JSON null', response('null')],
    ['broken JSON', response('{"access_token":"t"')],
    ['no access_token', response({ token: 't' })],
    ['an empty access_token', response({ access_token: '' })],
    ['a number', response({ access_token: 5 })],
    ['a line break in the access_token', response({ access_token: 't\n' })],
    ['NUL in the access_token', response({ access_token: 't\0' })],
    ['an access_token beyond ASCII', response({ access_token: 'tökén' })],
    ['an access_token on the prototype', response('{"__proto__":{"access_token":"t"}}')],
    ['another token_type', response({ access_token: 't', token_type: 'mac' })],
    ['DPoP, which nobody asked for', response({ access_token: 't', token_type: 'DPoP' })],
    ['a token_type that is no text', response({ access_token: 't', token_type: 5 })],
    ['an empty token_type', response({ access_token: 't', token_type: '' })],
  ])('is malformed: %s', (_name, answer) => {
    expect(failure(answer)).toMatchObject({ kind: 'malformed', status: 200, code: 'ERR_AUTH_TOKEN_ENDPOINT' });
  });

  it.each([
    ['status 400', response({ error: 'invalid_grant', error_description: 'expired' }, { status: 400 })],
    ['status 200', response({ error: 'invalid_grant', error_description: 'expired' })],
    ['status 500', response({ error: 'invalid_grant', error_description: 'expired' }, { status: 500 })],
    ['a token beside it', response({ access_token: 't', error: 'invalid_grant', error_description: 'expired' })],
    ['a form', response('error=invalid_grant&error_description=expired', { type: FORM_TYPE, status: 400 })],
  ])('is an OAuth error with %s', (_name, answer) => {
    const error = failure(answer);
    expect(error).toMatchObject({ kind: 'oauth-error', error: 'invalid_grant', errorDescription: 'expired' });
    expect(error.message).toBe('https://as.example/token gave no token: invalid_grant: expired');
    expect(error.status).toBe(answer.status);
  });

  it.each([300, 301, 302, 303, 307, 308, 0])('is a redirect, never followed: %i, even with a token', (status) => {
    expect(failure(response({ access_token: 't' }, { status }))).toMatchObject({ kind: 'http-status', status });
    expect(failure(response({ error: 'invalid_grant' }, { status }))).toMatchObject({ kind: 'http-status' });
  });

  it.each([400, 401, 403, 404, 408, 429, 500, 503])('has status %i', (status) => {
    expect(failure(response({ access_token: 't' }, { status }))).toMatchObject({ kind: 'http-status', status });
    expect(failure(response('', { status }))).toMatchObject({ kind: 'http-status', status });
    expect(failure(response({ error: { code: 1 } }, { status }))).toMatchObject({ kind: 'http-status', status });
  });

  it.each([
    ['120', NOW + 120_000],
    ['86400', NOW + 300_000],
    [new Date(NOW + 60_000).toUTCString(), NOW + 60_000],
    ['soon', undefined],
  ])('may say when to come back: Retry-After %s', (value, retryAt) => {
    const headers = new Headers({ 'retry-after': value });
    expect(failure(response('', { status: 503, headers })).retryAt).toBe(retryAt);
    expect(failure(response({ error: 'slow_down' }, { status: 400, headers })).retryAt).toBe(retryAt);
  });

  it('is told without secrets, without control characters and without end', () => {
    credentialFilter.updateSecret('token-response', 'client-secret-91');
    const error_description = `bad client-secret-91\r\nSet-Cookie: x${'!'.repeat(50_000)}`;
    const error = failure(response({ error: 'invalid_client', error_description }, { status: 401 }));
    expect(error.message).not.toMatch(/client-secret-91|[\r\n]/);
    expect(error.errorDescription).toMatch(/^bad \*{5}\\u\{d\}\\u\{a\}Set-Cookie: x!+…$/);
    expect(Buffer.byteLength(error.errorDescription ?? '')).toBeLessThanOrEqual(1000);
    expect(Buffer.byteLength(error.message)).toBeLessThanOrEqual(1100);
  });

  it('is never quoted', () => {
    for (const text of ['<p>s3cr3t</p>', '{"token":"s3cr3t"}', '"s3cr3t"', '{"access_token":"s3cr3t\\n"}']) {
      expect(JSON.stringify(failure(response(text))) + failure(response(text)).stack).not.toContain('s3cr3t');
    }
  });
});

describe('a polluted Object.prototype', () => {
  const pollution = { access_token: 'evil', error: 'evil', refresh_token: 'evil', token_type: 'evil', expires_in: 1 };
  const polluted = <T>(action: () => T): T => {
    Object.assign(Object.prototype, pollution, { error_description: 'evil', id_token: 'evil', scope: 'evil' });
    try {
      return action();
    } finally {
      for (const name in {}) delete (Object.prototype as Record<string, unknown>)[name];
    }
  };

  it.each([
    ['JSON', response('{"access_token":"t"}')],
    ['a form', response('access_token=t', { type: FORM_TYPE })],
  ])('adds nothing to %s', (_name, answer) => {
    expect(polluted(() => JSON.stringify(read(answer)))).toBe('{"accessToken":"t","tokenType":"Bearer"}');
  });

  it('makes neither a token nor an error', () => {
    const [empty, refused] = [response('{}'), response('{"error":"invalid_grant"}')];
    expect(polluted(() => failure(empty).message)).toMatch(/it has no 'access_token'/);
    expect(polluted(() => failure(refused).message)).toMatch(/no token: invalid_grant$/);
  });
});

describe('a reader', () => {
  it('finds token and lifetime by dotted paths', () => {
    const options = { tokenKey: 'data.session.0.jwt', expiresInKey: 'data.expires_at' };
    const answer = response({ data: { session: [{ jwt: 'j' }], expires_at: '2026-11-22T01:00:00Z' } });
    expect(read(answer, options)).toMatchObject({ accessToken: 'j', expiresAt: NOW + 3_600_000 });
  });

  it('with a static expiry ignores what the answer says', () => {
    const options = { expiry: 'static', ttlMs: 5000 } as const;
    expect(read(response({ access_token: 't', expires_in: 3600 }), options).expiresAt).toBe(NOW + 5000);
    expect(read(response({ access_token: 't' }), options).expiresAt).toBe(NOW + 5000);
  });

  it('with a dynamic expiry falls back on ttlMs only where the answer says nothing', () => {
    const options = { expiry: 'dynamic', ttlMs: 5000 } as const;
    expect(read(response({ access_token: 't', expires_in: 3600 }), options).expiresAt).toBe(NOW + 3_600_000);
    expect(read(response({ access_token: 't' }), options).expiresAt).toBe(NOW + 5000);
    expect(read(response({ access_token: 't' })).expiresAt).toBeUndefined();
  });

  it.each<[TokenReaderOptions, string]>([
    [{ tokenKey: '__proto__.token' }, 'tokenKey'],
    [{ tokenKey: '' }, 'tokenKey'],
    [{ expiresInKey: 'a.constructor' }, 'expiresInKey'],
    [{ expiry: 'static' }, 'ttlMs'],
  ])('refuses %j at once', (options, option) => {
    expect(() => tokenReader(options)).toThrow(ConfigurationError);
    expect(() => tokenReader(options)).toThrow(expect.objectContaining({ option }));
  });
});
