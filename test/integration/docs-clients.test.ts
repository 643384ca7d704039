/**
 * The snippets about generated clients and connections, with the real clients against a server that speaks what they
 * speak. Each starts with a token that the server refuses, so that the client gets an answer only if authwire renews and
 * retries.
 */

import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { format } from 'node:util';
import type { AnyRouter } from '@trpc/server';
import { fetchRequestHandler } from '@trpc/server/adapters/fetch';
import { buildSchema, graphql } from 'graphql';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { WebSocketServer } from 'ws';
import {
  guarded,
  type Hit,
  type ProtectedApi,
  type Responder,
  refuse,
  startProtectedApi,
} from '../helpers/protected-api.ts';
import { findSnippets, root, SnippetProject } from '../helpers/snippets.ts';

const REPORTS = ['May', 'June'];

const pages = ['generated-clients.md', 'streaming.md'];
const texts = pages.map(async (page) => findSnippets(page, await readFile(join(root, 'docs', page), 'utf8')));
const snippets = (await Promise.all(texts)).flat();
let project: SnippetProject;
let api: ProtectedApi;
let sockets: { readonly origin: string; close(): void };
let router: AnyRouter;
let printed: string[];
let issued = 0;
let refusals: number;

beforeAll(async () => {
  api = await startProtectedApi();
  sockets = await startSocketServer();
  project = await SnippetProject.create('docs', snippets, ({ code }) =>
    code
      .replaceAll(/https:\/\/(?:api|login)\.example\.com/g, api.origin)
      .replaceAll('wss://api.example.com', sockets.origin),
  );
  ({ appRouter: router } = (await project.run({ file: 'generated-clients/server.ts' })) as { appRouter: AnyRouter });
});

beforeEach(() => {
  api.reset();
  refusals = 0;
  api.on('/token', ({ response }) => {
    issued += 1;
    // Whatever token a snippet has before a server has refused one, that server is going to refuse.
    if (refusals > 0) api.accept(`token-${issued}`);
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify({ access_token: `token-${issued}`, token_type: 'Bearer', expires_in: 3600 }));
  });
  api.on(
    '/reports',
    answering(async () => REPORTS),
  );
  api.on(
    '/graphql',
    answering(({ body }) => graphqlAnswer(JSON.parse(text(body)))),
  );
  api.on('/trpc/reports', answering(trpcAnswer));
  api.on(
    '/mcp',
    answering(async ({ body }) => mcpAnswer(JSON.parse(text(body) || '{}'))),
  );
  api.on('/events', guarded(events, refusal));
  printed = [];
  vi.spyOn(console, 'log').mockImplementation((...values) => void printed.push(format(...values)));
});

afterAll(async () => {
  vi.restoreAllMocks();
  sockets.close();
  await Promise.all([project.remove(), api.close()]);
});

describe('the snippets about generated clients and connections', () => {
  it.each(snippets.filter(({ kind }) => kind === 'runnable'))('run: $page line $line', async (snippet) => {
    await project.run(snippet);

    expect(refusals).toBe(1);
    expect(api.failures).toEqual([]);
    expect(printed).toEqual([...snippet.code.matchAll(/^ *console\.log\(.*\); \/\/ (.*)$/gm)].map(([, line]) => line));
  });
});

const refusal: Responder = (exchange) => {
  refusals += 1;
  return refuse()(exchange);
};

/** One event of an open connection. */
const events: Responder = ({ response }) => {
  response.setHeader('content-type', 'text/event-stream');
  response.write('data: May\n\n');
};

/** Answers those who open a WebSocket with a good token. */
async function startSocketServer() {
  const server = createServer();
  const webSockets = new WebSocketServer({ noServer: true });
  server.on('upgrade', (request, socket, head) => {
    if (api.current.has(request.headers.authorization?.replace('Bearer ', '') ?? '')) {
      webSockets.handleUpgrade(request, socket, head, (client) => client.on('message', () => client.send('May')));
      return;
    }
    refusals += 1;
    socket.end('HTTP/1.1 401 Unauthorized\r\ncontent-length: 0\r\n\r\n');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const close = () => void server.close();
  return { origin: `ws://127.0.0.1:${(server.address() as AddressInfo).port}`, close };
}

/** JSON for those who bring a good token; 202 where there is nothing to say. */
function answering(answer: (hit: Hit) => Promise<unknown>) {
  return guarded(async ({ hit, response }) => {
    const value = await answer(hit);
    if (value === undefined) return void response.writeHead(202).end();
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify(value));
  }, refusal);
}

function text(body: Uint8Array): string {
  return new TextDecoder().decode(body);
}

function graphqlAnswer({ query }: { query: string }) {
  return graphql({
    schema: buildSchema('type Query { reports: [String!]! }'),
    source: query,
    rootValue: { reports: REPORTS },
  });
}

async function trpcAnswer({ origin, path, query }: Hit): Promise<unknown> {
  const req = new Request(`${origin}${path}?${new URLSearchParams(query)}`);
  return (await fetchRequestHandler({ endpoint: '/trpc', req, router })).json();
}

/** The answers of a Model Context Protocol server with one tool; `undefined` for notifications. */
function mcpAnswer({ id, method, params }: { id?: number; method?: string; params?: { protocolVersion?: string } }) {
  if (id === undefined) return undefined;
  const results: Record<string, object> = {
    initialize: {
      protocolVersion: params?.protocolVersion,
      capabilities: { tools: {} },
      serverInfo: { name: 'test', version: '1.0.0' },
    },
    'tools/list': { tools: [{ name: 'reports', inputSchema: { type: 'object' } }] },
  };
  return { jsonrpc: '2.0', id, result: results[method ?? ''] ?? {} };
}
