import { afterAll, describe, expect, it } from 'vitest';
import { CredentialError } from '../../../src/errors.ts';
import { callEndpoint } from '../../../src/oauth/call-endpoint.ts';
import { startEndpoint, startRawServer } from '../../helpers/endpoint.ts';

const started: AsyncDisposable[] = [];
afterAll(async () => {
  for (const server of started) await server[Symbol.asyncDispose]();
});

async function raw(...bytes: (string | undefined)[]): Promise<string> {
  const server = await startRawServer((socket) => {
    for (const chunk of bytes) chunk === undefined ? socket.end() : socket.write(chunk);
  });
  started.push(server);
  return server.url;
}

async function closedPort(): Promise<string> {
  await using server = await startEndpoint({});
  return server.url;
}

function call(url: string, signal = new AbortController().signal, fetchWith?: typeof fetch) {
  const target = new URL(url);
  const post = (send: typeof fetch) => send(target, { method: 'POST', body: 'x', redirect: 'manual', signal });
  return callEndpoint(target, signal, post, fetchWith === undefined ? { now: () => 42 } : { fetch: fetchWith });
}

const failure = (promise: Promise<unknown>) =>
  promise.then(
    () => expect.unreachable(),
    (error: unknown) => error,
  );

describe('callEndpoint', () => {
  it('reads status, headers and text, and when they came', async () => {
    const server = await startEndpoint({ status: 418, headers: { 'x-a': 'b' }, body: '\ufeffgrüße' });
    started.push(server);
    const answer = await call(`${server.url}?key=s3cret`);
    expect(answer).toMatchObject({ endpoint: server.url, status: 418, text: 'grüße', receivedAt: 42 });
    expect(answer.headers.get('x-a')).toBe('b');
  });

  it('leaves a redirect unfollowed', async () => {
    const server = await startEndpoint({ status: 307, headers: { location: '/elsewhere' } });
    started.push(server);
    expect(await call(server.url)).toMatchObject({ status: 307 });
    expect(server.received.map(({ path }) => path)).toEqual(['/token']);
  });

  it('refuses the answer of a fetch that follows redirects all the same', async () => {
    const server = await startEndpoint({ status: 302, headers: { location: '/elsewhere' } }, { json: {} });
    started.push(server);
    const follow: typeof fetch = (input, init) => fetch(input, { ...init, redirect: 'follow' });
    expect(await failure(call(server.url, undefined, follow))).toMatchObject({ kind: 'http-status' });
  });

  it('gives up on an answer larger than 1 MiB', async () => {
    const megabyte = 'x'.repeat(1024 * 1024);
    expect((await call(await raw('HTTP/1.1 200 OK\r\n\r\n', megabyte, undefined))).text).toHaveLength(1024 * 1024);
    const error = await failure(call(await raw('HTTP/1.1 200 OK\r\n\r\n', megabyte, 'x', undefined)));
    expect(error).toMatchObject({ kind: 'malformed', status: 200 });
  });

  it.each([
    ['nobody listens', closedPort, /\(ECONNREFUSED\)/],
    ['no HTTP is spoken', () => raw('hello\r\n\r\n'), /could not be reached/],
    [
      'the connection breaks',
      () => raw('HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nabc', undefined),
      /broke off in its answer/,
    ],
  ])('is a network error when %s', async (_name, start, message) => {
    const error = await failure(call(await start()));
    expect(error).toMatchObject({ kind: 'network', message: expect.stringMatching(message) });
    expect(error).toHaveProperty('cause');
  });

  it.each([
    ['before the headers', []],
    ['within the body', ['HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nabc']],
  ])('is a timeout when the signal aborts %s', async (_name, bytes) => {
    const server = await startRawServer((socket) => {
      for (const chunk of bytes) socket.write(chunk);
      socket.write('', () => setImmediate(() => controller.abort(new Error('deadline'))));
    });
    started.push(server);
    const controller = new AbortController();
    expect(await failure(call(server.url, controller.signal))).toMatchObject({ kind: 'timeout' });
  });

  it('reads no body of a redirect, and no end of a refusal', async () => {
    const endless = (status: string) =>
      raw(`HTTP/1.1 ${status}\r\nretry-after: 5\r\n\r\n`, 'x'.repeat(1024 * 1024 + 1));
    expect(await call(await endless('307 X'))).toMatchObject({ status: 307, text: '' });
    expect(await call(await endless('503 X'))).toMatchObject({ status: 503, text: '' });
  });

  it('passes on what our own code refuses to send', async () => {
    const refusal = new CredentialError('the user name holds a colon');
    expect(await failure(call('http://127.0.0.1:1/token', undefined, () => Promise.reject(refusal)))).toBe(refusal);
  });

  it('tells neither query nor messages of the client', async () => {
    const broken: typeof fetch = async () => {
      throw new Error('Bearer s3cret');
    };
    const error = (await failure(call('http://127.0.0.1:1/token?key=s3cret', undefined, broken))) as Error;
    expect(error.message).toBe('http://127.0.0.1:1/token could not be reached.');
  });
});
