/**
 * A server that calls another one in the name of its users, with every client. What a caller without a usable token gets
 * is what the handlers of docs/forward.md give.
 */

import { AsyncLocalStorage } from 'node:async_hooks';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { unauthorized } from '../../../src/authenticators/forward/unauthorized.ts';
import { AuthForward, type IncomingLike } from '../../../src/authenticators/forward.ts';
import { ConfigurationError, CredentialError } from '../../../src/errors.ts';
import { type ClientDriver, drivers } from '../../helpers/clients.ts';
import { type ProtectedApi, startProtectedApi } from '../../helpers/protected-api.ts';

const served = new AsyncLocalStorage<IncomingLike>();
const expired = `e30.${btoa('{"exp":1}')}.c2ln`;

type Handle = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

async function listening(handle: Handle): Promise<string> {
  const server = createServer((request, response) => void handle(request, response)).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  onTestFinished(() => new Promise((resolve) => server.close(() => resolve())));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function upstream(): Promise<ProtectedApi> {
  const api = await startProtectedApi({ accepts: ({ headers }) => headers.authorization === 'Bearer token-of-ada-1' });
  onTestFinished(() => api.close());
  return api;
}

/** A server in the manner of Express and Fastify: the error of a handler goes to one place. */
function nodeServer(driver: ClientDriver, api: ProtectedApi): Promise<string> {
  const incoming = async () => served.getStore();
  const send = driver.create(new AuthForward({ incoming, origins: [api.origin] }), { origins: [api.origin] });
  return listening(async (request, response) => {
    try {
      const answer = await served.run(request, () => send({ url: api.url('/') }));
      response.end(await answer.text());
    } catch (error) {
      const answer = unauthorized(error);
      response.writeHead(answer?.status ?? 502, answer?.headers).end();
    }
  });
}

describe.each(drivers)('a server that forwards with $name', (driver) => {
  it('serves a caller who brings a token', async () => {
    const api = await upstream();
    const answer = await fetch(await nodeServer(driver, api), { headers: { authorization: 'Bearer token-of-ada-1' } });
    expect(answer.status).toBe(200);
    expect(api.hits.map(({ headers }) => headers.authorization)).toEqual(['Bearer token-of-ada-1']);
  });

  it.each([
    ['no token', {}, 'Bearer realm="api"'],
    [
      'what is no token',
      { authorization: 'Basic YTpi' },
      'Bearer realm="api", error="invalid_token", error_description="The access token is malformed"',
    ],
    [
      'an expired token',
      { authorization: `Bearer ${expired}` },
      'Bearer realm="api", error="invalid_token", error_description="The access token expired"',
    ],
  ])('answers 401 to a caller who brings %s, and calls nobody', async (_name, headers, challenge) => {
    const api = await upstream();
    const answer = await fetch(await nodeServer(driver, api), { headers: headers as Record<string, string> });
    expect([answer.status, answer.headers.get('www-authenticate')]).toEqual([401, challenge]);
    expect(api.hits).toEqual([]);
  });
});

describe('unauthorized', () => {
  const missing = () => {
    try {
      new AuthForward({ incoming: () => ({ headers: {} }) }).authenticate();
    } catch (error) {
      return error;
    }
    return undefined;
  };

  it('makes a Response, as Hono and Next take it', () => {
    const answer = unauthorized(missing(), { realm: 'the "reports"\r\nx' });
    const response = new Response(null, answer);
    expect(response.status).toBe(401);
    expect(response.headers.get('www-authenticate')).toBe('Bearer realm="the \\"reports\\"x"');
  });

  it('finds the error behind what clients and frameworks wrap around it', () => {
    const wrapped = new Error('outer', { cause: new Error('inner', { cause: missing() }) });
    expect(unauthorized(wrapped)?.status).toBe(401);
  });

  it.each([
    new CredentialError('no request is being served'),
    new ConfigurationError('wrong'),
    new Error('IncomingCredentialError'),
    Object.assign(new Error('x'), { name: 'IncomingCredentialError' }),
    undefined,
    'text',
  ])('leaves other errors alone: %o', (error) => {
    expect(unauthorized(error)).toBeUndefined();
  });

  it('ends where causes go round in circles', () => {
    const error = new Error('round');
    error.cause = error;
    expect(unauthorized(error)).toBeUndefined();
  });
});
