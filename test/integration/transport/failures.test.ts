import { once } from 'node:events';
import { createServer, type Server } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { ProxyError } from '../../../src/node/transport/errors.ts';
import { deferred } from '../../helpers/deferred.ts';
import { type Certificate, certificate, certificateAuthority } from '../../helpers/network/certificates.ts';
import { wantsBasic, wantsBearer, wantsDigest } from '../../helpers/network/proxy-rules.ts';
import { type RecordingOrigin, startRecordingOrigin } from '../../helpers/network/recording-origin.ts';
import { transportClients } from '../../helpers/network/transport-clients.ts';
import { causesOf, testProxy, testTransport, thrownBy } from './fixture.ts';

let ca: Certificate;
let secure: RecordingOrigin;
let plain: RecordingOrigin;

beforeAll(async () => {
  ca = await certificateAuthority();
  secure = await startRecordingOrigin(await certificate(ca, 'api.example', ['api.example']));
  plain = await startRecordingOrigin();
});

afterEach(() => {
  for (const origin of [secure, plain]) origin.forget();
});

afterAll(() => Promise.all([secure, plain].map((server) => server.close())));

/** Something that is no proxy: it gets each connection, and says what it wants. */
async function testServer(answer: (server: import('node:net').Socket) => void): Promise<string> {
  const server: Server = createServer((socket) => {
    socket.on('error', () => undefined);
    onTestFinished(() => void socket.destroy());
    answer(socket);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  return `127.0.0.1:${(server.address() as { port: number }).port}`;
}

const login = { username: 'ada', password: 'do not print me' };

/** The error of a proxy that stands somewhere in a client's. */
function proxyErrorIn(error: unknown): ProxyError {
  const found = causesOf(error).find((one) => one instanceof ProxyError);
  if (found === undefined) throw new Error(`no ProxyError in ${String(error)}`, { cause: error });
  return found;
}

const answers: readonly (readonly [what: string, text: string | undefined, status: number | undefined, RegExp])[] = [
  ['answers 502', 'HTTP/1.1 502 Bad Gateway\r\ncontent-length: 3\r\n\r\nbad', 502, /502/],
  ['answers 403', 'HTTP/1.1 403 Forbidden\r\ncontent-length: 0\r\n\r\n', 403, /403/],
  ['speaks another language', 'SSH-2.0-OpenSSH_9.2\r\n', undefined, /no answer that can be read \(HPE_/],
  ['never ends its header', `HTTP/1.1 200 OK\r\nx: ${'x'.repeat(40_000)}`, undefined, /\(HPE_HEADER_OVERFLOW\)/],
  ['hangs up', undefined, undefined, /no answer that can be read \(ECONNRESET\)/],
];

describe.each(transportClients)('%s', (client, wire) => {
  it.each(answers)('says so where the proxy %s instead of a tunnel', async (_what, text, status, message) => {
    const name = await testServer((socket) => {
      socket.once('data', () => (text === undefined ? socket.destroy() : socket.write(text)));
    });
    const send = wire(testTransport({ ca: ca.cert, proxy: { url: `http://${name}`, ...login, scheme: 'basic' } }));
    const error = proxyErrorIn(await thrownBy(() => send({ url: secure.url() })));
    expect(error).toMatchObject({ code: 'ERR_AUTH_PROXY', proxy: name, status });
    expect(error.message).toMatch(message);
  });

  it.each([
    ['speaks another language', 'SSH-2.0-OpenSSH_9.2\r\n', /no answer that can be read \(HPE_/],
    [
      'changes the protocol',
      'HTTP/1.1 101 Switching Protocols\r\nupgrade: x\r\nconnection: upgrade\r\n\r\n',
      /no answer/,
    ],
    ['hangs up', undefined, /no answer that can be read \(ECONNRESET\)/],
  ])('says so where the proxy %s instead of an answer', async (_what, answer, message) => {
    const name = await testServer((socket) => {
      socket.once('data', () => (answer === undefined ? socket.destroy() : socket.write(answer)));
    });
    const send = wire(testTransport({ proxy: `http://${name}` }));
    const error = proxyErrorIn(await thrownBy(() => send({ url: plain.url() })));
    expect(error).toMatchObject({ code: 'ERR_AUTH_PROXY', proxy: name, status: undefined });
    expect(error.message).toMatch(message);
  });

  it('says so where nobody listens', async () => {
    const proxy = await testProxy();
    await proxy.close();
    const send = wire(testTransport({ proxy: { host: '127.0.0.1', port: proxy.port, ...login } }));
    for (const origin of [secure, plain]) {
      const error = proxyErrorIn(await thrownBy(() => send({ url: origin.url() })));
      expect(error).toMatchObject({ proxy: proxy.name, status: undefined });
      expect(error.message).toMatch(/could not be reached \(ECONNREFUSED\)/);
    }
  });

  it('gives up a proxy that never answers', async () => {
    const name = await testServer(() => undefined);
    const send = wire(testTransport({ connectTimeoutMs: 200, proxy: `http://${name}` }));
    const error = proxyErrorIn(await thrownBy(() => send({ url: secure.url() })));
    expect(error.message).toMatch(/no connection to api\.example:\d+ through the proxy .* after 200 ms/);
  });

  it.each([
    ['Basic', () => wantsBasic('ada', 'other')],
    ['Digest', () => wantsDigest('ada', 'other')],
    ['a token', () => wantsBearer(new Set(['other']))],
  ])('says so where the proxy refuses the login for %s', async (_what, rule) => {
    const proxy = await testProxy({ rule: rule() });
    const send = wire(testTransport({ ca: ca.cert, proxy: { url: proxy.url, ...login } }));
    for (const origin of [secure, plain]) {
      const error = proxyErrorIn(await thrownBy(() => send({ url: origin.url(), method: 'POST', body: 'x' })));
      expect(error).toMatchObject({ proxy: proxy.name, status: 407 });
      expect(error.message).toMatch(/407.*option proxy/);
      expect(origin.hits).toHaveLength(0);
    }
    expect(proxy.hits.length).toBeLessThanOrEqual(4);
  });

  it('says so where the proxy wants a login and there is none', async () => {
    const proxy = await testProxy({ rule: wantsBasic('ada', 'other') });
    const send = wire(testTransport({ ca: ca.cert, proxy: proxy.url }));
    for (const origin of [secure, plain]) {
      const error = proxyErrorIn(await thrownBy(() => send({ url: origin.url() })));
      expect(error).toMatchObject({ proxy: proxy.name, status: 407 });
      expect(error.message).toMatch(/wants credentials \(407\), and there are none/);
    }
  });

  it('does not send the password by Basic where Digest was agreed on', async () => {
    for (const scheme of [undefined, 'digest' as const]) {
      const proxy = await testProxy({ rule: wantsDigest(login.username, login.password) });
      const options = { url: proxy.url, ...login, ...(scheme && { scheme }) };
      const send = wire(testTransport({ ca: ca.cert, proxy: options }));
      if (scheme === undefined) expect((await send({ url: plain.url() })).status).toBe(200);
      proxy.rule = wantsBasic(login.username, login.password);
      for (const origin of [secure, plain]) {
        expect(proxyErrorIn(await thrownBy(() => send({ url: origin.url() })))).toMatchObject({ status: 407 });
      }
      expect(proxy.bytes).not.toContain('Basic');
    }
  });

  it('ends at once when the caller aborts, while the proxy is silent', async () => {
    const arrived = deferred<void>();
    const name = await testServer((socket) => void socket.once('data', () => arrived.resolve()));
    // undici looks at a signal once it is connected, not before: there it is our deadline that ends it.
    const deadline = client === 'undici' ? { connectTimeoutMs: 300 } : {};
    const send = wire(testTransport({ proxy: `http://${name}`, ...deadline }));
    for (const origin of [secure, plain]) {
      const controller = new AbortController();
      const sent = thrownBy(() => send({ url: origin.url(), signal: controller.signal }));
      await arrived.promise;
      controller.abort();
      expect(await sent).toBeInstanceOf(Error);
    }
  });

  it('sends nothing once the transport is closed', async () => {
    const proxy = await testProxy();
    const transport = testTransport({ ca: ca.cert, proxy: proxy.url });
    const send = wire(transport);
    expect((await send({ url: secure.url() })).status).toBe(200);
    await transport.close();
    secure.forget();
    for (const origin of [secure, plain]) {
      expect(await thrownBy(() => send({ url: origin.url() }))).toBeInstanceOf(Error);
      expect(origin.hits).toHaveLength(0);
    }
  });
});
