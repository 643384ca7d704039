/** The servers that all failure paths of a file share. */

import { createServer as createHttpServer, type Server } from 'node:http';
import { type AddressInfo, createServer, type Socket, type Server as SocketServer } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import { exportPKCS8, generateKeyPair } from 'jose';
import { afterAll, beforeAll } from 'vitest';
import { fail, hang, type ProtectedApi, redirect, refuse, startProtectedApi } from '../../helpers/protected-api.ts';
import { authorities } from './authorities.ts';

export interface Stage {
  /** An API that takes nobody in: `/401`, `/403`, `/500`, `/hanging`, … */
  readonly api: ProtectedApi;
  /** The origin of the token endpoint. */
  readonly authority: string;
  /** The origin of nothing: connections are refused. */
  readonly closed: string;
  /** Speaks TLS and has no certificate. */
  readonly broken: string;
  /** Answers every connection with what is no HTTP. */
  readonly garbage: string;
  /** A private key as PEM text. */
  readonly pem: string;
}

/** Before all tests of a file; ends with them. */
export function theStage(): Stage {
  const stage = {} as { -readonly [Name in keyof Stage]: Stage[Name] };
  const servers: SocketServer[] = [];
  const open = async (server: SocketServer, protocol = 'http') => {
    servers.push(server);
    return `${protocol}://127.0.0.1:${await listen(server)}`;
  };
  beforeAll(async () => {
    stage.api = await startProtectedApi();
    stage.authority = await open(authorities());
    stage.broken = await open(createTlsServer(), 'https');
    stage.garbage = await open(createServer((socket) => void socket.once('data', () => chatter(socket))));
    stage.closed = await freePort();
    stage.pem = await exportPKCS8((await generateKeyPair('ES256', { extractable: true })).privateKey);
    respond(stage.api, stage.closed);
  });
  afterAll(async () => {
    await stage.api.close();
    await Promise.all(servers.map(end));
  });
  return stage;
}

const ALL_SCHEMES =
  'Digest realm="test", nonce="bm9uY2U", qop="auth", algorithm=SHA-256, Bearer realm="test", Basic realm="test"';

function respond(api: ProtectedApi, closed: string): void {
  api.on('/401', refuse({ bodyBytes: 10 }));
  api.on('/digest', refuse({ challenge: ALL_SCHEMES }));
  api.on('/basic', refuse({ challenge: 'Basic realm="test"' }));
  api.on('/digest/403', (exchange) => {
    const isAsked = exchange.hit.headers.authorization !== undefined;
    return (isAsked ? fail(403) : refuse({ challenge: ALL_SCHEMES }))(exchange);
  });
  api.on('/403', fail(403));
  api.on('/500', fail(500));
  api.on('/hanging', hang());
  api.on('/loop', redirect(302, api.url('/loop')));
  api.on('/away', redirect(307, `${closed}/away`));
  api.on('/breaking', ({ response }) => void response.destroy());
  api.on('/cut', ({ response }) => {
    response.writeHead(200, { 'content-length': 5000 }).write('{');
    setImmediate(() => response.destroy());
  });
}

function chatter(socket: Socket): void {
  socket.on('error', () => undefined);
  socket.end('220 mail.example ESMTP\r\n\r\n');
}

async function listen(server: SocketServer): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

/** A port on which nobody listens any more. */
async function freePort(): Promise<string> {
  const server = createHttpServer();
  const port = await listen(server);
  await end(server);
  return `http://127.0.0.1:${port}`;
}

async function end(server: SocketServer): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  (server as Partial<Server>).closeAllConnections?.();
  await closed;
}
