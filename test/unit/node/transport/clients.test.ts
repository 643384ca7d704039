import { execFileSync } from 'node:child_process';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import axios from 'axios';
import got from 'got';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createTransport, type Transport } from '../../../../src/node/transport/transport.ts';

let server: Server;
let url: string;
let transport: Transport;

beforeAll(async () => {
  server = createServer(async (message, response) => {
    let body = '';
    for await (const chunk of message) body += chunk;
    response.end(`${message.method} ${message.headers['x-a'] ?? '-'} ${body}`);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
});

beforeEach(() => {
  transport = createTransport();
});

afterEach(() => transport.close());

afterAll(() => {
  server.closeAllConnections();
  server.close();
});

class Init {
  readonly method = 'POST';
  get headers() {
    return { 'x-a': 'getter' };
  }
  get body() {
    return 'text';
  }
}

describe('agents of a transport', () => {
  it.each<[string, () => Promise<unknown>]>([
    ['axios', () => axios.get('http://localhost/', { ...transport.axios, socketPath: '/no/such/socket' })],
    ['got', () => got('http://unix:/no/such/socket:/', { ...transport.got, enableUnixSockets: true })],
  ])('send nothing elsewhere that is meant for a Unix socket: %s', async (_client, send) => {
    await expect(send()).rejects.toThrow(/^a transport cannot reach a Unix socket/);
  });
});

describe('fetch of a transport', () => {
  it.each<[string, () => Parameters<typeof fetch>, string]>([
    ['text', () => [url], 'GET - '],
    ['a URL', () => [new URL(url)], 'GET - '],
    ['a Request', () => [new Request(url, { method: 'POST', body: 'b', headers: { 'x-a': 'c' } })], 'POST c b'],
    [
      'a Request and more',
      () => [new Request(url, { headers: { 'x-a': 'c' } }), { method: 'PUT', body: 'd' }],
      'PUT c d',
    ],
    ['a Request as init', () => [url, new Request(url, { method: 'POST', body: 'b' }) as RequestInit], 'POST - b'],
    ['an init with getters', () => [url, new Init()], 'POST getter text'],
    ['an init without prototype', () => [url, Object.assign(Object.create(null), { method: 'PUT' })], 'PUT - '],
    ['a form', () => [url, { method: 'POST', body: new URLSearchParams({ a: 'b' }) }], 'POST - a=b'],
  ])('takes %s', async (_what, args, expected) => {
    const answer = await transport.fetch(...args());
    expect(answer).toBeInstanceOf(Response);
    expect(await answer.text()).toBe(expected);
  });

  it('rejects as fetch does', async () => {
    await expect(transport.fetch('not a URL')).rejects.toThrow(TypeError);
    await expect(transport.fetch(url, { signal: AbortSignal.abort() })).rejects.toThrow(
      expect.objectContaining({ name: 'AbortError' }),
    );
  });

  it('is one function, however often it is read', () => {
    const { fetch } = transport;
    expect([transport.ky.fetch, transport.axios.env.fetch]).toEqual([fetch, fetch]);
    expect(transport.undici).toBe(transport.undici);
  });
});

it.each([
  ['is not installed', 'MODULE_NOT_FOUND', /install it \(npm install undici\)/],
  ['cannot be loaded', 'ERR_REQUIRE_ESM', /this Node \(v[\d.]+\) cannot load it/],
])('says what to do where undici %s, and leaves the rest alone', (_what, code, message) => {
  const module = new URL('../../../../src/node/transport/transport.ts', import.meta.url).href;
  const script = `
    import { registerHooks } from 'node:module';
    registerHooks({
      resolve(name, context, next) {
        if (name === 'undici') throw Object.assign(new Error('no'), { code: '${code}' });
        return next(name, context);
      },
    });
    const { createTransport } = await import(${JSON.stringify(module)});
    const transport = createTransport({ proxy: 'http://p.example' });
    const said = [transport.axios, transport.got].every((options) => typeof options === 'object') ? ['fine'] : [];
    try { transport.undici } catch (error) { said.push(error.code, error.message) }
    await transport.fetch('http://a.example/').catch((error) => said.push(error.message));
    console.log(JSON.stringify(said));
  `;
  const args = ['--input-type=module', '--no-warnings', '--eval', script];
  const [rest, errorCode, ...messages] = JSON.parse(execFileSync(process.execPath, args, { encoding: 'utf8' }));
  expect([rest, errorCode]).toEqual(['fine', 'ERR_AUTH_CONFIGURATION']);
  expect(messages).toEqual([expect.stringMatching(message), expect.stringMatching(message)]);
});
