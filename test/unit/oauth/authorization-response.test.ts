import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { AuthenticationError } from '../../../src/errors.ts';
import { type AuthorizationResponse, codeOf } from '../../../src/oauth/authorization-response.ts';

const flow = {
  redirectUri: 'http://127.0.0.1/cb',
  responseMode: 'query' as const,
  state: 's-1',
  codeVerifier: 'v',
  nonce: 'n',
  maxAgeMs: undefined,
};
const issuer = 'https://as.example';
const good = { state: 's-1', code: 'c0de' };
const announcing = { issuer, authorization_response_iss_parameter_supported: true };
const read = (response: unknown, metadata?: object) =>
  codeOf(response as AuthorizationResponse, flow, metadata as { issuer: string });

describe('the answer to a login', () => {
  const query = String(new URLSearchParams(good));
  it.each([
    ['the URL as text', `http://127.0.0.1/cb?${query}`],
    ['the path and query that a server sees', `/cb?${query}`],
    ['the query with a question mark', `?${query}`],
    ['the query', query],
    ['a URL', new URL(`http://127.0.0.1/cb?${query}`)],
    ['parameters', new URLSearchParams(good)],
    ['an object', good],
  ])('may be %s', (_name, response) => {
    expect(read(response)).toBe('c0de');
  });

  it.each([undefined, null, 7])('must not be %s', (response) => {
    expect(() => read(response)).toThrow(/'authorize' gave no answer/);
  });
});

describe('the state comes first', () => {
  it.each([
    ['another', { state: 's-2', code: 'c0de' }],
    ['a longer one', { state: 's-11', code: 'c0de' }],
    ['a shorter one', { state: 's-', code: 'c0de' }],
    ['an empty one', { state: '', code: 'c0de' }],
    ['none', { code: 'c0de' }],
    ['none beside an error', { error: 'access_denied' }],
    ['another one beside an error', { state: 'x', error: 'access_denied' }],
    ['two', 'state=s-1&state=s-1&code=c0de'],
  ])('with %s nothing else is believed', (_name, response) => {
    expect(() => read(response)).toThrow(AuthenticationError);
    expect(() => read(response)).toThrow(/state/);
  });
});

describe('the issuer (RFC 9207)', () => {
  it.each([
    ['is the one that was asked', { ...good, iss: issuer }, announcing],
    ['is not there, and was not announced', good, { issuer }],
    ['is not known, with endpoints', { ...good, iss: 'https://any.example' }, undefined],
  ])('is fine when it %s', (_name, response, metadata) => {
    expect(read(response, metadata)).toBe('c0de');
  });

  it.each([
    ['is another', { ...good, iss: 'https://evil.example' }, { issuer }],
    ['has a slash more', { ...good, iss: `${issuer}/` }, announcing],
    ['is not there, although announced', good, announcing],
    ['is empty', { ...good, iss: '' }, { issuer }],
    ['is there twice', 'state=s-1&code=c&iss=https://as.example&iss=https://as.example', announcing],
    ['is another one beside an error', { state: 's-1', error: 'x', iss: 'https://evil.example' }, announcing],
  ])('makes the answer worthless when it %s', (_name, response, metadata) => {
    expect(() => read(response, metadata)).toThrow(AuthenticationError);
  });
});

describe('an error of the server', () => {
  it('is typed, and its text escaped', () => {
    const response = { state: 's-1', error: 'login_required', error_description: 'a\r\nb\u2028c' };
    expect(() => read(response)).toThrow(
      expect.objectContaining({ error: 'login_required', errorDescription: 'a\\u{d}\\u{a}b\\u{2028}c' }),
    );
  });

  it('wins over a code', () => {
    expect(() => read({ ...good, error: 'access_denied' })).toThrow(
      expect.objectContaining({ error: 'access_denied' }),
    );
  });
});

it('neither code nor error is no answer', () => {
  expect(() => read({ state: 's-1' })).toThrow(/neither a code nor an error/);
  expect(() => read({ state: 's-1', code: '' })).toThrow(AuthenticationError);
});

it('errors do not tell the code', () => {
  try {
    read({ ...good, iss: 'https://evil.example' }, { issuer });
    expect.unreachable();
  } catch (error) {
    expect(inspect(error, { depth: 9 })).not.toContain('c0de');
  }
});
