/** An origin, with or without TLS, that keeps every byte of every request, and says what it saw. */

import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createTlsServer, type ServerOptions } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';

export interface OriginHit {
  readonly method: string;
  readonly url: string;
  readonly headers: NodeJS.Dict<string | string[]>;
  readonly body: string;
  /** Whom the client's certificate names. */
  readonly clientName: string | undefined;
  /** Whom the client has asked for in its handshake (SNI). */
  readonly serverName: string | undefined;
}

export type OriginAnswer = (hit: OriginHit, response: ServerResponse) => void;

const echo: OriginAnswer = ({ method, url, body }, response) => {
  response.setHeader('content-type', 'text/plain');
  response.end(`${method} ${url} ${body.length}`);
};

export async function startRecordingOrigin(tls?: ServerOptions, answer: OriginAnswer = echo): Promise<RecordingOrigin> {
  const server = tls === undefined ? createServer() : createTlsServer(tls);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return new RecordingOrigin(server, tls !== undefined, answer);
}

export class RecordingOrigin {
  answer: OriginAnswer;
  readonly hits: OriginHit[] = [];
  connections = 0;
  readonly port: number;
  readonly scheme: 'http' | 'https';
  readonly #server: Server;
  readonly #chunks: Buffer[] = [];

  constructor(server: Server, isSecure: boolean, answer: OriginAnswer) {
    this.#server = server;
    this.answer = answer;
    this.scheme = isSecure ? 'https' : 'http';
    this.port = (server.address() as AddressInfo).port;
    server.on(isSecure ? 'secureConnection' : 'connection', (socket: Socket) => {
      this.connections += 1;
      socket.on('data', (chunk: Buffer) => this.#chunks.push(chunk));
      socket.on('error', () => undefined);
    });
    server.on('tlsClientError', () => undefined);
    server.on('request', (message, response) => void this.#serve(message, response));
  }

  /** @param host - Default: a name that only a proxy finds. */
  url(path = '/', host = 'api.example'): string {
    return `${this.scheme}://${host}:${this.port}${path}`;
  }

  /** All that clients have said, after TLS. */
  get bytes(): string {
    return Buffer.concat(this.#chunks).toString('latin1');
  }

  forget(): void {
    this.hits.length = 0;
    this.#chunks.length = 0;
    this.connections = 0;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }

  async #serve(message: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    try {
      for await (const chunk of message) chunks.push(chunk);
    } catch {
      return;
    }
    const { method = '', url = '', headers, socket } = message;
    const name = (socket as Partial<TLSSocket>).getPeerCertificate?.().subject?.CN;
    const body = Buffer.concat(chunks).toString();
    const serverName = (socket as Partial<TLSSocket>).servername || undefined;
    const hit = { method, url, headers, body, clientName: name === undefined ? undefined : String(name), serverName };
    this.hits.push(hit);
    this.answer(hit, response);
  }
}
