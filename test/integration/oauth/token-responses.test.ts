import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TokenEndpointError } from '../../../src/errors.ts';
import { clientCredentials } from '../../../src/oauth/grants/client-credentials.ts';
import type { TokenResponseOptions } from '../../../src/oauth/token-response.ts';
import type { Token } from '../../../src/tokens/token.ts';
import { deferred } from '../../helpers/deferred.ts';
import { type Endpoint, startEndpoint, startRawServer } from '../../helpers/endpoint.ts';
import { leaks } from '../../helpers/leaks.ts';
import { bodies } from './vectors/bodies.ts';
import { lifetimes } from './vectors/lifetimes.ts';
import { refusals } from './vectors/refusals.ts';
import { transport } from './vectors/transport.ts';
import { answer, CLIENT_SECRET, endless, JSON_TYPE, NOW, type Talk, type Vector } from './vectors/vector.ts';

/** What the wire holds of the secret: `client_secret_basic`, form-encoded first. */
const BASIC = Buffer.from('my-id:s3cr%3Aet+%2F%2B%25%26%3D').toString('base64');

async function request(talk: Talk, options: TokenResponseOptions = {}): Promise<Token> {
  await using server = await startRawServer(talk);
  const client = { tokenEndpoint: server.url, clientId: 'my-id', clientSecret: CLIENT_SECRET, now: () => NOW };
  return await clientCredentials({ ...client, ...options }).requestToken({ signal: new AbortController().signal });
}

async function refusal(talk: Talk, options?: TokenResponseOptions): Promise<TokenEndpointError> {
  const error: unknown = await request(talk, options).then(
    () => expect.unreachable('a token was read'),
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(TokenEndpointError);
  return error as TokenEndpointError;
}

/** What holds of every error, whatever went wrong. */
function expectDecent(error: TokenEndpointError): void {
  expect(error.code).toBe('ERR_AUTH_TOKEN_ENDPOINT');
  expect(error.message).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/token [^\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+$/u);
  expect(error.message.length).toBeLessThanOrEqual(1100);
  expect(leaks(error, CLIENT_SECRET, BASIC)).toEqual([]);
}

describe.each([
  ['the body', bodies],
  ['the lifetime', lifetimes],
  ['a refusal', refusals],
  ['the wire', transport],
])('%s', (_rule, vectors) => {
  it.each(vectors.filter((vector) => vector.token !== undefined))('gives a token: $name', async (vector) => {
    const expected = { accessToken: 't', tokenType: 'Bearer', ...vector.token };
    expect(await request(vector.talk, vector.options)).toEqual(expected);
  });

  it.each(vectors.filter((vector): vector is Vector & { fails: object } => vector.fails !== undefined))(
    'gives no token: $name',
    async ({ talk, options, fails: { message, ...expected } }) => {
      const error = await refusal(talk, options);
      expect(error).toMatchObject(expected);
      if (message !== undefined) expect(error.message).toMatch(message);
      expectDecent(error);
    },
  );
});

describe('a redirect', () => {
  let trap: Endpoint;
  beforeAll(async () => {
    trap = await startEndpoint({ json: { access_token: 'stolen' } });
  });
  afterAll(() => trap[Symbol.asyncDispose]());

  it.each([300, 301, 302, 303, 304, 305, 307, 308, 399])('with %i is not followed', async (status) => {
    const lines = [JSON_TYPE, `location: ${trap.url}`, 'retry-after: 9'];
    const error = await refusal(answer(`${status} X`, lines, '{"access_token":"t","error":"invalid_grant"}'));
    expect(error).toMatchObject({ kind: 'http-status', status, error: undefined, retryAt: NOW + 9000 });
    expectDecent(error);
    expect(trap.received).toEqual([]);
  });

  it.each(['/token2', '//127.0.0.1:1/', 'http://[', 'javascript:alert(1)', 'http://u:p@127.0.0.1/', ''])(
    'to %j is not followed either',
    async (location) => {
      expect(await refusal(answer('307 X', [`location: ${location}`]))).toMatchObject({ kind: 'http-status' });
    },
  );

  it('is not waited for, however long its body', async () => {
    const talk: Talk = (socket) => void socket.write('HTTP/1.1 302 X\r\nlocation: /x\r\ncontent-length: 9\r\n\r\n');
    expect(await refusal(talk)).toMatchObject({ kind: 'http-status', status: 302 });
  });
});

describe('what came is given up', () => {
  it('once it is too large: the connection ends, and little more is read', async () => {
    const closed = deferred<number>();
    await refusal((socket, request) => {
      socket.once('close', () => closed.resolve(socket.bytesWritten));
      endless(socket, request);
    });
    // The server never hangs up by itself: only the client can have ended this.
    const sent = await closed.promise;
    expect(sent).toBeGreaterThan(1024 * 1024);
    // What fills the buffers of both ends comes on top.
    expect(sent).toBeLessThan(32 * 1024 * 1024);
  });
});
