/** The programs of docs/forward.md, served as their frameworks serve them. */

import { AsyncLocalStorage } from 'node:async_hooks';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { Express } from 'express';
import type { FastifyInstance } from 'fastify';
import type { Hono } from 'hono';
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { guarded, type ProtectedApi, startProtectedApi } from '../helpers/protected-api.ts';
import { findSnippets, root, SnippetProject } from '../helpers/snippets.ts';

type Handler = (request: Request) => Response | Promise<Response>;

const snippets = findSnippets('forward.md', await readFile(join(root, 'docs/forward.md'), 'utf8'));
/** What Next's own storage does for `headers()`. */
const handled = new AsyncLocalStorage<Request>();
let project: SnippetProject;
let api: ProtectedApi;

vi.mock('next/headers', () => ({ headers: async () => handled.getStore()?.headers }));

beforeAll(async () => {
  api = await startProtectedApi();
  project = await SnippetProject.create('docs', snippets, ({ code }) =>
    code.replaceAll('https://api.example.com', api.origin),
  );
});

beforeEach(() => {
  api.reset();
  api.accept('token-of-ada', 'token-of-grace');
  const whose = guarded(({ hit, response }) => {
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify({ of: hit.headers.authorization?.replace('Bearer token-of-', '') }));
  });
  api.on('/reports', whose);
});

afterAll(() => Promise.all([project.remove(), api.close()]));

/** Where each program answers. */
const serving = {
  'express.ts': ({ app }: { app: Express }) => listening(app),
  'fastify.ts': async ({ fastify }: { fastify: FastifyInstance }) => {
    onTestFinished(() => fastify.close());
    return fastify.listen({ port: 0, host: '127.0.0.1' });
  },
  'hono.ts': ({ app }: { app: Hono }) => listening(fromWeb((request) => app.fetch(request))),
  'route.ts': ({ GET }: { GET: Handler }) => listening(fromWeb((request) => handled.run(request, () => GET(request)))),
};

describe.each(Object.entries(serving))('%s', (name, serve) => {
  it('answers each caller with their own token, and a caller without one with a 401', async () => {
    const origin = await serve((await project.run({ file: `forward/${name}` })) as never);
    const get = (headers: Record<string, string>) => fetch(`${origin}/reports`, { headers });

    const answers = await Promise.all(
      ['ada', 'grace'].map((user) => get({ authorization: `Bearer token-of-${user}` }).then((one) => one.json())),
    );
    const { status, headers } = await get({});

    expect(answers).toEqual([{ of: 'ada' }, { of: 'grace' }]);
    expect([status, headers.get('www-authenticate')]).toEqual([401, 'Bearer realm="api"']);
    expect(api.hits.length).toBe(2);
  });
});

it('serves every program of the page', () => {
  expect(snippets.map(({ file }) => file)).toEqual(Object.keys(serving).map((name) => `forward/${name}`));
});

async function listening(listener: RequestListener): Promise<string> {
  const server = createServer(listener).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** What a server does around a function from Request to Response, for requests without a body. */
function fromWeb(handle: Handler): RequestListener {
  return async ({ url, headers }, response) => {
    const answer = await handle(new Request(`http://127.0.0.1${url}`, { headers: headers as Record<string, string> }));
    response.writeHead(answer.status, Object.fromEntries(answer.headers)).end(await answer.text());
  };
}
