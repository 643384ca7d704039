import { describe, expect, it } from 'vitest';
import { type Answer, type AnswerOptions, answerReader } from '../../../../src/node/command/answer.ts';
import { MARK, markedJwt, markedSecret } from '../../../helpers/leaks-mark.ts';

const NOW = Date.UTC(2026, 0, 1);
const HOUR = 3_600_000;

function read(stdout: string | Uint8Array | object, options: AnswerOptions = {}): Answer {
  const text = typeof stdout === 'object' && !(stdout instanceof Uint8Array) ? JSON.stringify(stdout) : stdout;
  return answerReader(options)(typeof text === 'string' ? new TextEncoder().encode(text) : text, NOW);
}

function tokenOf(answer: Answer) {
  if ('token' in answer) return answer.token;
  throw new Error(answer.problem);
}

function problemOf(answer: Answer): string {
  if ('problem' in answer) return answer.problem;
  throw new Error('There is a token.');
}

describe('a line', () => {
  it.each([
    ['alone', 'token-1'],
    ['with a line break', 'token-1\n'],
    ['with one of Windows', 'token-1\r\n'],
    ['between blanks and line breaks', '\n \t token-1 \n\n'],
    ['behind a byte order mark', '\ufefftoken-1\n'],
    ['as a string of JSON', '"token-1"\n'],
  ])('is the token: %s', (_name, stdout) => {
    expect(tokenOf(read(stdout))).toEqual({ accessToken: 'token-1', tokenType: 'Bearer' });
  });

  it.each([
    ['nothing', '', 'empty', /nothing/],
    ['blanks', ' \r\n\t\n', 'empty', /nothing/],
    ['two lines', `${MARK}-1\n${MARK}-2\n`, 'answer', /several lines/],
    ['two lines with a carriage return', `${MARK}-1\r${MARK}-2`, 'answer', /several lines/],
    ['a string of JSON with a line break', `"${MARK}-1\\n${MARK}-2"`, 'answer', /several lines/],
    ['a colour', `\u001b[31m${MARK}\u001b[0m`, 'answer', /control characters/],
    ['a NUL', `${MARK}\0${MARK}`, 'answer', /control characters/],
    ['a tab inside', `${MARK}\t${MARK}`, 'answer', /control characters/],
    ['a C1 control', `${MARK}\u0085${MARK}`, 'answer', /control characters/],
    ['UTF-16', new Uint8Array([0xff, 0xfe, 0x41, 0]), 'answer', /UTF-8/],
  ])('is refused: %s', (_name, stdout, kind, says) => {
    const answer = read(stdout);

    expect(answer).toMatchObject({ kind });
    expect(problemOf(answer)).toMatch(says);
    expect(problemOf(answer)).not.toContain(MARK);
  });
});

describe('JSON', () => {
  const at = NOW + HOUR;
  const iso = new Date(at).toISOString();

  it.each<[string, object]>([
    ['token, expires_in', { token: 'a', expires_in: 3600 }],
    ['access_token, expires_in as text', { access_token: 'a', expires_in: '3600' }],
    ['expires_at in seconds', { token: 'a', expires_at: at / 1000 }],
    ['expires_at in milliseconds', { token: 'a', expires_at: at }],
    ['expires_at as ISO 8601', { token: 'a', expires_at: iso }],
    ['expiration', { token: 'a', expiration: iso }],
    ['an unreadable time beside a readable one', { token: 'a', expires_at: 'soon', expires_in: 3600 }],
    [
      'accessToken and expires_on, as az prints',
      { accessToken: 'a', expiresOn: '2026-01-01 03:00:00', expires_on: at / 1000 },
    ],
    ['AWS credentials', { Version: 1, AccessKeyId: 'AK', SecretAccessKey: 'sk', SessionToken: 'a', Expiration: iso }],
    [
      'an ExecCredential',
      {
        kind: 'ExecCredential',
        apiVersion: 'client.authentication.k8s.io/v1',
        status: { token: 'a', expirationTimestamp: iso },
      },
    ],
  ])('gives the token and when it expires: %s', (_name, answer) => {
    expect(tokenOf(read(answer))).toEqual({ accessToken: 'a', tokenType: 'Bearer', expiresAt: at });
  });

  it('prefers access_token to token', () => {
    expect(tokenOf(read({ token: 'b', access_token: 'a' })).accessToken).toBe('a');
  });

  it('finds what the options name', () => {
    const answer = { credential: { access_token: 'a', token_expiry: iso }, token: 'b', expires_in: 1 };
    const options = { tokenKey: 'credential.access_token', expiresInKey: 'credential.token_expiry' };

    expect(tokenOf(read(answer, options))).toMatchObject({ accessToken: 'a', expiresAt: at });
  });

  it('lets tokenKey pick another of the AWS credentials', () => {
    const answer = { Version: 1, AccessKeyId: 'AK', SecretAccessKey: 'sk', Expiration: iso };

    expect(tokenOf(read(answer, { tokenKey: 'AccessKeyId' }))).toMatchObject({ accessToken: 'AK', expiresAt: at });
  });

  it.each<[string, string | object, RegExp]>([
    ['broken', `{"token": "${MARK}`, /is none/],
    ['several objects', `{"token": "${MARK}"}\n{"token": "${MARK}"}`, /is none/],
    ['a list', [MARK], /not a JSON object/],
    ['without a token', { note: MARK }, /access_token, token, accessToken/],
    ['with an empty token', { token: '', note: MARK }, /without a token/],
    ['with a token that is no text', { token: { value: MARK } }, /without a token/],
    ['with a token that holds a line break', { token: `${MARK}\n` }, /control characters/],
    ['without what tokenKey names', { token: MARK }, /data\.token/],
    [
      'AWS credentials without a session',
      { AccessKeyId: MARK, SecretAccessKey: MARK },
      /AWS keys without 'SessionToken'/,
    ],
    [
      'an ExecCredential with a certificate',
      { kind: 'ExecCredential', status: { clientCertificateData: MARK, clientKeyData: MARK } },
      /certificate belongs to the TLS/,
    ],
    ['an ExecCredential with a token outside of status', { kind: 'ExecCredential', token: MARK }, /status\.token/],
  ])('is refused: %s', (name, answer, says) => {
    const problem = problemOf(read(answer, name.includes('tokenKey') ? { tokenKey: 'data.token' } : {}));

    expect(problem).toMatch(says);
    expect(problem).not.toContain(MARK);
  });

  it('reads own properties only', () => {
    expect(problemOf(read('{"__proto__": {"token": "a"}}'))).toMatch(/without a token/);
  });

  it('names all that is secret in it, so that it is masked', () => {
    const secret = () => markedSecret('token');
    const answer = {
      ...{ AccessKeyId: 'AK', SecretAccessKey: secret(), SessionToken: secret() },
      nested: [{ refresh_token: secret(), id_token: secret(), clientKeyData: secret() }],
    };
    const { secrets } = read(answer) as Extract<Answer, { token: unknown }>;

    expect(secrets).toHaveLength(5);
    expect(secrets).not.toContain('AK');
  });
});

describe('the lifetime', () => {
  const jwt = (exp: unknown) => markedJwt({ exp });

  it('is the exp of a JWT where nothing else is said', () => {
    expect(tokenOf(read(jwt((NOW + HOUR) / 1000))).expiresAt).toBe(NOW + HOUR);
    expect(tokenOf(read({ token: jwt((NOW + HOUR) / 1000), expires_in: 60 })).expiresAt).toBe(NOW + 60_000);
  });

  it.each([
    ['over', jwt((NOW - HOUR) / 1000)],
    ['unreadable', jwt('tomorrow')],
    ['missing', 'opaque'],
  ])('is unknown where the exp is %s', (_name, token) => {
    expect(tokenOf(read(token)).expiresAt).toBeUndefined();
  });

  it('is ttlMs where the answer says nothing', () => {
    expect(tokenOf(read('opaque', { ttlMs: 1000 })).expiresAt).toBe(NOW + 1000);
    expect(tokenOf(read({ token: 'a', expires_in: 60 }, { ttlMs: 1000 })).expiresAt).toBe(NOW + 60_000);
  });

  it('is always ttlMs when static', () => {
    expect(tokenOf(read({ token: 'a', expires_in: 60 }, { ttlMs: 1000, expiry: 'static' })).expiresAt).toBe(NOW + 1000);
  });

  it.each<[string, AnswerOptions, string]>([
    ['no positive ttlMs', { ttlMs: 0 }, 'ttlMs'],
    ['static without ttlMs', { expiry: 'static' }, 'ttlMs'],
    ['an unknown expiry', { expiry: 'never' as never }, 'expiry'],
    ['a tokenKey of an attacker', { tokenKey: '__proto__.token' }, 'tokenKey'],
    ['an empty expiresInKey', { expiresInKey: '' }, 'expiresInKey'],
  ])('refuses %s', (_name, options, option) => {
    expect(() => answerReader(options)).toThrow(expect.objectContaining({ code: 'ERR_AUTH_CONFIGURATION', option }));
  });
});
