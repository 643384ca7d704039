import { describe, expect, it } from 'vitest';
import { TokenEndpointError } from '../../../src/errors.ts';
import { type TokenResponse, tokenReader } from '../../../src/oauth/token-response.ts';

const read = tokenReader();

function failureOf(status: number, body: unknown, type = 'application/json'): TokenEndpointError {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const headers = new Headers(type === '' ? {} : { 'content-type': type });
  const response: TokenResponse = { endpoint: 'https://as.example/token', status, headers, text, receivedAt: 0 };
  try {
    read(response);
  } catch (error) {
    if (error instanceof TokenEndpointError) return error;
  }
  return expect.unreachable();
}

describe('the reason of the server', () => {
  it.each([
    // https://developer.okta.com/docs/reference/error-codes/
    [
      'Okta',
      { errorCode: 'E0000011', errorSummary: 'Invalid token provided', errorCauses: [] },
      'Invalid token provided',
    ],
    // https://cloud.google.com/apis/design/errors
    [
      'Google',
      { error: { code: 403, message: 'The caller lacks permission', status: 'DENIED' } },
      'The caller lacks permission',
    ],
    // https://developer.zendesk.com, https://jsonapi.org/format/#errors
    ['a list', { errors: [{ message: 'No such client' }, { detail: 'Try again' }, 7] }, 'No such client; Try again'],
    // https://docs.aws.amazon.com/apigateway/latest/developerguide/supported-gateway-response-types.html
    ['API Gateway', { message: 'Missing Authentication' }, 'Missing Authentication'],
    // RFC 9457 §3
    ['problem details', { title: 'Forbidden', detail: 'Account is locked' }, 'Account is locked'],
  ])('is shown: %s', (_who, body, said) => {
    const error = failureOf(403, body);
    expect(error).toMatchObject({ kind: 'http-status', status: 403, errorDescription: said });
    expect(error.message).toContain(said);
  });

  it('goes with an error code of RFC 6749 wherever it stands', () => {
    expect(failureOf(400, { error: 'invalid_grant', message: 'Code was used' })).toMatchObject({
      kind: 'oauth-error',
      error: 'invalid_grant',
      errorDescription: 'Code was used',
    });
  });

  it('is shown where an answer without an error has no token', () => {
    expect(failureOf(200, { message: 'Consent is missing' }).message).toContain('but says: Consent is missing');
  });

  it('is bounded', () => {
    expect(failureOf(500, { message: 'word '.repeat(10_000) }).message.length).toBeLessThan(1200);
  });
});

describe('an answer that is no JSON', () => {
  const page = '<!doctype html><style>b{}</style><script>let x = 1</script><h1>Bad gateway</h1>\n<p>nginx is sorry';

  it.each([502, 200])('shows its content type and its beginning (status %i)', (status) => {
    expect(failureOf(status, page, 'text/html; charset=utf-8').message).toContain(
      'text/html: Bad gateway nginx is sorry',
    );
  });

  it('shows nothing that looks random', () => {
    expect(failureOf(200, 'gho_16C7e42F292c6912E7710c838347Ae178B4a', 'text/plain').message).toContain(
      'text/plain: *****',
    );
  });

  it('is read in linear time, however it is made', () => {
    const start = performance.now();
    for (const unit of ['<', '<style', '<script>', ' ', '\n', 'a<']) {
      expect(failureOf(500, unit.repeat(1_000_000 / unit.length), 'text/html').message.length).toBeLessThan(600);
    }
    expect(performance.now() - start).toBeLessThan(1000);
  });
});
