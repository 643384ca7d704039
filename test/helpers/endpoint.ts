import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createServer as createSocketServer, type Socket } from 'node:net';

/** A request as it arrived. */
export interface Received {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  /** The body as a form. */
  readonly form: Record<string, string>;
}

/** What to answer: a JSON value with status 200, or more exactly. */
export type Answer = { status?: number; headers?: Record<string, string>; body?: string; json?: unknown };

/** A real server on the loopback that records what arrives and answers one thing after another. */
export interface Endpoint extends AsyncDisposable {
  readonly url: string;
  readonly received: Received[];
  /** Answers for the next requests, in their order; the last one goes on for ever. */
  answer(...answers: (Answer | ((request: Received) => Answer))[]): void;
}

export async function startEndpoint(...first: Answer[]): Promise<Endpoint> {
  let answers: (Answer | ((request: Received) => Answer))[] = first;
  const received: Received[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = Buffer.concat(chunks).toString();
      const { method = '', url: path = '', headers } = request;
      const arrived = { method, path, headers, body, form: Object.fromEntries(new URLSearchParams(body)) };
      received.push(arrived);
      const answer = (answers.length > 1 ? answers.shift() : answers[0]) ?? {};
      write(response, typeof answer === 'function' ? answer(arrived) : answer);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/token`,
    received,
    answer(...next) {
      answers = next;
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

function write(response: ServerResponse, { status = 200, headers = {}, body, json }: Answer): void {
  const type = json === undefined ? {} : { 'content-type': 'application/json' };
  response.writeHead(status, { ...type, ...headers }).end(body ?? (json === undefined ? '' : JSON.stringify(json)));
}

/** A server that speaks no HTTP library: `talk` gets every raw connection, once a whole request has come in. */
export async function startRawServer(
  talk: (socket: Socket, request: string) => void,
): Promise<AsyncDisposable & { url: string }> {
  const sockets = new Set<Socket>();
  const server = createSocketServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    let request = '';
    const collect = (chunk: Buffer) => {
      request += chunk.toString('latin1');
      if (!isComplete(request)) return;
      socket.off('data', collect);
      talk(socket, request);
    };
    socket.on('data', collect);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/token`,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

function isComplete(request: string): boolean {
  const end = request.indexOf('\r\n\r\n');
  const length = /^content-length: *(\d+)/im.exec(request)?.[1] ?? '0';
  return end >= 0 && request.length >= end + 4 + Number(length);
}
