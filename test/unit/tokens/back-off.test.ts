import { beforeAll, describe, expect, it } from 'vitest';
import {
  AuthError,
  AuthenticationError,
  ConfigurationError,
  CredentialError,
  LoginRequiredError,
  StoreError,
  TokenEndpointError,
} from '../../../src/errors.ts';
import { classify, parseRetryAfter, retryDelay, unitRandom } from '../../../src/tokens/back-off.ts';
import { understandErrors } from '../../../src/tokens/oauth-errors.ts';

beforeAll(understandErrors);

const oauth = (error: string, status = 400) =>
  new TokenEndpointError('refused', { kind: 'oauth-error', error, status });
const http = (status: number) => new TokenEndpointError('refused', { kind: 'http-status', status });

describe('classify', () => {
  it.each([
    ...['invalid_grant', 'invalid_client', 'unauthorized_client', 'unsupported_grant_type', 'invalid_scope'],
    ...['access_denied', 'invalid_request', 'something_of_their_own'],
  ])('%s is terminal', (error) => {
    expect(classify(oauth(error)).terminal).toBe(true);
  });

  it('a known terminal error is terminal even with a status 500', () => {
    expect(classify(oauth('invalid_grant', 500)).terminal).toBe(true);
  });

  it.each([400, 401, 403, 404, 302])('status %d is terminal', (status) => {
    expect(classify(http(status)).terminal).toBe(true);
  });

  it.each([408, 425, 429, 500, 502, 503, 504])('status %d is transient', (status) => {
    expect(classify(http(status)).terminal).toBe(false);
    expect(classify(oauth('something_of_their_own', status)).terminal).toBe(false);
  });

  it.each(['temporarily_unavailable', 'server_error', 'slow_down'])('%s is transient', (error) => {
    expect(classify(oauth(error)).terminal).toBe(false);
  });

  it.each(['network', 'timeout', 'malformed'] as const)('kind %s is transient', (kind) => {
    expect(classify(new TokenEndpointError('no answer', { kind })).terminal).toBe(false);
  });

  it.each<[string, unknown, boolean]>([
    ['a wrong option', new ConfigurationError('no'), true],
    ['a login that only a person can do', new LoginRequiredError('no'), true],
    ['a refused login', new AuthenticationError('no', { status: 401 }), true],
    ['a login server that is down', new AuthenticationError('no', { status: 503 }), false],
    ['a failed function', new CredentialError('no', { cause: new Error('boom') }), false],
    ['a credential error about a terminal one', new CredentialError('no', { cause: oauth('invalid_grant') }), true],
    ['a time-out', new AuthError('no', { code: 'ERR_AUTH_TIMEOUT' }), false],
    ['a store', new StoreError('no'), false],
    ['an error of somebody else', new TypeError('fetch failed'), false],
    ['no error at all', undefined, false],
  ])('%s', (_name, error, terminal) => {
    expect(classify(error).terminal).toBe(terminal);
  });

  it('hands the time on that the server named', () => {
    const error = new TokenEndpointError('busy', { kind: 'http-status', status: 429, retryAt: 123 });
    expect(classify(error)).toEqual({ terminal: false, retryAt: 123 });
    expect(classify(new CredentialError('no', { cause: error }))).toEqual({ terminal: false, retryAt: 123 });
  });
});

describe('retryDelay', () => {
  it.each([
    [0, 1, 500],
    [0, 0.5, 250],
    [0, 0, 0],
    [3, 1, 4000],
    [7, 1, 60_000],
    [2000, 1, 60_000],
  ])('after %d failures and with %d from the dice it is %d ms', (failures, random, expected) => {
    expect(retryDelay(failures, undefined, () => random)).toBe(expected);
  });

  it('never comes before Retry-After, and caps that at 300 s', () => {
    expect(retryDelay(0, 7000, () => 0.5)).toBe(7000);
    expect(retryDelay(9, 7000, () => 0.5)).toBe(30_000);
    expect(retryDelay(0, 86_400_000, () => 0.5)).toBe(300_000);
    expect(retryDelay(0, -5000, () => 0.5)).toBe(250);
  });
});

describe('parseRetryAfter', () => {
  const now = Date.UTC(1994, 10, 6, 8, 49, 30);

  it.each<[string, string | null | undefined, number | undefined]>([
    ['seconds', '7', 7000],
    ['blanks around', ' 7 ', 7000],
    ['zero', '0', 0],
    ['a fraction, as some send it', '0.5', 500],
    ['more than 300 s', '86400', 300_000],
    ['more digits than a number holds', '9'.repeat(400), 300_000],
    ['an IMF-fixdate', 'Sun, 06 Nov 1994 08:49:37 GMT', 7000],
    ['an RFC 850 date', 'Sunday, 06-Nov-94 08:49:37 GMT', 7000],
    ['an asctime date, which is GMT too', 'Sun Nov  6 08:49:37 1994', 7000],
    ['a date that is over', 'Sun, 06 Nov 1994 08:00:00 GMT', 0],
    ['a date far away', 'Mon, 06 Nov 1995 08:00:00 GMT', 300_000],
    ['absent', null, undefined],
    ['undefined', undefined, undefined],
    ['empty', '', undefined],
    ['negative', '-7', undefined],
    ['words', 'soon', undefined],
    ['a weekday only', 'Sunday', undefined],
    ['what Date.parse would take for a date', '7 8', undefined],
    ['two values', '7, 8', undefined],
  ])('%s', (_name, value, afterMs) => {
    expect(parseRetryAfter(value, now)).toBe(afterMs === undefined ? undefined : now + afterMs);
  });

  it('reads a hostile value in linear time', () => {
    const started = performance.now();
    parseRetryAfter(`Sun, ${' '.repeat(1_000_000)}x`, now);
    parseRetryAfter(`${'1'.repeat(1_000_000)}x`, now);
    expect(performance.now() - started).toBeLessThan(500);
  });
});

describe('unitRandom', () => {
  it.each([
    [[0, 0, 0, 0], 0],
    [[0, 0, 0, 128], 0.5],
    [[255, 255, 255, 255], 1 - 2 ** -32],
  ])('turns %j into %d', (bytes, expected) => {
    expect(unitRandom(() => Uint8Array.from(bytes))).toBe(expected);
  });
});
