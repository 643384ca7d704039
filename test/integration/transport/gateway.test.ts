/** What http:// requests become on their way through a proxy, seen by a client that shows everything. */

import { once } from 'node:events';
import { type IncomingMessage, type RequestOptions, request } from 'node:http';
import { text } from 'node:stream/consumers';
import axios from 'axios';
import got from 'got';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Transport } from '../../../src/node/transport/transport.ts';
import { deferred } from '../../helpers/deferred.ts';
import { wantsDigest } from '../../helpers/network/proxy-rules.ts';
import { type RecordingOrigin, startRecordingOrigin } from '../../helpers/network/recording-origin.ts';
import { type RecordingProxy, startRecordingProxy } from '../../helpers/network/recording-proxy.ts';
import { testTransport } from './fixture.ts';

const login = { username: 'ada', password: 'proxy pass' };

let origin: RecordingOrigin;
let proxy: RecordingProxy;

beforeAll(async () => {
  origin = await startRecordingOrigin();
  proxy = await startRecordingProxy({ rule: wantsDigest(login.username, login.password) });
});

afterEach(() => {
  for (const server of [origin, proxy]) server.forget();
});

afterAll(() => Promise.all([origin, proxy].map((server) => server.close())));

const toProxy = (): Transport => testTransport({ proxy: { url: proxy.url, ...login } });

async function send(transport: Transport, options: RequestOptions, body?: string | string[]): Promise<IncomingMessage> {
  const sent = request(origin.url('/path?x=1'), { agent: transport.axios.httpAgent, ...options });
  for (const chunk of Array.isArray(body) ? body : []) sent.write(chunk);
  sent.end(Array.isArray(body) ? undefined : body);
  const [answer] = (await once(sent, 'response')) as [IncomingMessage];
  return answer;
}

describe('http:// through a proxy', () => {
  it('is sent in absolute form, with the fields as they were written', async () => {
    const answer = await send(toProxy(), { headers: { 'X-MiXeD': 'CaSe', Accept: ['a', 'b'] } });
    await text(answer);
    expect(proxy.hits.map(({ uri }) => uri)).toEqual(Array(2).fill(origin.url('/path?x=1')));
    expect(proxy.bytes).toContain(`GET ${origin.url('/path?x=1')} HTTP/1.1\r\n`);
    expect(proxy.bytes).toContain('X-MiXeD: CaSe\r\n');
    expect(proxy.bytes).toContain(`Host: api.example:${origin.port}\r\n`);
  });

  it.each([
    ['*', 'OPTIONS', ''],
    ['http://evil.example/x', 'GET', '/http://evil.example/x'],
  ])('keeps the origin, whatever the target is: %s', async (path, method, expected) => {
    await text(await send(toProxy(), { path, method }));
    expect(proxy.hits.at(-1)?.uri).toBe(`http://api.example:${origin.port}${expected}`);
    expect(origin.hits).toHaveLength(1);
  });

  it.each<[string, RequestOptions, string | string[] | undefined]>([
    ['GET', { method: 'GET' }, undefined],
    ['POST of a known length', { method: 'POST', headers: { 'content-length': '5' } }, 'hello'],
    ['POST in chunks', { method: 'POST', headers: { 'transfer-encoding': 'chunked' } }, ['he', 'llo']],
    ['POST of nothing', { method: 'POST', headers: { 'content-length': '0' } }, undefined],
    ['PUT', { method: 'PUT' }, 'hello'],
    ['DELETE with a body', { method: 'DELETE', headers: { 'content-length': '5' } }, 'hello'],
  ])('carries a %s', async (_what, options, body) => {
    const expected = body === undefined ? 0 : 5;
    const transport = toProxy();
    for (let call = 0; call < 2; call += 1) {
      const answer = await send(transport, options, body);
      expect(await text(answer)).toBe(`${options.method} /path?x=1 ${expected}`);
    }
  });

  it('announces no body where there is none, whatever the method', async () => {
    const transport = toProxy();
    for (const method of ['GET', 'REPORT']) {
      await (await transport.fetch(origin.url('/'), { method })).text();
    }
    expect(origin.hits.map(({ method }) => method)).toEqual(['GET', 'REPORT']);
    expect(origin.bytes.toLowerCase()).not.toContain('transfer-encoding');
  });

  it('answers HEAD without a body, and keeps its length', async () => {
    origin.answer = (_hit, response) => response.writeHead(200, { 'content-length': '1000' }).end();
    const answer = await send(toProxy(), { method: 'HEAD' });
    expect(answer.headers['content-length']).toBe('1000');
    expect(await text(answer)).toBe('');
  });

  it.each([204, 304, 404, 503])('hands on status %i', async (status) => {
    origin.answer = (_hit, response) => response.writeHead(status, { 'x-a': ['1', '2'] }).end();
    const answer = await send(toProxy(), {});
    expect(answer.statusCode).toBe(status);
    expect(
      answer.rawHeaders.filter((_name, at, all) => all[at - 1] === 'x-a' || all[at] === 'x-a').length,
    ).toBeGreaterThan(0);
    await text(answer);
  });

  it('hands on an answer as it comes', async () => {
    const rest = deferred();
    origin.answer = async (_hit, response) => {
      response.write('first');
      await rest.promise;
      response.end(', second');
    };
    const answer = await send(toProxy(), {});
    const [first] = await once(answer, 'data');
    expect(String(first)).toBe('first');
    rest.resolve();
    expect(await text(answer)).toBe(', second');
  });

  it('breaks off where the origin does', async () => {
    origin.answer = (_hit, response) => {
      response.writeHead(200, { 'content-length': '100' });
      response.write('a part', () => response.destroy());
    };
    const answer = await send(toProxy(), {});
    await expect(text(answer)).rejects.toThrow(/aborted/);
  });

  it('tells the proxy when nobody waits any more', async () => {
    const left = deferred();
    origin.answer = (_hit, response) => {
      response.write('a part');
      response.once('close', left.resolve);
    };
    const answer = await send(toProxy(), {});
    answer.destroy();
    await left.promise;
  });

  it('hands on a long header, for clients that take one', async () => {
    const long = 'x'.repeat(100_000);
    origin.answer = (_hit, response) => response.writeHead(200, { long }).end();
    const answer = await send(toProxy(), { maxHeaderSize: 200_000 });
    expect(answer.headers.long).toBe(long);
  });

  it('lets a client lose patience by its own clock', async () => {
    origin.answer = () => undefined;
    const { axios: agents, got: options } = toProxy();
    const url = origin.url();
    await expect(axios.get(url, { ...agents, timeout: 100 })).rejects.toMatchObject({ code: 'ECONNABORTED' });
    const timeout = { lookup: 5000, connect: 5000, socket: 5000, send: 5000, response: 100, request: 5000 };
    await expect(got(url, { ...options, timeout, retry: { limit: 0 } })).rejects.toMatchObject({ event: 'response' });
    const idle = request(url, { agent: agents.httpAgent, timeout: 100 }).end();
    await once(idle, 'timeout');
    idle.on('error', () => undefined).destroy();
  });

  it('waits with Expect: 100-continue, and lets the body come', async () => {
    origin.answer = ({ body }, response) => response.end(body);
    const sent = request(origin.url(), {
      agent: toProxy().axios.httpAgent,
      method: 'POST',
      headers: { expect: '100-continue', 'content-length': '5' },
    });
    sent.flushHeaders();
    await once(sent, 'continue');
    sent.end('hello');
    const [answer] = await once(sent, 'response');
    expect(await text(answer)).toBe('hello');
  });

  it('carries a body that is larger than what it would keep for a repeat', async () => {
    const size = 8 * 1024 * 1024;
    origin.answer = ({ body }, response) => response.end(String(body.length));
    const headers = { 'content-length': String(size) };
    const answer = await send(toProxy(), { method: 'POST', headers }, 'x'.repeat(size));
    expect(await text(answer)).toBe(String(size));
  });

  it('repeats an idempotent request whose kept connection the proxy has just ended', async () => {
    origin.answer = (_hit, response) => response.end('here');
    const transport = toProxy();
    await text(await send(transport, {}));
    // Without waiting until our end has noticed.
    proxy.drop();
    expect(await text(await send(transport, {}))).toBe('here');
  });
});
