/**
 * The handlers that docs/forward.md shows, in the frameworks that they are written for: each user gets an answer with the token
 * that they brought, also when the body of their request has been read first, and a caller without a token gets a 401.
 */

import { AsyncLocalStorage } from 'node:async_hooks';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import express, { type ErrorRequestHandler } from 'express';
import createFastify from 'fastify';
import { Hono } from 'hono';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type AuthFetch, fetchAuth } from '../../../src/adapters/fetch.ts';
import { unauthorized } from '../../../src/authenticators/forward/unauthorized.ts';
import { AuthForward, type IncomingLike } from '../../../src/authenticators/forward.ts';
import { type ProtectedApi, startProtectedApi } from '../../helpers/protected-api.ts';

type Serve = (reports: (request: AsyncLocalStorage<IncomingLike>) => AuthFetch, url: string) => Promise<string>;

async function listening(server: Server): Promise<string> {
  server.listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  onTestFinished(() => new Promise((resolve) => server.close(() => resolve())));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** Serves a function from Request to Response, as Hono's and Next's servers do. */
function serving(handle: (request: Request) => Response | Promise<Response>): Promise<string> {
  return listening(
    createServer(async (incoming, outgoing) => {
      const chunks: Uint8Array[] = [];
      for await (const chunk of incoming) chunks.push(chunk as Uint8Array);
      const { method = 'GET', url, headers } = incoming;
      const body = chunks.length === 0 ? {} : { body: Buffer.concat(chunks) };
      const given = { method, headers: headers as Record<string, string>, ...body };
      const answer = await handle(new Request(`http://127.0.0.1${url}`, given));
      outgoing.writeHead(answer.status, Object.fromEntries(answer.headers)).end(await answer.text());
    }),
  );
}

const frameworks: Readonly<Record<string, Serve>> = {
  async Express(reports, url) {
    const served = new AsyncLocalStorage<IncomingLike>();
    const api = reports(served);
    const app = express();
    app.use((request, _response, next) => served.run(request, next));
    app.use(express.json());
    app.all('/', async (_request, response) => {
      response.send(await (await api(url)).text());
    });
    app.get('/broken', () => {
      throw new Error('another error');
    });
    const onError: ErrorRequestHandler = (error, _request, response, next) => {
      const answer = unauthorized(error);
      return answer === undefined ? next(error) : response.status(answer.status).set(answer.headers).end();
    };
    app.use(onError);
    app.set('env', 'test');
    return listening(createServer(app));
  },

  async Fastify(reports, url) {
    const served = new AsyncLocalStorage<IncomingLike>();
    const api = reports(served);
    const fastify = createFastify();
    fastify.addHook('onRequest', (request, _reply, done) => served.run(request.raw, done));
    fastify.setErrorHandler((error, _request, reply) => {
      const answer = unauthorized(error);
      if (answer === undefined) throw error;
      return reply.code(answer.status).headers(answer.headers).send();
    });
    fastify.route({ method: ['GET', 'POST'], url: '/', handler: async () => (await api(url)).text() });
    fastify.get('/broken', async () => {
      throw new Error('another error');
    });
    onTestFinished(() => fastify.close());
    return fastify.listen({ port: 0, host: '127.0.0.1' });
  },

  async Hono(reports, url) {
    const served = new AsyncLocalStorage<IncomingLike>();
    const api = reports(served);
    const app = new Hono();
    app.use((context, next) => served.run(context.req.raw, next));
    app.all('/', async (context) => {
      await context.req.text();
      return context.text(await (await api(url)).text());
    });
    app.get('/broken', () => {
      throw new TypeError('another error');
    });
    app.onError((error, context) => {
      const answer = unauthorized(error);
      return answer === undefined ? context.text('Internal Server Error', 500) : new Response(null, answer);
    });
    return serving((request) => app.fetch(request));
  },

  async 'a route handler of Next'(reports, url) {
    const served = new AsyncLocalStorage<IncomingLike>();
    const api = reports(served);
    const handle = async (request: Request): Promise<Response> => {
      try {
        await request.text();
        if (request.url.endsWith('/broken')) throw new Error('another error');
        return new Response(await (await api(url)).text());
      } catch (error) {
        const answer = unauthorized(error);
        if (answer === undefined) throw error;
        return new Response(null, answer);
      }
    };
    // What Next does around a handler: its `headers()` knows the request, and an error becomes a 500.
    return serving((request) =>
      served.run(request, () => handle(request).catch(() => new Response(null, { status: 500 }))),
    );
  },
};

async function startUpstream(): Promise<ProtectedApi> {
  const api = await startProtectedApi({
    accepts: ({ headers }) => /^Bearer token-of-/.test(headers.authorization ?? ''),
  });
  onTestFinished(() => api.close());
  return api;
}

describe.each(Object.entries(frameworks))('%s', (_name, serve) => {
  async function start() {
    const api = await startUpstream();
    const origins = [api.origin];
    const reports = (served: AsyncLocalStorage<IncomingLike>) =>
      fetchAuth(new AuthForward({ incoming: async () => served.getStore(), origins }));
    return { api, front: await serve(reports, api.url('/')) };
  }

  it('forwards to each caller the answer to the token that they brought', async () => {
    const { api, front } = await start();
    const users = Array.from({ length: 10 }, (_, n) => `Bearer token-of-user-${n}`);
    const statuses = users.map(async (authorization, n) => {
      const headers = { authorization, 'content-type': 'application/json' };
      const init = n % 2 === 0 ? { headers, method: 'POST', body: '{"page":1}' } : { headers: { authorization } };
      const answer = await fetch(front, init);
      await answer.text();
      return answer.status;
    });
    expect(await Promise.all(statuses)).toEqual(users.map(() => 200));
    expect(api.hits.map(({ headers }) => headers.authorization).sort()).toEqual([...users].sort());
  });

  it.each([
    ['no token', {}, 'Bearer realm="api"'],
    [
      'what is no token',
      { authorization: 'Basic YTpi' },
      'Bearer realm="api", error="invalid_token", error_description="The access token is malformed"',
    ],
  ])('answers 401 to a caller who brings %s, and calls nobody', async (_case, headers, challenge) => {
    const { api, front } = await start();
    const answer = await fetch(front, { headers: headers as Record<string, string> });
    expect([answer.status, answer.headers.get('www-authenticate')]).toEqual([401, challenge]);
    expect(api.hits).toEqual([]);
  });

  it('keeps its own answer to any other error', async () => {
    const { front } = await start();
    const answer = await fetch(`${front}/broken`);
    expect([answer.status, answer.headers.get('www-authenticate')]).toEqual([500, null]);
  });
});
