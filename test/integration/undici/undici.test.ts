import { once } from 'node:events';
import { createServer } from 'node:http';
import { createServer as createHttp2Server } from 'node:http2';
import { type AddressInfo, createServer as createTcpServer } from 'node:net';
import { Readable, Writable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { type Agent, Client, fetch, H2CClient, Pool } from 'undici';
import { expect, it, onTestFinished } from 'vitest';
import { undiciAuth, type WithBodyFactory } from '../../../src/adapters/undici.ts';
import { testAgent } from '../../helpers/clients/pool.ts';
import { echo, guarded, type ProtectedApi, refuse, sequence, startProtectedApi } from '../../helpers/protected-api.ts';
import { TestAuth } from '../../helpers/test-auth.ts';
import { TokenIssuer } from '../../helpers/token-issuer.ts';

/** A server whose first answer to everything is a refusal, and an agent that signs for it. */
async function setUp(make: (origin: string) => Agent | Pool | Client = () => testAgent()) {
  const api = await startProtectedApi();
  onTestFinished(() => api.close());
  const issuer = new TokenIssuer(api);
  const dispatcher = make(api.origin);
  onTestFinished(() => dispatcher.destroy());
  const agent = dispatcher.compose(undiciAuth(new TestAuth(issuer), { origins: [api.origin] }));
  await (await agent.request({ origin: api.origin, path: '/warm-up', method: 'GET' })).body.dump();
  issuer.expire();
  api.forget();
  return { api, issuer, agent };
}

function expectOneRenewal(api: ProtectedApi, issuer: TokenIssuer): void {
  expect(api.hits.map((hit) => hit.headers.authorization)).toEqual(issuer.issued.map((token) => `Bearer ${token}`));
  expect(issuer.requests).toBe(2);
}

const get = { path: '/mine', method: 'GET' } as const;

it('renews below request()', async () => {
  const { api, issuer, agent } = await setUp();

  const { statusCode, body, headers } = await agent.request({ origin: api.origin, ...get });

  expect(statusCode).toBe(200);
  expect(headers['content-type']).toBe('application/json');
  expect(await body.json()).toMatchObject({ path: '/mine' });
  expectOneRenewal(api, issuer);
});

it('renews below request() with raw headers', async () => {
  const { api, issuer, agent } = await setUp();

  const { headers } = await agent.request({ origin: api.origin, ...get, responseHeaders: 'raw' });

  expect(headers).toContain('application/json');
  expectOneRenewal(api, issuer);
});

it('renews below stream(), whose factory is called for the last answer only', async () => {
  const { api, issuer, agent } = await setUp();
  const seen: number[] = [];
  const chunks: Buffer[] = [];

  await agent.stream({ origin: api.origin, ...get }, ({ statusCode }) => {
    seen.push(statusCode);
    return new Writable({ write: (chunk, _encoding, done) => done(void chunks.push(chunk) as never) });
  });

  expect(seen).toEqual([200]);
  expect(JSON.parse(Buffer.concat(chunks).toString())).toMatchObject({ path: '/mine' });
  expectOneRenewal(api, issuer);
});

it('signs a pipeline(), and hands its 401 on because its body cannot be sent twice', async () => {
  const { api, issuer, agent } = await setUp();
  const statuses: number[] = [];
  const send = () =>
    agent.pipeline({ origin: api.origin, path: '/upload', method: 'POST' }, ({ statusCode, body }) => {
      statuses.push(statusCode);
      return body;
    });

  await text(Readable.from(['one ', 'two']).pipe(send()));
  const second = await text(Readable.from(['one ', 'two']).pipe(send()));

  expect(statuses).toEqual([401, 200]);
  expect(JSON.parse(second)).toMatchObject({ bodyLength: 7 });
  expectOneRenewal(api, issuer);
});

it("renews below undici's fetch for requests without a body", async () => {
  const { api, issuer, agent } = await setUp();

  const response = await fetch(api.url('/mine'), { dispatcher: agent });

  expect(response.status).toBe(200);
  expect(response.redirected).toBe(false);
  expect(await response.json()).toMatchObject({ path: '/mine' });
  expectOneRenewal(api, issuer);
});

it("renews for the next call when undici's fetch has made a one-shot iterator of a string", async () => {
  const { api, issuer, agent } = await setUp();
  const post = () => fetch(api.url('/mine'), { dispatcher: agent, method: 'POST', body: 'text' });

  expect((await post()).status).toBe(401);
  expect((await post()).status).toBe(200);
  expectOneRenewal(api, issuer);
});

it('renews on an HTTP/2 connection', async () => {
  const issuer = new TokenIssuer();
  const server = createHttp2Server((request, response) => {
    const good = request.headers.authorization === `Bearer ${issuer.issued[1]}`;
    response.writeHead(good ? 200 : 401).end(good ? 'in' : 'out');
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const client = new H2CClient(origin);
  onTestFinished(() => client.destroy());
  const signed = client.compose(undiciAuth(new TestAuth(issuer), { origins: [origin] }));

  const { statusCode, body } = await signed.request(get as never);

  expect([statusCode, await body.text()]).toEqual([200, 'in']);
});

it.each([
  ['Client', (origin: string) => new Client(origin)],
  ['Pool', (origin: string) => new Pool(origin)],
])('knows the origin of a %s', async (_name, make) => {
  const { api, issuer, agent } = await setUp(make);

  expect((await agent.request(get as never)).statusCode).toBe(200);
  expectOneRenewal(api, issuer);
});

it('renews once for pipelined requests that are all refused on one connection', async () => {
  const { api, issuer, agent } = await setUp((origin) => new Pool(origin, { connections: 1, pipelining: 5 }));
  const calls = Array.from({ length: 5 }, () => agent.request({ origin: api.origin, ...get }));

  const bodies = await Promise.all(calls.map(async (call) => (await call).body.json()));

  expect(bodies).toHaveLength(5);
  expect(api.hits.filter((hit) => hit.headers.authorization === `Bearer ${issuer.latest}`)).toHaveLength(5);
  expect(issuer.requests).toBe(2);
});

it('upgrades once the refused handshake has been signed anew', async () => {
  const issuer = new TokenIssuer();
  const handshakes: (string | undefined)[] = [];
  const server = createServer().on('upgrade', ({ headers: { authorization } }, socket) => {
    handshakes.push(authorization);
    if (authorization !== `Bearer ${issuer.issued[1]}`) {
      socket.end('HTTP/1.1 401 Unauthorized\r\ncontent-length: 0\r\nconnection: close\r\n\r\n');
    } else {
      socket.end('HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: echo\r\n\r\nhello');
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const signed = testAgent().compose(undiciAuth(new TestAuth(issuer), { origins: [origin] }));

  const { socket } = await signed.upgrade({ origin, path: '/', protocol: 'echo' } as never);

  expect(await text(socket)).toBe('hello');
  expect(handshakes).toEqual(issuer.issued.map((token) => `Bearer ${token}`));
});

it('signs CONNECT', async () => {
  const lines: string[] = [];
  const proxy = createTcpServer((socket) => {
    socket.once('data', (data) => {
      lines.push(...data.toString().split('\r\n'));
      socket.end('HTTP/1.1 200 Connected\r\n\r\nthrough');
    });
  }).listen(0, '127.0.0.1');
  await once(proxy, 'listening');
  onTestFinished(() => void proxy.close());
  const origin = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
  const issuer = new TokenIssuer();
  const signed = testAgent().compose(undiciAuth(new TestAuth(issuer), { origins: [origin] }));

  const { statusCode, socket } = await signed.connect({ origin, path: 'far.example:443' });

  expect(statusCode).toBe(200);
  expect(await text(socket)).toBe('through');
  expect(lines).toContain('CONNECT far.example:443 HTTP/1.1');
  expect(lines).toContain(`authorization: Bearer ${issuer.latest}`);
});

it('sends a fresh body from a bodyFactory that opens it asynchronously', async () => {
  const { api, issuer, agent } = await setUp();
  const upload: WithBodyFactory<Parameters<typeof agent.request>[0]> = {
    origin: api.origin,
    path: '/upload',
    method: 'PUT',
    bodyFactory: async () => Readable.from(['one ', 'two']),
  };

  const { statusCode } = await agent.request(upload);

  expect(statusCode).toBe(200);
  expect(api.hits.map((hit) => hit.body.toString())).toEqual(['one two', 'one two']);
  expectOneRenewal(api, issuer);
});

it('leaves interim responses to the caller and judges the final one', async () => {
  const { api, issuer, agent } = await setUp();
  const hints = guarded(echo(), ({ response, ...rest }) => {
    response.writeEarlyHints({ link: '</style.css>; rel=preload' });
    return refuse()({ response, ...rest });
  });
  api.on('/mine', sequence(hints, guarded()));
  const infos: number[] = [];

  const { statusCode } = await agent.request({
    origin: api.origin,
    ...get,
    onInfo: ({ statusCode }) => void infos.push(statusCode),
  });

  expect(statusCode).toBe(200);
  expect(infos).toEqual([103]);
  expectOneRenewal(api, issuer);
});
