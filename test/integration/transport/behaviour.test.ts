import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { commandSource } from '../../../src/node/command/source.ts';
import type { Token, TokenSource } from '../../../src/tokens/token.ts';
import { type Certificate, certificate, certificateAuthority } from '../../helpers/network/certificates.ts';
import { wantsBasic, wantsBearer, wantsDigest } from '../../helpers/network/proxy-rules.ts';
import { type RecordingOrigin, startRecordingOrigin } from '../../helpers/network/recording-origin.ts';
import { type TransportCall, transportClients } from '../../helpers/network/transport-clients.ts';
import { testProxy, testTransport } from './fixture.ts';

const username = 'ada';
const password = 'proxy pass';

let ca: Certificate;
let secure: RecordingOrigin;
let plain: RecordingOrigin;

beforeAll(async () => {
  ca = await certificateAuthority();
  const names = ['api.example', 'localhost', '127.0.0.1', '::1'];
  secure = await startRecordingOrigin(await certificate(ca, 'api.example', names));
  plain = await startRecordingOrigin();
});

afterEach(() => {
  for (const origin of [secure, plain]) origin.forget();
});

afterAll(() => Promise.all([secure, plain].map((server) => server.close())));

const post = (origin: RecordingOrigin, path: string, rest: Partial<TransportCall> = {}): TransportCall => ({
  url: origin.url(path),
  method: 'POST',
  body: 'x'.repeat(1000),
  ...rest,
});

/** A source that says how often it was asked. */
function countingSource(): TokenSource & { asked: number } {
  return {
    asked: 0,
    async requestToken(): Promise<Token> {
      this.asked += 1;
      return { accessToken: `token-${this.asked}`, tokenType: 'Bearer' };
    },
  };
}

describe.each(transportClients)('%s', (_, wire) => {
  it('repeats a request whose nonce is used up, body and all', async () => {
    const proxy = await testProxy({ rule: wantsDigest(username, password, { uses: 2 }) });
    const send = wire(testTransport({ proxy: { url: proxy.url, username, password } }));
    for (let call = 0; call < 5; call += 1) {
      expect(await send(post(plain, `/${call}`))).toEqual({ status: 200, text: `POST /${call} 1000` });
    }
    expect(plain.hits).toHaveLength(5);
    // 407, 1, 2, 407, 3, 4, 407, 5
    expect(proxy.hits).toHaveLength(8);
  });

  it('takes the next nonce that the proxy offers, and needs no repeat', async () => {
    const proxy = await testProxy({ rule: wantsDigest(username, password, { uses: 1, nextNonce: true }) });
    const send = wire(testTransport({ proxy: { url: proxy.url, username, password } }));
    for (let call = 0; call < 4; call += 1) expect((await send(post(plain, '/'))).status).toBe(200);
    expect(proxy.hits).toHaveLength(5);
  });

  it('learns a nonce before it lets go of a body that can be sent only once', async () => {
    const proxy = await testProxy({ rule: wantsDigest(username, password, { uses: 1 }) });
    const send = wire(testTransport({ proxy: { url: proxy.url, username, password } }));
    for (let call = 0; call < 2; call += 1) {
      const sent = await send(post(plain, '/', { streamed: true, body: 'y'.repeat(500_000) }));
      expect(sent).toEqual({ status: 200, text: 'POST / 500000' });
    }
    expect(plain.hits.map(({ method }) => method)).toEqual(['POST', 'POST']);
    const questions = proxy.hits.filter(({ method }) => method === 'OPTIONS');
    expect(questions).toHaveLength(2);
  });

  it('gives each of many requests at once a count of its own', async () => {
    const proxy = await testProxy({ rule: wantsDigest(username, password) });
    const send = wire(testTransport({ ca: ca.cert, proxy: { url: proxy.url, username, password } }));
    const calls = Array.from({ length: 20 }, (_unused, call) => send(post(call % 2 ? plain : secure, `/${call}`)));
    for (const { status } of await Promise.all(calls)) expect(status).toBe(200);
    expect(plain.hits.length + secure.hits.length).toBe(20);
  });

  it('makes a token once for all, and anew once it is refused', async () => {
    const tokens = new Set(['token-1']);
    const proxy = await testProxy({ rule: wantsBearer(tokens) });
    const source = countingSource();
    const send = wire(testTransport({ ca: ca.cert, proxy: { url: proxy.url, token: source } }));
    const all = () => Promise.all([plain, plain, secure].map((origin) => send(post(origin, '/'))));
    for (const { status } of await all()) expect(status).toBe(200);
    expect(source.asked).toBe(1);

    tokens.clear();
    tokens.add('token-2');
    await proxy.hangUp();
    for (const { status } of await all()) expect(status).toBe(200);
    expect(source.asked).toBe(2);

    tokens.clear();
    tokens.add('token-3');
    expect((await send(post(plain, '/'))).status).toBe(200);
    expect(source.asked).toBe(3);
  });

  it('sends the token of a command', async () => {
    const proxy = await testProxy({ rule: wantsBearer(new Set(['from-a-command'])) });
    const token = commandSource({ command: [process.execPath, '-p', '"from-a-command"'] });
    const send = wire(testTransport({ ca: ca.cert, proxy: { url: proxy.url, token } }));
    for (const origin of [secure, plain]) expect((await send(post(origin, '/'))).status).toBe(200);
  });

  it('speaks TLS with an https:// proxy, and checks its certificate', async () => {
    const tls = await certificate(ca, 'proxy', ['127.0.0.1']);
    const proxy = await testProxy({ tls, rule: wantsBasic(username, password) });
    const send = wire(testTransport({ ca: ca.cert, proxy: { url: proxy.url, username, password } }));
    for (const origin of [secure, plain]) expect((await send(post(origin, '/'))).status).toBe(200);

    const untrusted = wire(testTransport({ proxy: { url: proxy.url, username, password, scheme: 'basic' } }));
    proxy.forget();
    for (const origin of [secure, plain]) await expect(untrusted(post(origin, '/'))).rejects.toThrow();
    expect(proxy.hits).toHaveLength(0);
  });

  it('goes past the proxy where it is told to', async () => {
    const proxy = await testProxy();
    const noProxy = ['localhost', '127.0.0.0/8'];
    const send = wire(testTransport({ ca: ca.cert, proxy: { url: proxy.url, noProxy } }));
    for (const origin of [secure, plain]) {
      for (const host of ['localhost', '127.0.0.1'])
        expect((await send({ url: origin.url('/', host) })).status).toBe(200);
    }
    expect(proxy.hits).toHaveLength(0);
    expect((await send({ url: plain.url() })).status).toBe(200);
    expect(proxy.hits).toHaveLength(1);
  });

  it('writes IPv6 addresses with brackets, and reaches a proxy that has one', async () => {
    const proxy = await testProxy({ host: '::1' });
    const send = wire(testTransport({ ca: ca.cert, proxy: { host: '::1', port: proxy.port } }));
    for (const origin of [secure, plain]) expect((await send({ url: origin.url('/', '[::1]') })).status).toBe(200);
    expect(proxy.hits.map(({ uri }) => uri)).toEqual([`[::1]:${secure.port}`, `http://[::1]:${plain.port}/`]);
  });

  it('opens a new connection where the proxy has ended the old one', async () => {
    const proxy = await testProxy();
    const send = wire(testTransport({ ca: ca.cert, proxy: proxy.url }));
    for (const origin of [secure, plain]) {
      expect((await send({ url: origin.url() })).status).toBe(200);
      await proxy.hangUp();
      expect((await send({ url: origin.url() })).status).toBe(200);
    }
  });

  it('keeps what it is told of headers, status and body', async () => {
    const proxy = await testProxy();
    const send = wire(testTransport({ proxy: proxy.url }));
    plain.answer = (_hit, response) => {
      response.writeHead(404, { 'x-answer': 'yes', connection: 'x-answer' }).end('gone');
    };
    const headers = { 'X-Mine': 'a', 'x-gone': 'b' };
    expect(await send({ url: plain.url('/a?b=c%20d'), headers })).toEqual({ status: 404, text: 'gone' });
    const [hit] = plain.hits;
    expect(hit).toMatchObject({ method: 'GET', url: '/a?b=c%20d' });
    expect(hit?.headers).toMatchObject({ 'x-mine': 'a', host: `api.example:${plain.port}` });
    plain.answer = ({ method, url, body }, response) => response.end(`${method} ${url} ${body.length}`);
  });
});

it('asks nobody in the environment for a proxy', async () => {
  const proxy = await testProxy();
  const before = { ...process.env };
  Object.assign(process.env, {
    HTTP_PROXY: proxy.url,
    HTTPS_PROXY: proxy.url,
    http_proxy: proxy.url,
    https_proxy: proxy.url,
  });
  try {
    for (const [, wire] of transportClients) {
      const send = wire(testTransport({ ca: ca.cert }));
      for (const origin of [secure, plain])
        expect((await send({ url: origin.url('/', 'localhost') })).status).toBe(200);
    }
  } finally {
    process.env = before;
  }
  expect(proxy.connections).toBe(0);
});
