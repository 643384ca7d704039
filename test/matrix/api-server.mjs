import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { text } from 'node:stream/consumers';

/** The API and the token endpoint of the contract's cases, and a foreign server. Every case has a world of its own here. */
export async function startApiServers() {
  const worlds = new Map();
  const listen = async () => {
    const server = createServer((request, response) => {
      answer(worlds, request, response).catch((error) => response.destroy(error));
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    return server;
  };
  const servers = await Promise.all([listen(), listen()]);
  const [home = '', foreign = ''] = servers.map((server) => {
    const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
    return `http://127.0.0.1:${port}`;
  });
  return {
    home,
    foreign,
    close() {
      for (const server of servers) {
        server.close();
        server.closeAllConnections();
      }
    },
  };
}

class ServerWorld {
  accepted = new Set();
  stats = { tokens: 0, refusals: 0, challenges: 0 };
  held = new Set(['/late']);
  /** @type {{ path: string, resume: () => void }[]} */
  waiting = [];
  /** @type {Map<string, () => void>} */
  watchers = new Map();
  seen = new Set();
}

/**
 * @param {Map<string, ServerWorld>} worlds
 * @param {import('node:http').IncomingMessage} request
 * @param {import('node:http').ServerResponse} response
 */
async function answer(worlds, request, response) {
  const { pathname, searchParams } = new URL(request.url ?? '/', 'http://localhost');
  const [, name = '', ...rest] = pathname.split('/');
  const path = `/${rest.join('/')}`;
  const world = worlds.get(name) ?? new ServerWorld();
  worlds.set(name, world);
  if (rest[0] === 'control') {
    json(response, 200, await control(world, rest[1], searchParams));
    return;
  }
  const { authorization = '' } = request.headers;
  const wasAccepted = world.accepted.has(authorization);
  const body = await text(request);
  world.seen.add(path);
  world.watchers.get(path)?.();
  if (world.held.has(path) && !wasAccepted) {
    await new Promise((resume) => world.waiting.push({ path, resume: () => resume(undefined) }));
  }
  const handler = handlers[path];
  if (handler === undefined) json(response, 404, {});
  else handler({ world, request, response, body, searchParams, authorization, wasAccepted });
}

/**
 * @param {ServerWorld} world
 * @param {string | undefined} action
 * @param {URLSearchParams} parameters
 */
async function control(world, action, parameters) {
  const path = parameters.get('path') ?? '';
  if (action === 'hold') world.held.add(path);
  if (action === 'accept') world.accepted.add(`Bearer ${parameters.get('token')}`);
  if (action === 'forget' || action === 'release') world.held.clear();
  if (action === 'forget') world.waiting = [];
  if (action === 'release') for (const { resume } of world.waiting.splice(0)) resume();
  if (action === 'arrived' && !world.seen.has(path)) {
    await new Promise((resolve) => world.watchers.set(path, () => resolve(undefined)));
  }
  return world.stats;
}

const PASSWORD = 'open sesame';
const NONCE = 'f84f1cec41e6cbe5aea9c8e88d359';

/** @type {Record<string, (exchange: any) => void>} */
const handlers = {
  '/basic': ({ response, authorization }) =>
    json(response, authorization === `Basic ${btoa(`ada:${PASSWORD}`)}` ? 200 : 401, {}),
  '/api': ({ world, response, authorization, body }) =>
    json(response, world.accepted.has(authorization) ? 200 : 401, { size: body.length }),
  // Judged when it came, answered when it is released.
  '/late': ({ response, wasAccepted }) => json(response, wasAccepted ? 200 : 401, {}),
  '/headers': ({ request, response }) => json(response, 200, request.headers),
  '/redirect': ({ response, searchParams }) => {
    response.setHeader('location', searchParams.get('to'));
    json(response, 302, {});
  },
  '/token': ({ world, response }) => {
    world.stats.tokens += 1;
    const token = `token-${world.stats.tokens}`;
    world.accepted = new Set([`Bearer ${token}`]);
    json(response, 200, { access_token: token, token_type: 'Bearer', expires_in: 3600 });
  },
  '/refused': ({ world, response }) => {
    world.stats.refusals += 1;
    json(response, 401, { error: 'invalid_client' });
  },
  '/digest': ({ world, request, response, authorization }) => {
    if (isDigest(authorization, request)) {
      json(response, 200, {});
      return;
    }
    world.stats.challenges += 1;
    response.setHeader('www-authenticate', `Digest realm="reports", nonce="${NONCE}", qop="auth", algorithm=SHA-256`);
    json(response, 401, {});
  },
};

/**
 * @param {string} authorization
 * @param {import('node:http').IncomingMessage} request
 */
function isDigest(authorization, { method, url }) {
  const field = (/** @type {string} */ name) => new RegExp(`\\b${name}="?([^",]*)`).exec(authorization)?.[1] ?? '';
  const hash = (/** @type {string} */ value) => createHash('sha256').update(value).digest('hex');
  const proof = [
    hash(`ada:reports:${PASSWORD}`),
    NONCE,
    field('nc'),
    field('cnonce'),
    'auth',
    hash(`${method}:${url}`),
  ];
  return field('response') === hash(proof.join(':'));
}

/**
 * @param {import('node:http').ServerResponse} response
 * @param {number} status
 * @param {unknown} content
 */
function json(response, status, content) {
  response.statusCode = status;
  response.setHeader('content-type', 'application/json');
  response.end(JSON.stringify(content));
}
