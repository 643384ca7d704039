/**
 * A forward proxy that does what proxies do (CONNECT, and http:// in absolute form), asks for what a test wants, and keeps
 * every byte that it was sent. It finds every host on the loopback: a name that no DNS knows is reached through it only.
 */

import { once } from 'node:events';
import { createServer, type IncomingMessage, request, type Server, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { type Duplex, pipeline } from 'node:stream';
import type { Certificate } from './certificates.ts';
import { anybody, type ProxyHit, type ProxyRule } from './proxy-rules.ts';

export interface RecordingProxyOptions {
  readonly rule?: ProxyRule;
  /** Makes it an https:// proxy. */
  readonly tls?: Certificate;
  /** In the place of a tunnel. */
  readonly onConnect?: (socket: Duplex, hit: ProxyHit) => void;
  readonly host?: string;
}

export async function startRecordingProxy(options: RecordingProxyOptions = {}): Promise<RecordingProxy> {
  const server = options.tls === undefined ? createServer() : createTlsServer(options.tls);
  server.listen(0, options.host ?? '127.0.0.1');
  await once(server, 'listening');
  return new RecordingProxy(server, options);
}

export class RecordingProxy {
  rule: ProxyRule;
  /** Every request, those that were refused as well. */
  readonly hits: ProxyHit[] = [];
  /** How many connections were opened to it. */
  connections = 0;
  readonly port: number;
  readonly name: string;
  readonly #server: Server;
  readonly #chunks: Buffer[] = [];
  readonly #sockets = new Set<Duplex>();
  readonly #onConnect: RecordingProxyOptions['onConnect'];
  readonly #isSecure: boolean;

  constructor(server: Server, { rule = anybody, onConnect, tls, host = '127.0.0.1' }: RecordingProxyOptions) {
    this.rule = rule;
    this.#server = server;
    this.#onConnect = onConnect;
    this.#isSecure = tls !== undefined;
    this.port = (server.address() as AddressInfo).port;
    this.name = host.includes(':') ? `[${host}]:${this.port}` : `${host}:${this.port}`;
    server.on(this.#isSecure ? 'secureConnection' : 'connection', (socket: Socket) => this.#watch(socket));
    server.on('request', (message, response) => this.#forward(message, response));
    server.on('connect', (message, socket, head) => this.#tunnel(message, socket, head));
  }

  /** Without credentials. */
  get url(): string {
    return `${this.#isSecure ? 'https' : 'http'}://${this.name}`;
  }

  /** All that was sent to it, what went into tunnels included. */
  get bytes(): string {
    return Buffer.concat(this.#chunks).toString('latin1');
  }

  /** How many connections are open, those to origins included. */
  get open(): number {
    return this.#sockets.size;
  }

  /** Resolves once nobody is connected any more. */
  async deserted(): Promise<void> {
    await Promise.all([...this.#sockets].map((socket) => once(socket, 'close')));
  }

  forget(): void {
    this.hits.length = 0;
    this.#chunks.length = 0;
    this.connections = 0;
  }

  /** Ends every connection that is open, and goes on. */
  drop(): void {
    for (const socket of this.#sockets) socket.destroy();
  }

  /** Ends every connection, and waits until those at the other end have noticed. */
  async hangUp(): Promise<void> {
    const closed = [...this.#sockets].map((socket) => once(socket, 'close'));
    // What is not read never says that it has ended.
    for (const socket of this.#sockets) socket.unpipe().resume().end();
    await Promise.all(closed);
  }

  async close(): Promise<void> {
    this.drop();
    this.#server.close();
    await once(this.#server, 'close');
  }

  #watch(socket: Duplex): void {
    this.connections += 1;
    this.#keep(socket);
    socket.on('data', (chunk: Buffer) => this.#chunks.push(chunk));
  }

  #keep(socket: Duplex): void {
    this.#sockets.add(socket);
    socket.on('error', () => socket.destroy());
    socket.once('close', () => this.#sockets.delete(socket));
  }

  #note({ method = '', url = '', headers }: IncomingMessage): ProxyHit {
    const hit = { method, uri: url, headers };
    this.hits.push(hit);
    return hit;
  }

  #forward(message: IncomingMessage, response: ServerResponse): void {
    const hit = this.#note(message);
    const challenges = this.rule.check(hit);
    if (challenges !== undefined) {
      message.resume();
      response.writeHead(407, { 'proxy-authenticate': [...challenges] }).end('log in at the proxy');
      return;
    }
    const { port, pathname, search, host } = new URL(hit.uri);
    const { 'proxy-authorization': _, ...headers } = message.headers;
    const target = { host: '127.0.0.1', port, method: hit.method, path: pathname + search, maxHeaderSize: 1_000_000 };
    const onward = request({ ...target, headers: { ...headers, host }, agent: false }, (answer) => {
      const info = this.rule.info?.(hit);
      response.writeHead(answer.statusCode as number, {
        ...answer.headers,
        ...(info && { 'proxy-authentication-info': info }),
      });
      pipeline(answer, response, () => undefined);
    });
    response.once('close', () => onward.destroy());
    onward.on('error', () => {
      if (!response.headersSent) response.writeHead(502).end('no such host');
    });
    message.pipe(onward);
  }

  #tunnel(message: IncomingMessage, socket: Duplex, head: Buffer): void {
    const hit = this.#note(message);
    const challenges = this.rule.check(hit);
    if (challenges !== undefined) {
      const lines = challenges.map((challenge) => `proxy-authenticate: ${challenge}\r\n`).join('');
      socket.end(`HTTP/1.1 407 Proxy Authentication Required\r\n${lines}content-length: 0\r\n\r\n`);
      return;
    }
    if (this.#onConnect !== undefined) {
      this.#onConnect(socket, hit);
      return;
    }
    const info = this.rule.info?.(hit);
    const onward = connect(Number(hit.uri.slice(hit.uri.lastIndexOf(':') + 1)), '127.0.0.1', () => {
      socket.write(`HTTP/1.1 200 OK\r\n${info ? `proxy-authentication-info: ${info}\r\n` : ''}\r\n`);
      if (head.length > 0) onward.write(head);
      onward.pipe(socket).pipe(onward);
    });
    this.#keep(onward);
    onward.once('error', () => socket.end('HTTP/1.1 502 Bad Gateway\r\n\r\n'));
  }
}
